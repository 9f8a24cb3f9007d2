import LatheComponents
import LatheSpec

/// The token files of a text, its segments, and its tokenizer.
struct TokenizedText: Sendable {
    /// Raised when the same text, split and tokenizer give other files.
    static let revision = 1

    /// What is known of a split; kept beside its tokens.
    struct SplitCard: Codable, Sendable {
        var name: String
        var start: Int
        var end: Int
        var characters: Int
        var tokens: Int
        var scoredBytes: Int
        var firstTokenBytes: Int
    }

    /// What is known of all; kept beside the tokens.
    struct Card: Codable, Sendable {
        var vocabularySize: Int
        var splits: [SplitCard]
        var trainingByteEntropy: Double
        var validationByteEntropy: Double
        var isLanguageKnown: Bool
        var tokenizerSHA256: String
        var vocabularyFiles: [String]
    }

    let card: Card
    let vocabulary: any Vocabulary
    let splits: [PreparedSplit]

    init(_ entry: CacheEntry, request: DataRequest, text: CleanText) throws {
        card = try entry.read("card.json", Card.self)
        var files: [String: [UInt8]] = [:]
        for name in card.vocabularyFiles {
            guard let bytes = readSmallFile(entry.path + "/tokenizer-" + name) else { throw DamagedEntry() }
            files[name] = bytes
        }
        do { vocabulary = try request.tokenizer.make().restore(files) } catch is DataError { throw DamagedEntry() }
        guard vocabulary.size == card.vocabularySize else { throw DamagedEntry() }
        var splits: [PreparedSplit] = []
        for split in card.splits {
            guard split.start >= 0, split.start <= split.end, split.end <= text.file.bytes.count else {
                throw DamagedEntry()
            }
            let tokens: TokenSequence
            do {
                // The ids were looked at when the entry was made; that the file is the same is known by its identity or its hash.
                tokens = try TokenFile.open(
                    entry.path + "/\(split.name).tokens", width: TokenFile.width(vocabularySize: card.vocabularySize),
                    vocabularySize: card.vocabularySize, isChecked: true)
            } catch { throw DamagedEntry() }
            let table = try entry.map("\(split.name).segments").withBytes(integers)
            let count = (split.scoredBytes + SegmentTable.segmentBytes - 1) / SegmentTable.segmentBytes
            guard tokens.count == split.tokens, table.count == (count + 1) + count + (card.isLanguageKnown ? count : 0)
            else {
                throw DamagedEntry()
            }
            func doubles(_ start: Int) -> [Double] {
                table[start..<(start + count)].map { Double(bitPattern: UInt64(bitPattern: Int64($0))) }
            }
            let segments = SegmentTable(
                bytes: split.scoredBytes, firstTokens: Array(table[...count]), spellingNats: doubles(count + 1),
                knownNats: card.isLanguageKnown ? doubles(2 * count + 1) : nil)
            splits.append(
                PreparedSplit(
                    name: split.name, tokens: tokens, byteRange: split.start..<split.end, characters: split.characters,
                    segments: segments, firstTokenBytes: split.firstTokenBytes))
        }
        self.splits = splits
    }

    /// Fits the tokenizer, and writes tokens and segments.
    static func build(
        _ request: DataRequest, text: CleanText, threads: Int, in builder: EntryBuilder, progress: ProgressHandler
    ) throws {
        let bytes = text.file.bytes
        let ends = request.split.ends(of: text.card.characters)
        let bounds = [0, ends.train, ends.validation, ends.test]
        var offsets: [Int] = []
        for bound in bounds { offsets.append(byteOffset(ofCharacter: bound, in: bytes)) }
        let names = ["train", "validation"] + (request.split.test > 0 ? ["test"] : [])
        for (i, name) in names.enumerated() where bounds[i] == bounds[i + 1] {
            throw DataError(
                "data.split",
                "the \(name) split is empty: the text has only \(text.card.characters) characters; use more text, or another split"
            )
        }
        let training = UnsafeBufferPointer(rebasing: bytes[..<offsets[1]])
        try progress(PreparationProgress(.fitting, total: training.count))
        let vocabulary = try request.tokenizer.make().fit(training)

        var counters: [SegmentCounter] = []
        var cards: [SplitCard] = []
        for (i, name) in names.enumerated() {
            let range = offsets[i]..<offsets[i + 1]
            let scored = i == 0 ? min(range.count, offsets[2] - offsets[1]) : range.count
            var encoder = SplitEncoder(
                vocabulary: vocabulary, counter: SegmentCounter(limit: scored), threads: threads)
            let writer = try builder.writer("\(name).tokens")
            try encoder.encode(bytes, range, split: name, to: writer, progress: progress)
            try builder.finish("\(name).tokens", writer)
            counters.append(encoder.counter)
            cards.append(
                SplitCard(
                    name: name, start: range.lowerBound, end: range.upperBound, characters: bounds[i + 1] - bounds[i],
                    tokens: encoder.count, scoredBytes: scored, firstTokenBytes: encoder.firstTokenBytes))
        }
        let known = try knownNats(request, bytes, cards, progress: progress)
        for (i, card) in cards.enumerated() {
            let table =
                littleEndian(counters[i].finished()) + floats(counters[i].spellingNats) + floats(known?[i] ?? [])
            try builder.write("\(card.name).segments", table)
        }
        let unigram = ByteUnigram(training)
        let files = vocabulary.files
        for (name, content) in files { try builder.write("tokenizer-" + name, content) }
        let tokenizerHash = files.sorted { $0.key < $1.key }.map { "\($0.key) \(sha256($0.value))" }
        try builder.write(
            "card.json",
            json: Card(
                vocabularySize: vocabulary.size, splits: cards, trainingByteEntropy: unigram.entropy,
                validationByteEntropy: unigram.crossEntropy(
                    UnsafeBufferPointer(rebasing: bytes[offsets[1]..<offsets[2]])),
                isLanguageKnown: known != nil,
                tokenizerSHA256: sha256("\(request.tokenizer.name)\n\(tokenizerHash.joined(separator: "\n"))".utf8),
                vocabularyFiles: files.keys.sorted()))
    }

    /// The code length of each segment of each split under the language of the source; nil where it has none, or did not write this text.
    private static func knownNats(
        _ request: DataRequest, _ bytes: UnsafeBufferPointer<UInt8>, _ splits: [SplitCard], progress: ProgressHandler
    ) throws -> [[Double]]? {
        guard let language = try request.source.make().knownLanguage else { return nil }
        try progress(PreparationProgress(.measuring, total: bytes.count))
        var boundaries: [Int] = []
        for split in splits {
            boundaries += stride(from: split.start, to: split.start + split.scoredBytes, by: SegmentTable.segmentBytes)
            boundaries.append(split.start + split.scoredBytes)
        }
        guard let lengths = language.codeLengths(of: bytes, between: boundaries) else { return nil }
        var rest = lengths[...]
        return splits.map { split in
            let count = (split.scoredBytes + SegmentTable.segmentBytes - 1) / SegmentTable.segmentBytes
            defer { rest = rest.dropFirst(count + 1) }  // and what lies between two splits
            return Array(rest.prefix(count))
        }
    }

    private static func floats(_ values: [Double]) -> [UInt8] {
        littleEndian(values.map { Int(Int64(bitPattern: $0.bitPattern)) })
    }
}
