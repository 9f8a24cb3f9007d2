import LatheComponents
import LatheSystem

/// Writes 64-bit numbers, little-endian.
final class NumberWriter {
    private let writer: FileWriter
    private var buffer: [Int64] = []

    init(_ writer: FileWriter) {
        self.writer = writer
        buffer.reserveCapacity(4096)
    }

    func append(_ number: Int) throws(DataError) {
        buffer.append(Int64(number).littleEndian)
        if buffer.count == 4096 { try flush() }
    }

    /// The file with all numbers written to it, not yet closed.
    func finish() throws(DataError) -> FileWriter {
        try flush()
        return writer
    }

    private func flush() throws(DataError) {
        let result = buffer.withUnsafeBytes { bytes in Result { () throws(DataError) in try writer.append(bytes) } }
        buffer.removeAll(keepingCapacity: true)
        try result.get()
    }
}

/// A file of 64-bit numbers, little-endian, mapped.
struct MappedNumbers: RandomAccessCollection, Sendable {
    private let file: MappedFile
    let count: Int

    /// - Throws: ``DamagedEntry`` if the size is not a multiple of 8 bytes.
    init(_ file: MappedFile) throws {
        guard file.bytes.count % 8 == 0 else { throw DamagedEntry() }
        self.file = file
        count = file.bytes.count / 8
    }

    var startIndex: Int { 0 }
    var endIndex: Int { count }

    subscript(index: Int) -> Int {
        precondition(index >= 0 && index < count, "number \(index) of \(count)")
        let raw = UnsafeRawBufferPointer(file.bytes)
        return Int(Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self)))
    }

    var documentEnds: DocumentEnds {
        let base = UnsafeRawPointer(file.bytes.baseAddress ?? UnsafePointer(bitPattern: 8).unsafelyUnwrapped)
        return DocumentEnds(base: base, count: count, owner: file)
    }
}

func littleEndian(_ values: [Int]) -> [UInt8] {
    values.map { Int64($0).littleEndian }.withUnsafeBytes { Array($0) }
}
