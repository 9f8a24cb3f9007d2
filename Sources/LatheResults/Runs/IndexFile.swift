import LatheSystem

/// The file format of the results index.
///
/// Little-endian: magic "LATHEIDX", u32 version, u64 FNV-1a hash of everything after it; u32 count of texts, each u32
/// length and UTF-8; u32 count of entries, which refer to texts by their position in that list, because keys and values
/// of specs repeat from run to run.
enum IndexFile {
    /// To be raised with every change of ``RunDigest`` or the types in it.
    static let version: UInt32 = 2

    private static let magic = Array("LATHEIDX".utf8)
    private static let headerSize = 20

    static func encode(_ entries: [String: ResultsIndex.Entry], results: String) -> [UInt8] {
        var writer = IndexWriter()
        writer.count(entries.count)
        for (path, entry) in entries.sorted(by: { $0.key < $1.key }) {
            writer.text(String(path.dropFirst(results.count)))
            writer.count(entry.stamps.count)
            for stamp in entry.stamps {
                writer.number(stamp.device)
                writer.number(stamp.inode)
                for number in [stamp.size, stamp.modified, stamp.changed] {
                    writer.number(UInt64(bitPattern: Int64(number)))
                }
            }
            writer.run(entry.run)
        }
        let body = writer.bytes
        var header = IndexWriter.Bytes(magic)
        header.append(version)
        header.append(hash(body[...]))
        return header.bytes + body
    }

    /// - Throws: ``IndexDamage``
    static func decode(_ bytes: [UInt8], results: String) throws -> [String: ResultsIndex.Entry] {
        guard bytes.count >= headerSize, bytes.starts(with: magic) else { throw IndexDamage() }
        var header = IndexReader.Bytes(bytes[magic.count..<headerSize])
        guard try header.integer(UInt32.self) == version,
            try header.integer(UInt64.self) == hash(bytes[headerSize...])
        else { throw IndexDamage() }
        var reader = try IndexReader(bytes[headerSize...])
        var entries: [String: ResultsIndex.Entry] = [:]
        let count = try reader.count()
        entries.reserveCapacity(count)
        for _ in 0..<count {
            let path = results + (try reader.text())
            let stamps = try (0..<reader.count()).map { _ in
                var stamp = FileStamp()
                stamp.device = try reader.number()
                stamp.inode = try reader.number()
                stamp.size = Int(truncatingIfNeeded: try reader.number())
                stamp.modified = Int(truncatingIfNeeded: try reader.number())
                stamp.changed = Int(truncatingIfNeeded: try reader.number())
                return stamp
            }
            entries[path] = ResultsIndex.Entry(stamps: stamps, run: try reader.run(path: path))
        }
        return entries
    }

    /// FNV-1a, eight bytes at a time.
    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset + 8 <= buffer.count {
                hash =
                    (hash ^ UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                    &* 0x100_0000_01B3
                hash ^= hash >> 32
                offset += 8
            }
            for byte in buffer[offset...] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        return hash
    }
}

/// A damaged index.
struct IndexDamage: Error {}

/// Writes values in sequence; each distinct text is written once, in a list at the front.
struct IndexWriter {
    struct Bytes {
        var bytes: [UInt8]
        init(_ bytes: [UInt8] = []) { self.bytes = bytes }

        mutating func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
    }

    private var body = Bytes()
    private var texts = Bytes()
    private var places: [String: UInt32] = [:]

    var bytes: [UInt8] {
        var count = Bytes()
        count.append(UInt32(places.count))
        return count.bytes + texts.bytes + body.bytes
    }

    mutating func number(_ value: UInt64) { body.append(value) }
    mutating func count(_ value: Int) { body.append(UInt32(value)) }

    mutating func text(_ text: String) {
        if let place = places[text] { return body.append(place) }
        let place = UInt32(places.count)
        places[text] = place
        texts.append(UInt32(text.utf8.count))
        texts.bytes.append(contentsOf: text.utf8)
        body.append(place)
    }

    mutating func optional<Value>(_ value: Value?, _ write: (inout IndexWriter, Value) -> Void) {
        body.append(UInt8(value == nil ? 0 : 1))
        if let value { write(&self, value) }
    }
}

/// Reads values in the order in which they were written.
struct IndexReader {
    struct Bytes {
        private var rest: ArraySlice<UInt8>
        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
            let size = MemoryLayout<Number>.size
            guard rest.count >= size else { throw IndexDamage() }
            defer { rest = rest.dropFirst(size) }
            return rest.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(as: Number.self)) }
        }

        mutating func text(_ length: Int) throws -> String {
            guard rest.count >= length else { throw IndexDamage() }
            defer { rest = rest.dropFirst(length) }
            return String(decoding: rest.prefix(length), as: UTF8.self)
        }
    }

    private var body: Bytes
    private var texts: [String] = []
    private let size: Int

    init(_ bytes: ArraySlice<UInt8>) throws {
        body = Bytes(bytes)
        size = bytes.count
        let count = Int(try body.integer(UInt32.self))
        for _ in 0..<count { texts.append(try body.text(Int(try body.integer(UInt32.self)))) }
    }

    mutating func number() throws -> UInt64 { try body.integer(UInt64.self) }

    /// A count of items that take at least one byte each.
    mutating func count() throws -> Int {
        let count = Int(try body.integer(UInt32.self))
        guard count <= size else { throw IndexDamage() }
        return count
    }

    mutating func text() throws -> String {
        let place = try count()
        guard place < texts.count else { throw IndexDamage() }
        return texts[place]
    }

    mutating func optional<Value>(_ read: (inout IndexReader) throws -> Value) throws -> Value? {
        try body.integer(UInt8.self) == 0 ? nil : try read(&self)
    }
}
