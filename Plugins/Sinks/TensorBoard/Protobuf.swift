/// A message in Protocol Buffers' wire format, field by field.
package struct ProtobufMessage {
    /// What was written so far.
    package private(set) var bytes: [UInt8] = []

    /// An empty message.
    package init() {}

    /// A message with what `fill` writes.
    package init(_ fill: (inout ProtobufMessage) -> Void) { fill(&self) }

    /// A whole number, or a case of an enumeration; negative ones take ten bytes.
    package mutating func integer(_ field: Int, _ value: Int) {
        key(field, 0)
        variable(UInt64(bitPattern: Int64(value)))
    }

    /// Eight bytes.
    package mutating func double(_ field: Int, _ value: Double) {
        key(field, 1)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Four bytes.
    package mutating func float(_ field: Int, _ value: Float) {
        key(field, 5)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Text.
    package mutating func text(_ field: Int, _ value: String) { contents(field, Array(value.utf8)) }

    /// A message within this one.
    package mutating func message(_ field: Int, _ fill: (inout ProtobufMessage) -> Void) {
        contents(field, ProtobufMessage(fill).bytes)
    }

    /// Bytes with their length.
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
