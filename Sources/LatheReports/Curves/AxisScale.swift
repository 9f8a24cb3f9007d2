import LatheResults
import LatheSystem

public enum AxisKind: Sendable, Equatable {
    case linear
    /// Omits values of 0 and below.
    case logarithmic
}

struct AxisScale {
    let kind: AxisKind
    let low: Double
    let high: Double
    let ticks: [Double]
    /// Decimals needed to tell neighbouring ticks apart; -1 for powers of ten.
    private let tickDecimals: Int

    /// An axis that covers all values, with ticks at round numbers.
    ///
    /// - Parameter tight: ends exactly at the extreme values; otherwise a little beyond them.
    /// - Parameter tickCount: the approximate number of ticks.
    /// - Parameter wholeTicks: puts ticks only at whole numbers.
    init(kind: AxisKind, values: [Double], tight: Bool, tickCount: Int, wholeTicks: Bool = false) {
        let tickCount = max(2, tickCount)
        let usable = values.filter { $0.isFinite && (kind == .linear || $0 > 0) }
        var low = usable.min() ?? (kind == .linear ? 0 : 1)
        var high = usable.max() ?? (kind == .linear ? 1 : 10)
        self.kind = kind
        switch kind {
        case .linear:
            if high - low <= abs(high) * 1e-9 {
                let margin = high == 0 ? 1 : abs(high) * 0.05
                low -= tight ? 0 : margin
                high += margin
            } else if !tight {
                // Halve first: the span of the largest doubles would overflow.
                let margin = (high / 2 - low / 2) * 0.08
                low -= margin
                high += margin
            }
            // The margin may have overflowed.
            low = max(low, -.greatestFiniteMagnitude)
            high = min(high, .greatestFiniteMagnitude)
            let rough = Self.roundStep(high / Double(tickCount) - low / Double(tickCount))
            let step = wholeTicks ? max(1, rough) : rough
            ticks = Self.multiples(of: step, from: low, through: high)
            tickDecimals = max(0, Int((-Math.decimalLogarithm(step) - 1e-9).rounded(.up)))
        case .logarithmic:
            low = max(low, .leastNormalMagnitude)
            high = max(high, low)
            if high / low < 1.001 {
                low /= 1.05
                high *= 1.05
            } else if !tight {
                let margin = Math.power(high / low, 0.05)
                low /= margin
                high *= margin
            }
            // The margin may have overflowed.
            low = max(low, .leastNormalMagnitude)
            high = min(high, .greatestFiniteMagnitude)
            let decades = Math.decimalLogarithm(high) - Math.decimalLogarithm(low)
            if decades < 1 {
                // A single decade has too few powers of ten: use round steps on the logarithmic axis.
                let step = Self.roundStep(high / Double(tickCount) - low / Double(tickCount))
                ticks = Self.multiples(of: step, from: low, through: high)
                tickDecimals = max(0, Int((-Math.decimalLogarithm(step) - 1e-9).rounded(.up)))
            } else {
                let factors: [Double] = decades < 2.5 ? [1, 2, 5] : [1]
                let stride = max(1, Int(decades / Double(tickCount)))
                ticks = (Int(Math.decimalLogarithm(low).rounded(.down))...Int(Math.decimalLogarithm(high).rounded(.up)))
                    .filter { $0 % stride == 0 }.flatMap { power in factors.map { $0 * Math.power(10, Double(power)) } }
                    .filter { $0 >= low && $0 <= high }
                tickDecimals = -1
            }
        }
        self.low = low
        self.high = high
    }

    /// From 0 at the low end to 1 at the high end; nil for a value that the axis cannot show.
    func position(_ value: Double) -> Double? {
        guard value.isFinite, kind == .linear || value > 0 else { return nil }
        let position =
            switch kind {
            case .linear: (value / 2 - low / 2) / (high / 2 - low / 2)
            case .logarithmic: Math.logarithm(value / low) / Math.logarithm(high / low)
            }
        return position.isFinite ? position : nil
    }

    /// All labels of an axis have the same number of decimals; large numbers get a suffix.
    func label(_ tick: Double) -> String {
        let largest = ticks.map(abs).max() ?? 0
        if largest >= 10_000 || tickDecimals > 6 { return NumberText.axis(tick) }
        return tickDecimals < 0 ? NumberText.axis(tick) : NumberText.decimals(tick, tickDecimals)
    }

    /// Rounds up to 1, 2 or 5 times a power of ten.
    private static func roundStep(_ rough: Double) -> Double {
        guard rough > 1e-300 else { return 1e-300 }
        let power = Math.power(10, Math.decimalLogarithm(rough).rounded(.down))
        for factor in [1.0, 2, 5] where factor * power >= rough * 0.999 { return factor * power }
        return 10 * power
    }

    private static func multiples(of step: Double, from low: Double, through high: Double) -> [Double] {
        let first = (low / step - 1e-9).rounded(.up)
        let last = (high / step + 1e-9).rounded(.down)
        guard first <= last, last - first < 100, step.isFinite, step > 0 else { return [] }
        return (0...Int(last - first)).map { (first + Double($0)) * step }
    }
}
