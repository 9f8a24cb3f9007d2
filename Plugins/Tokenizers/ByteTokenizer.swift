package import LatheComponents
import LatheSpec

/// Bytes as tokens: 256 ids, lossless, nothing to fit.
package struct ByteTokenizer: Tokenizer {
    package struct Config: ComponentConfig {
        package init() {}
    }

    package static let name = "byte"
    package static let summary = "UTF-8 bytes; 256 ids."

    package init(_ config: Config) {}

    package var isFixed: Bool { true }

    package func fit(_ training: UnsafeBufferPointer<UInt8>) -> any Vocabulary { ByteVocabulary() }

    package func restore(_ files: [String: [UInt8]]) -> any Vocabulary { ByteVocabulary() }
}

private struct ByteVocabulary: Vocabulary {
    var size: Int { 256 }
    var lossReason: String? { nil }
    var endOfText: Int? { nil }
    var files: [String: [UInt8]] { [:] }

    func cut(_ text: UnsafeBufferPointer<UInt8>, before limit: Int) -> Int { min(limit, text.count) }

    func encode(_ text: UnsafeBufferPointer<UInt8>, into encoded: inout EncodedText) {
        for byte in text { encoded.append(Int(byte), bytes: 1) }
    }

    func decode(_ id: Int, into bytes: inout [UInt8]) {
        precondition(id >= 0 && id < 256, "byte token \(id)")
        bytes.append(UInt8(id))
    }
}
