import LatheResults
import LatheSystem

/// A file of named fp32 tensors in the safetensors format: u64 header length, JSON header padded with spaces to 8
/// bytes, then the data, row-major and little-endian, without gaps.
public enum Safetensors {
    public struct Tensor {
        public var name: String
        /// Outermost first.
        public var shape: [Int]
        public var values: UnsafeBufferPointer<Float>

        public init(_ name: String, shape: [Int], values: UnsafeBufferPointer<Float>) {
            self.name = name
            self.shape = shape
            self.values = values
        }
    }

    /// Writes tensors in the order given, without waiting for the disk: the folder must stay hidden until it is
    /// complete and synced.
    public static func write(_ tensors: [Tensor], to path: String) throws {
        var offset = 0
        var members = [JSONValue.Member("__metadata__", .object([.init("format", .string("pt"))]))]
        for tensor in tensors {
            let end = offset + 4 * tensor.values.count
            members.append(
                .init(
                    tensor.name,
                    .object([
                        .init("dtype", .string("F32")), .init("shape", .array(tensor.shape.map { .integer($0) })),
                        .init("data_offsets", .array([.integer(offset), .integer(end)])),
                    ])))
            offset = end
        }
        var header = Array(JSONValue.object(members).text().utf8)
        header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        let file = try OpenFile(path, .replace)
        var length = UInt64(header.count).littleEndian
        try withUnsafeBytes(of: &length) { try file.write($0) }
        try file.write(header)
        for tensor in tensors { try file.write(UnsafeRawBufferPointer(tensor.values)) }
        try file.close()
    }

    /// Reads a file and passes its tensors to `body`; their data is valid until it returns.
    ///
    /// - Throws: ``RecordError`` that says what is wrong with a truncated or malformed file.
    public static func read<Result>(_ path: String, _ body: ([String: Tensor]) throws -> Result) throws -> Result {
        let file = try MappedFile(path)
        guard file.bytes.count >= 8 else {
            throw RecordError(path: path, problem: "\(file.bytes.count) bytes are too few for a safetensors file")
        }
        return try file.withBytes { try body(try tensors(in: UnsafeRawBufferPointer($0), path)) }
    }

    private static func tensors(in bytes: UnsafeRawBufferPointer, _ path: String) throws -> [String: Tensor] {
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(bytes.count - 8) else {
            throw RecordError(
                path: path,
                problem: "the header's length \(length) exceeds the file: it is truncated or not a safetensors file")
        }
        let data = UnsafeRawBufferPointer(rebasing: bytes[(8 + Int(length))...])
        let header: JSONValue
        do { header = try JSONValue(parsing: bytes[8..<(8 + Int(length))]) } catch {
            throw RecordError(path: path, problem: "the header is not JSON: \(error)")
        }
        var result: [String: Tensor] = [:], end = 0
        for member in header.members ?? [] where member.key != "__metadata__" {
            let value = member.value
            guard value["dtype"]?.string == "F32", let shape = value["shape"]?.integers,
                let offsets = value["data_offsets"]?.integers,
                offsets.count == 2, shape.allSatisfy({ $0 >= 0 })
            else {
                throw RecordError(
                    path: path, problem: "tensor '\(member.key)' has no F32 dtype, shape and data_offsets")
            }
            let (count, overflow) = shape.reduce((1, false)) { sum, size in
                let product = sum.0.multipliedReportingOverflow(by: size)
                return (product.partialValue, sum.1 || product.overflow)
            }
            guard !overflow, count <= data.count / 4, offsets[0] >= 0, offsets[0] <= offsets[1],
                offsets[1] <= data.count,
                offsets[1] - offsets[0] == 4 * count
            else {
                throw RecordError(
                    path: path,
                    problem:
                        "tensor '\(member.key)' of shape \(shape) does not fit "
                        + "bytes \(offsets[0]) to \(offsets[1]) of \(data.count)"
                )
            }
            // This program pads the header to 8 bytes; files from elsewhere may have unaligned data.
            let place = UnsafeRawBufferPointer(rebasing: data[offsets[0]..<offsets[1]])
            guard Int(bitPattern: place.baseAddress) % 4 == 0 || count == 0 else {
                throw RecordError(path: path, problem: "tensor '\(member.key)' is not aligned to 4 bytes")
            }
            result[member.key] = Tensor(member.key, shape: shape, values: place.bindMemory(to: Float.self))
            end = max(end, offsets[1])
        }
        guard end == data.count else {
            throw RecordError(
                path: path, problem: "\(data.count - end) bytes follow the last tensor: the file is damaged")
        }
        return result
    }

}

extension JSONValue {
    fileprivate var integers: [Int]? {
        guard case .array(let items) = self else { return nil }
        let numbers = items.compactMap(\.integer)
        return numbers.count == items.count ? numbers : nil
    }
}
