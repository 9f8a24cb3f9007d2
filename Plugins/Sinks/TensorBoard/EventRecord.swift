/// TensorFlow's TFRecord framing: length, its checksum, payload, its checksum, all little-endian.
package enum EventRecord {
    package static func framed(_ payload: [UInt8]) -> [UInt8] {
        let length = littleEndian(UInt64(payload.count))
        return length + littleEndian(Checksum.masked(length)) + payload + littleEndian(Checksum.masked(payload))
    }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4).
package enum Checksum {
    package static func crc32c(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { checksum, byte in
            checksum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: checksum) ^ byte)]
        }
    }

    /// TFRecord's masked checksum: rotated right by 15, plus 0xa282ead8. A CRC of data that contains its own CRC would
    /// be weak.
    package static func masked(_ bytes: [UInt8]) -> UInt32 {
        let checksum = crc32c(bytes)
        return (checksum >> 15 | checksum << 17) &+ 0xa282_ead8
    }

    /// By byte, for the bit-reversed polynomial 0x1EDC6F41.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    }
}
