package import LatheComponents
import LatheSpec

/// Bytes as tokens: 256 ids, lossless, nothing to fit; one more id where there is more than one document.
package struct ByteTokenizer: Tokenizer {
    package struct Config: ComponentConfig {
        package init() {}
    }

    package static let name = "byte"
    package static let summary = "UTF-8 bytes; 256 ids, and one to stand between documents."

    package init(_ config: Config) {}

    package var isFixed: Bool { true }

    package func documentRevision(for layout: DocumentLayout) -> Int { layout == .several ? 2 : 1 }

    package func fit(_ training: TrainingText) -> any Vocabulary {
        ByteVocabulary(hasEnd: training.separatesDocuments)
    }

    /// - Throws: ``DataError`` if the file is damaged.
    package func restore(_ files: [String: [UInt8]]) throws -> any Vocabulary {
        guard !files.isEmpty else { return ByteVocabulary(hasEnd: false) }
        guard try VocabularyFile.read(files, type: Self.name).endOfText == 256 else {
            throw DataError(VocabularyFile.name, "is damaged: the token that ends a document must have the id 256")
        }
        return ByteVocabulary(hasEnd: true)
    }
}

private struct ByteVocabulary: Vocabulary {
    /// Whether id 256 stands between documents.
    let hasEnd: Bool

    var size: Int { hasEnd ? 257 : 256 }
    var lossReason: String? { nil }
    var endOfText: Int? { hasEnd ? 256 : nil }
    /// Without an end there is nothing to save. Bytes are written in GPT-2's alphabet, since not all are text.
    var files: [String: [UInt8]] {
        guard hasEnd else { return [:] }
        let file = VocabularyFile(
            type: ByteTokenizer.name, tokens: ByteAlphabet.scalars.map { String($0) } + [VocabularyFile.endText],
            endOfText: 256)
        return [VocabularyFile.name: file.bytes()]
    }

    func cut(_ text: UnsafeBufferPointer<UInt8>, before limit: Int) -> Int { min(limit, text.count) }

    func encode(_ text: UnsafeBufferPointer<UInt8>, into encoded: inout EncodedText) {
        for byte in text { encoded.append(Int(byte), bytes: 1) }
    }

    func decode(_ id: Int, into bytes: inout [UInt8]) {
        precondition(id >= 0 && id < size, "byte token \(id)")
        if id < 256 { bytes.append(UInt8(id)) } else { bytes.append(contentsOf: VocabularyFile.endText.utf8) }
    }
}
