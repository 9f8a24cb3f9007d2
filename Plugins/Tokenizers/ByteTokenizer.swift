public import LatheComponents
public import LatheSpec

/// Bytes as they are: 256 ids, nothing to fit, nothing lost.
public struct ByteTokenizer: Tokenizer {
    /// No knobs.
    public struct Config: ComponentConfig {
        /// No knobs.
        public init() {}
    }

    /// What a spec's `type` says.
    public static let name = "byte"
    /// What it is.
    public static let summary = "The bytes of UTF-8, 256 ids."

    /// The tokenizer.
    public init(_ config: Config) {}

    /// It is.
    public var isFixed: Bool { true }

    /// The 256 bytes, whatever the text.
    public func fit(_ training: UnsafeBufferPointer<UInt8>) -> any Vocabulary { ByteVocabulary() }

    /// The 256 bytes; there is nothing in `files`.
    public func restore(_ files: [String: [UInt8]]) -> any Vocabulary { ByteVocabulary() }
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
