import LatheSystem
import Testing

/// Files that the program gzip made.
@Suite struct GzipTests {
    private let folder: TemporaryFolder
    private let text = Array(String(repeating: "some text, again and again\n", count: 10_000).utf8)
    private let compressed: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(text, to: "text")
        _ = try #require(ChildProcess.output(of: "gzip", ["--keep", folder.file("text")]))
        compressed = try DurableFile.read(folder.file("text.gz"))
    }

    private func decompress(_ bytes: [UInt8], limit: Int = .max) throws -> [UInt8] {
        try folder.write(bytes, to: "file")
        let file = try OpenFile(folder.file("file"))
        #expect(GzipDecoder.recognizes(file) == bytes.starts(with: [0x1f, 0x8b]))
        let decoder = GzipDecoder(file, limit: limit)
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1000)
        while case let count = try buffer.withUnsafeMutableBytes({ try decoder.readSome(into: $0) }), count > 0 {
            result += buffer[..<count]
        }
        return result
    }

    @Test func membersAndPaddingAreRead() throws {
        #expect(try decompress(compressed) == text)
        #expect(try decompress(compressed + compressed + [0, 0]) == text + text)
    }

    @Test func damageIsNamedAtItsOffset() throws {
        func expect(_ bytes: [UInt8], _ offset: Int, _ words: String) {
            #expect { try decompress(bytes) } throws: {
                ($0 as? GzipError)?.offset == offset && "\($0)".contains(words)
            }
        }
        expect(Array(compressed.dropLast()), compressed.count - 1, "ends too soon")
        expect([0x1f, 0x8b], 2, "ends too soon")
        expect(compressed + [0x21], compressed.count, "not gzip")
        var damaged = compressed
        damaged[compressed.count - 8] ^= 1  // in the checksum
        expect(damaged, compressed.count - 4, "incorrect data check")
    }

    @Test func aLimitIsRespected() throws {
        #expect(try decompress(compressed, limit: text.count) == text)
        #expect { try decompress(compressed, limit: text.count - 1) } throws: {
            "\($0)".contains("more than \(text.count - 1) bytes")
        }
    }
}
