package import LatheComponents
import LatheSpec

/// One token for each frequent word, number, punctuation mark and white space of the training text; the rest become
/// `<unk>`, charged for their spelling.
///
/// A word includes the single space before it (` the` and `the` are two tokens), so tokens concatenate to the text.
package struct WordTokenizer: Tokenizer {
    package struct Config: ComponentConfig {
        @Field("Minimum count of a word in the training text to get a token.", in: 1...1_000_000_000) package
            var minimumCount = 2
        @Field("Maximum number of tokens, including <unk>; the most frequent words get them.", in: 2...16_777_216)
        package var maximumVocabulary = 65_536

        package init() {}
    }

    package static let name = "word"
    package static let summary = "Words, numbers and punctuation marks of the training text; rare ones are <unk>."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package func documentRevision(for layout: DocumentLayout) -> Int { layout == .several ? 2 : 1 }

    /// `<unk>` first, then by descending count, ties by bytes; the token between documents last, if there are several.
    package func fit(_ training: TrainingText) -> any Vocabulary {
        var counted = PieceCounts()
        var total = 0
        var bytes = [Int](repeating: 0, count: 256)
        for byte in training.bytes { bytes[Int(byte)] += 1 }
        training.forEachDocument { document in
            var pieces = WordPieces(document)
            while let range = pieces.next() {
                counted.add(UnsafeBufferPointer(rebasing: document[range]))
                total += 1
                if counted.pieces.count > PieceCounts.mostPieces { counted.prune() }
            }
        }
        let (table, counts) = (counted.pieces, counted.counts)
        // Pieces that are not UTF-8 stay unknown, since they could not be saved as text.
        let frequent = counts.indices.filter {
            counts[$0] >= config.minimumCount && String(validating: table[$0], as: UTF8.self) != nil
        }
        .sorted { counts[$0] == counts[$1] ? table[$0].lexicographicallyPrecedes(table[$1]) : counts[$0] > counts[$1] }
        .prefix(config.maximumVocabulary - 1)
        var words = PieceTable()
        for number in frequent { _ = words.insert(Array(table[number])) }
        return WordVocabulary(
            words: words, spelling: Spelling(byteCounts: bytes, tokenCount: total),
            hasEnd: training.separatesDocuments)
    }

    /// - Throws: ``DataError`` if a file is missing or damaged.
    package func restore(_ files: [String: [UInt8]]) throws -> any Vocabulary {
        let file = try VocabularyFile.read(files, type: Self.name)
        guard file.unknown == 0, file.tokens.first == VocabularyFile.unknownText, let spelling = file.spelling else {
            throw DataError(VocabularyFile.name, "is damaged: its first token must be \(VocabularyFile.unknownText)")
        }
        var words = PieceTable()
        for (number, word) in file.tokens.dropFirst().dropLast(file.endOfText == nil ? 0 : 1).enumerated() {
            guard words.insert(Array(word.utf8)) == number else {
                throw DataError(VocabularyFile.name, "is damaged: the token \(word.debugDescription) appears twice")
            }
        }
        return WordVocabulary(words: words, spelling: spelling, hasEnd: file.endOfText != nil)
    }
}

private struct WordVocabulary: Vocabulary {
    /// Word n has id n + 1.
    let words: PieceTable
    let spelling: Spelling
    let hasEnd: Bool

    var size: Int { words.count + (hasEnd ? 2 : 1) }
    var lossReason: String? { nil }
    var endOfText: Int? { hasEnd ? words.count + 1 : nil }

    /// A line end is always a piece of its own, so cutting after one is safe.
    func cut(_ text: UnsafeBufferPointer<UInt8>, before limit: Int) -> Int {
        if limit >= text.count { return text.count }
        var place = limit
        while place > 0, text[place - 1] != 0x0a { place -= 1 }
        return place
    }

    func encode(_ text: UnsafeBufferPointer<UInt8>, into encoded: inout EncodedText) {
        var pieces = WordPieces(text)
        while let range = pieces.next() {
            let piece = UnsafeBufferPointer(rebasing: text[range])
            if let number = words.number(of: piece) {
                encoded.append(number + 1, bytes: range.count)
            } else {
                encoded.append(0, bytes: range.count, spelling: encoded.keepsOrigins ? spelling.nats(piece) : nil)
            }
        }
    }

    func decode(_ id: Int, into bytes: inout [UInt8]) {
        precondition(id >= 0 && id < size, "word token \(id) of \(size)")
        if id == 0 {
            bytes.append(contentsOf: VocabularyFile.unknownText.utf8)
        } else if id == endOfText {
            bytes.append(contentsOf: VocabularyFile.endText.utf8)
        } else {
            bytes.append(contentsOf: words[id - 1])
        }
    }

    var files: [String: [UInt8]] {
        let tokens = (0..<words.count).map { String(decoding: words[$0], as: UTF8.self) }
        let file = VocabularyFile(
            type: WordTokenizer.name,
            tokens: [VocabularyFile.unknownText] + tokens + (hasEnd ? [VocabularyFile.endText] : []), unknown: 0,
            spelling: spelling, endOfText: endOfText)
        return [VocabularyFile.name: file.bytes()]
    }
}
