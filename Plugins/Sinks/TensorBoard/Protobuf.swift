/// Encodes a message in the Protocol Buffers wire format.
package struct ProtobufMessage {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package init(_ fill: (inout ProtobufMessage) -> Void) { fill(&self) }

    /// A varint: an integer or enumeration case. Negative values take ten bytes.
    package mutating func integer(_ field: Int, _ value: Int) {
        key(field, 0)
        variable(UInt64(bitPattern: Int64(value)))
    }

    package mutating func double(_ field: Int, _ value: Double) {
        key(field, 1)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func float(_ field: Int, _ value: Float) {
        key(field, 5)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func text(_ field: Int, _ value: String) { contents(field, Array(value.utf8)) }

    package mutating func message(_ field: Int, _ fill: (inout ProtobufMessage) -> Void) {
        contents(field, ProtobufMessage(fill).bytes)
    }

    /// A length-delimited field.
    package mutating func contents(_ field: Int, _ value: [UInt8]) {
        key(field, 2)
        variable(UInt64(value.count))
        bytes += value
    }

    private mutating func key(_ field: Int, _ type: UInt64) { variable(UInt64(field) << 3 | type) }

    private mutating func variable(_ value: UInt64) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
