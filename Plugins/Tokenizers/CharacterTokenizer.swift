package import LatheComponents
import LatheSpec

/// One token per character (Unicode scalar) of the training text, in code point order.
package struct CharacterTokenizer: Tokenizer {
    package struct Config: ComponentConfig {
        @Field(
            "Whether characters unseen in training become <unk>, charged by spelling; if not, an error as in nanoGPT."
        )
        package var unknown = true

        package init() {}
    }

    package static let name = "char"
    package static let summary = "The characters (Unicode scalars) of the training text."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package func documentRevision(for layout: DocumentLayout) -> Int { layout == .several ? 2 : 1 }

    /// The characters of a text, followed by `<unk>` unless `unknown` is false, and by the token between documents if
    /// there are several.
    ///
    /// - Throws: ``DataError`` if the text is not UTF-8.
    package func fit(_ text: TrainingText) throws -> any Vocabulary {
        let training = text.bytes
        // One bit for each of Unicode's 0x110000 code points.
        var seen = [UInt64](repeating: 0, count: 0x11_0000 / 64)
        var bytes = [Int](repeating: 0, count: 256)
        var count = 0, position = 0
        while position < training.count {
            guard let (scalar, length) = scalar(at: position, in: training) else { throw notUTF8(position) }
            seen[Int(scalar.value / 64)] |= 1 << UInt64(scalar.value % 64)
            for i in position..<(position + length) { bytes[Int(training[i])] += 1 }
            count += 1
            position += length
        }
        var scalars: [Unicode.Scalar] = []
        for (word, bits) in seen.enumerated() where bits != 0 {
            for bit in 0..<64 where bits >> UInt64(bit) & 1 == 1 {
                if let scalar = Unicode.Scalar(UInt32(word * 64 + bit)) { scalars.append(scalar) }
            }
        }
        return CharacterVocabulary(
            scalars: scalars, spelling: config.unknown ? Spelling(byteCounts: bytes, tokenCount: count) : nil,
            hasEnd: text.separatesDocuments)
    }

    /// - Throws: ``DataError`` if a file is missing or damaged.
    package func restore(_ files: [String: [UInt8]]) throws -> any Vocabulary {
        let file = try VocabularyFile.read(files, type: Self.name)
        let tokens = file.tokens.dropLast((file.unknown == nil ? 0 : 1) + (file.endOfText == nil ? 0 : 1))
        let scalars = tokens.compactMap { $0.unicodeScalars.count == 1 ? $0.unicodeScalars.first : nil }
        guard scalars.count == tokens.count, zip(scalars, scalars.dropFirst()).allSatisfy({ $0 < $1 }),
            file.unknown == nil || file.unknown == scalars.count
        else {
            throw DataError(
                VocabularyFile.name, "is damaged: its tokens are not single characters in the order of code points")
        }
        return CharacterVocabulary(
            scalars: scalars, spelling: file.unknown == nil ? nil : file.spelling, hasEnd: file.endOfText != nil)
    }
}

func notUTF8(_ position: Int) -> DataError {
    DataError(
        "text", byteOffset: position, "is not UTF-8, so it has no characters; use the tokenizer 'byte' for such text")
}

private struct CharacterVocabulary: Vocabulary {
    let scalars: [Unicode.Scalar]
    /// The cost of unknown characters; nil if there is no `<unk>`.
    let spelling: Spelling?
    let hasEnd: Bool
    /// -1 if the character has no token.
    private let asciiIDs: [Int]
    private let ids: [Unicode.Scalar: Int]

    init(scalars: [Unicode.Scalar], spelling: Spelling?, hasEnd: Bool) {
        self.scalars = scalars
        self.hasEnd = hasEnd
        self.spelling = spelling
        var ascii = [Int](repeating: -1, count: 128)
        var others: [Unicode.Scalar: Int] = [:]
        for (id, scalar) in scalars.enumerated() {
            if scalar.isASCII { ascii[Int(scalar.value)] = id } else { others[scalar] = id }
        }
        asciiIDs = ascii
        ids = others
    }

    var size: Int { scalars.count + (spelling == nil ? 0 : 1) + (hasEnd ? 1 : 0) }
    var lossReason: String? { nil }
    var endOfText: Int? { hasEnd ? size - 1 : nil }

    func cut(_ text: UnsafeBufferPointer<UInt8>, before limit: Int) -> Int { scalarBoundary(text, before: limit) }

    func encode(_ text: UnsafeBufferPointer<UInt8>, into encoded: inout EncodedText) throws {
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte < 0x80, asciiIDs[Int(byte)] >= 0 {
                encoded.append(asciiIDs[Int(byte)], bytes: 1)
                position += 1
                continue
            }
            guard let (scalar, length) = scalar(at: position, in: text) else { throw notUTF8(position) }
            if let id = ids[scalar] {
                encoded.append(id, bytes: length)
            } else if let spelling {
                let bytes = UnsafeBufferPointer(rebasing: text[position..<(position + length)])
                encoded.append(scalars.count, bytes: length, spelling: spelling.nats(bytes))
            } else {
                throw DataError(
                    "text", byteOffset: position,
                    "the character '\(scalar.escaped(asASCII: false))' (\(codePoint(scalar))) does not occur in the "
                        + "training split, so the tokenizer 'char' has no token for it; set tokenizer.unknown to true, "
                        + "or use the tokenizer 'byte'"
                )
            }
            position += length
        }
    }

    func decode(_ id: Int, into bytes: inout [UInt8]) {
        precondition(id >= 0 && id < size, "character token \(id) of \(size)")
        if id < scalars.count {
            bytes.append(contentsOf: UTF8.encode(scalars[id]).map { Array($0) } ?? [])
        } else {
            bytes.append(contentsOf: (id == endOfText ? VocabularyFile.endText : VocabularyFile.unknownText).utf8)
        }
    }

    var files: [String: [UInt8]] {
        let others =
            (spelling == nil ? [] : [VocabularyFile.unknownText]) + (hasEnd ? [VocabularyFile.endText] : [])
        let file = VocabularyFile(
            type: CharacterTokenizer.name, tokens: scalars.map { String($0) } + others,
            unknown: spelling == nil ? nil : scalars.count, spelling: spelling, endOfText: endOfText)
        return [VocabularyFile.name: file.bytes()]
    }
}

private func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
