#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import LatheResults
public import LatheSystem

/// A compact encoding of curves for the page that browsers decode quickly. `Page/data.js` reads it.
public enum CurveEncoding {
    /// Start, stride and count of each evenly spaced stretch, or if that is longer, differences as written by
    /// ``singles(_:leaving:)``.
    public static func integers(_ values: [Int]) -> JSONValue {
        var stretches: [Int] = []
        var index = 0
        while index < values.count {
            let stride = index + 1 < values.count ? values[index + 1] &- values[index] : 0
            var count = 1
            while index + count < values.count, values[index + count] &- values[index + count - 1] == stride {
                count += 1
            }
            stretches += [values[index], stride, count]
            index += count
        }
        if stretches.count <= max(12, values.count / 2) { return .array(stretches.map { .integer($0) }) }
        return .string(differences(values.map(Int64.init)))
    }

    /// Numbers in reduced single precision. Without their sign, the bits of floats, read as integers, have the same
    /// order as the floats and are close together along a curve, so their differences are short.
    ///
    /// - Parameter leaving: how many of the 23 fraction bits to round away: 9 keeps four significant digits, 3 six.
    public static func singles(_ values: [Double], leaving: Int) -> String {
        differences(values.map { place($0, leaving) })
    }

    /// A number's bits as a signed integer. Numbers too large for single precision are clamped to its largest; all NaNs
    /// become one.
    private static func place(_ value: Double, _ leaving: Int) -> Int64 {
        if value.isNaN { return Int64(Float.nan.bitPattern >> leaving) }
        let infinity = Int64(Float.infinity.bitPattern >> leaving)
        guard value.isFinite else { return value < 0 ? -infinity : infinity }
        let magnitude = Float(min(value.magnitude, Double(Float.greatestFiniteMagnitude)))
        // Do not round up to infinity.
        let place = min(infinity - 1, Int64((magnitude.bitPattern + (1 << (leaving - 1))) >> leaving))
        return value < 0 ? -place : place
    }

    /// Successive differences, the first from 0: zigzag, seven bits per byte, lowest first, in Base64.
    private static func differences(_ values: [Int64]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * 2)
        var previous: Int64 = 0
        for value in values {
            let difference = value &- previous
            previous = value
            var rest = UInt64(bitPattern: (difference << 1) ^ (difference >> 63))
            while rest > 127 {
                bytes.append(UInt8(rest & 127) | 128)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
        return Data(bytes).base64EncodedString()
    }
}
