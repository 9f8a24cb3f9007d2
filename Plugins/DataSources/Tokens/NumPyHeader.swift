import LatheComponents

/// The header of a `.npy` file (NumPy's format 1.0 to 3.0): a magic number, the version, the length of a Python
/// dictionary with the keys `descr`, `fortran_order` and `shape`, and that dictionary.
struct NumPyHeader {
    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    struct Problem: Error { var message: String }

    let width: TokenSequence.Width
    let count: Int
    /// Bytes before the first id.
    let bytes: Int

    init(_ head: [UInt8]) throws(Problem) {
        guard head.starts(with: Self.magic), head.count >= 12 else {
            throw Problem(
                message: "does not begin with NumPy's magic number; set data.source.format to nanogpt or llmc")
        }
        let lengthBytes = head[6] == 1 ? 2 : 4
        let length = (0..<lengthBytes).reduce(0) { $0 | Int(head[8 + $1]) << (8 * $1) }
        bytes = 8 + lengthBytes + length
        guard (1...3).contains(head[6]), bytes <= head.count else {
            throw Problem(message: "has a NumPy header of an unknown version, or one that is damaged")
        }
        let text = String(decoding: head[(8 + lengthBytes)..<bytes], as: UTF8.self)
        switch Self.value("descr", in: text) {
        case "<u2": width = .two
        case "<u4", "<i4": width = .four
        case let other:
            throw Problem(
                message:
                    "is a NumPy array of type \(other.map { "'\($0)'" } ?? "unknown"); ids must be uint16 or uint32: "
                    + "save ids.astype('uint16'), or 'uint32' for more than 65,536 tokens")
        }
        let shape = text.split(separator: "'shape':").last.map { $0.drop { $0 == " " } } ?? ""
        let sizes = shape.dropFirst().prefix { $0 != ")" }.split(separator: ",")
            .map { Int($0.filter { $0 != " " && $0 != "L" }) }
        guard shape.hasPrefix("("), sizes.count == 1, let size = sizes[0], size >= 0, size < 1 << 48 else {
            throw Problem(
                message: "is a NumPy array of \(sizes.count) dimensions; ids must have one: save ids.reshape(-1)")
        }
        count = size
    }

    /// The text under a key.
    private static func value(_ key: String, in text: String) -> String? {
        guard let start = text.firstRange(of: "'\(key)':")?.upperBound else { return nil }
        let rest = text[start...].drop { $0 == " " }
        guard rest.first == "'" else { return nil }
        return String(rest.dropFirst().prefix { $0 != "'" })
    }
}
