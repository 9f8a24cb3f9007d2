import LatheSinks
import Testing

@Suite struct ChecksumTests {
    /// RFC 3720, appendix B.4, and the check value of the CRC catalogue.
    @Test(
        arguments: [
            ([UInt8](repeating: 0, count: 32), 0x8a91_36aa), ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
            (Array(0..<32), 0x46dd_794e), (Array((0..<32).reversed()), 0x113f_db5c),
            (Array("123456789".utf8), 0xe306_9283),
            ([], 0),
        ] as [([UInt8], UInt32)]) func knownChecksums(bytes: [UInt8], expected: UInt32)
    {
        #expect(Checksum.crc32c(bytes) == expected)
    }

    @Test func masked() {
        // 0xe3069283 rotated right by 15 is 0x2507c60d; the sum wraps.
        #expect(Checksum.masked(Array("123456789".utf8)) == 0x2507_c60d &+ 0xa282_ead8)
    }

    /// A record as TensorFlow writes it: three bytes, framed by lengths and checksums.
    @Test func framing() {
        let record = EventRecord.framed([1, 2, 3])
        #expect(record.count == 8 + 4 + 3 + 4)
        #expect(Array(record.prefix(8)) == [3, 0, 0, 0, 0, 0, 0, 0])
        #expect(Array(record[12..<15]) == [1, 2, 3])
        func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        #expect(number(record[8..<12]) == Checksum.masked([3, 0, 0, 0, 0, 0, 0, 0]))
        #expect(number(record[15..<19]) == Checksum.masked([1, 2, 3]))
    }

    @Test func wireFormat() {
        let message = ProtobufMessage { message in
            message.integer(1, 150)
            message.integer(2, -1)
            message.double(3, 1)
            message.float(4, -2)
            message.text(16, "é")
            message.message(5) { _ in }
        }
        #expect(
            message.bytes == [0x08, 0x96, 0x01, 0x10] + [UInt8](repeating: 0xff, count: 9) + [0x01]
                + [0x19, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x25, 0, 0, 0, 0xc0, 0x82, 0x01, 2, 0xc3, 0xa9, 0x2a, 0])
    }
}
