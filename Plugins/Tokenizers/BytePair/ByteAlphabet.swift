/// How GPT-2's files write bytes as characters: the printable ones of Latin-1 stand for themselves, the others for U+0100 and on, in order.
enum ByteAlphabet {
    /// The 256 bytes in the order of their characters, which is that of GPT-2's first 256 ids.
    static let bytes: [UInt8] = {
        let printable = (0...255).filter { (33...126).contains($0) || (161...172).contains($0) || $0 >= 174 }
        return (printable + (0...255).filter { !printable.contains($0) }).map { UInt8($0) }
    }()
    /// The character of each byte.
    static let scalars: [Unicode.Scalar] = {
        var scalars = [Unicode.Scalar](repeating: "!", count: 256)
        for (i, byte) in bytes.enumerated() {
            scalars[Int(byte)] = i < 188 ? Unicode.Scalar(byte) : Unicode.Scalar(UInt32(256 + i - 188)) ?? "!"
        }
        return scalars
    }()
    /// The byte of each character below U+0144, and -1 for those that stand for none.
    private static let byteOfScalar: [Int16] = {
        var table = [Int16](repeating: -1, count: 324)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = Int16(byte) }
        return table
    }()

    /// The bytes that UTF-8 text stands for; nil where it has another character, or is not UTF-8.
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

    /// The characters that stand for bytes.
    static func text(of bytes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(scalars[Int(byte)]) }
        return String(text)
    }
}
