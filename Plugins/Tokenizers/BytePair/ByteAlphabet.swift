/// How GPT-2's files write bytes as characters: printable Latin-1 characters stand for themselves, and the other bytes
/// map to U+0100 upwards, in order.
enum ByteAlphabet {
    /// The 256 bytes in the order of their characters, which is also the order of GPT-2's first 256 ids.
    static let bytes: [UInt8] = {
        let printable = (0...255).filter { (33...126).contains($0) || (161...172).contains($0) || $0 >= 174 }
        return (printable + (0...255).filter { !printable.contains($0) }).map { UInt8($0) }
    }()
    /// Indexed by byte.
    static let scalars: [Unicode.Scalar] = {
        var scalars = [Unicode.Scalar](repeating: "!", count: 256)
        for (i, byte) in bytes.enumerated() {
            scalars[Int(byte)] = i < 188 ? Unicode.Scalar(byte) : Unicode.Scalar(UInt32(256 + i - 188)) ?? "!"
        }
        return scalars
    }()
    /// Indexed by scalar, below U+0144; -1 if the scalar stands for no byte.
    private static let byteOfScalar: [Int16] = {
        var table = [Int16](repeating: -1, count: 324)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = Int16(byte) }
        return table
    }()

    /// The bytes that UTF-8 text encodes; nil if it is not UTF-8 or contains a character outside the alphabet.
    static func bytes(of text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            guard let (scalar, length) = scalar(at: position, in: text), scalar.value < 324 else { return nil }
            let byte = byteOfScalar[Int(scalar.value)]
            guard byte >= 0 else { return nil }
            bytes.append(UInt8(byte))
            position += length
        }
        return bytes
    }

    static func text(of bytes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(scalars[Int(byte)]) }
        return String(text)
    }
}
