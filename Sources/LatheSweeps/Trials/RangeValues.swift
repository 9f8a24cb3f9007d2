import LatheSpec
import LatheSystem

extension ParameterRange {
    /// The value at a fraction of the range, from 0 to 1.
    ///
    /// - Parameters:
    ///   - isWhole: whether the knob takes whole numbers.
    ///   - digits: significant digits to keep, since the last ones of sums and powers are inexact and a sampled value
    ///     needs few.
    func value(at fraction: Double, isWhole: Bool, digits: Int) -> Node {
        var value: Double
        switch fraction {
        case 0: value = from
        case 1: value = to
        default:
            switch scale {
            case .linear: value = from + fraction * (to - from)
            case .log:
                value = Math.exponential(Math.logarithm(from) + fraction * (Math.logarithm(to) - Math.logarithm(from)))
            }
            value = Self.rounded(value, digits: digits)
        }
        value = min(max(value, from), to)
        var node = isWhole ? Node.plain(String(Int(value.rounded()))) : value.node
        node.mark = mark
        return node
    }

    /// The values of a range with a count. Whole numbers that coincide are kept once.
    func values(count: Int, isWhole: Bool) -> [Node] {
        var values: [Node] = []
        for index in 0..<count {
            let node = value(at: Double(index) / Double(count - 1), isWhole: isWhole, digits: 10)
            if values.last != node { values.append(node) }
        }
        return values
    }

    private static func rounded(_ value: Double, digits: Int) -> Double {
        guard value != 0 else { return 0 }
        // Multiplying by a negative power of ten is inexact in the last bit; dividing by a positive one is not.
        let places = digits - 1 - Int(Math.decimalLogarithm(abs(value)).rounded(.down))
        return places >= 0
            ? (value * Math.power(10, Double(places))).rounded() / Math.power(10, Double(places))
            : (value / Math.power(10, Double(-places))).rounded() * Math.power(10, Double(-places))
    }
}
