/// Compares runs at equal cost: each run's metric at the largest cost that all of them reached.
public struct CostAlignment: Sendable {
    public let axis: CostAxis
    /// From the smallest to the largest cost at which all runs have a value.
    public let range: ClosedRange<Double>
    public let curves: [String: CostCurve]

    /// The runs' cost ranges do not overlap.
    public struct NoCommonCost: Error, Sendable, Equatable, CustomStringConvertible {
        public var description: String
    }

    /// Aligns the completed runs that have a curve; the others get no value.
    ///
    /// - Parameter problems: receives a message for each file that could not be read.
    /// - Throws: ``NoCommonCost``
    public init(
        _ runs: [RunDigest], metric: String, axis: CostAxis, problems: inout [String]
    ) throws(NoCommonCost) {
        var curves: [String: CostCurve] = [:]
        for run in runs where run.status == .completed {
            do {
                let curve = try CostCurve(run, metric: metric, axis: axis)
                if !curve.costs.isEmpty { curves[run.path] = curve }
            } catch { problems.append("\(error)") }
        }
        let measured = curves.sorted { $0.key < $1.key }.map { (path: $0.key, costs: $0.value.costs) }
        guard let latest = measured.max(by: { $0.costs[0] < $1.costs[0] }),
            let shortest = measured.min(by: { $0.costs.last! < $1.costs.last! })
        else {
            throw NoCommonCost(description: "no completed run has \(metric) by \(axis.rawValue) to align on")
        }
        guard latest.costs[0] <= shortest.costs.last! else {
            throw NoCommonCost(
                description: "no cost is common to all runs: \(latest.path) was first measured at "
                    + "\(axis.text(latest.costs[0])), \(shortest.path) last at \(axis.text(shortest.costs.last!))")
        }
        self.axis = axis
        range = latest.costs[0]...shortest.costs.last!
        self.curves = curves
    }

    /// The largest cost that all runs reached.
    public var cost: Double { range.upperBound }

    /// The metric of a run at ``cost``.
    public func value(_ run: RunDigest) -> Double? { curves[run.path]?.value(at: cost) }

    /// The mean over a configuration's runs at a cost within ``range``; nil if any of them has no value there.
    func mean(_ configuration: ComparedConfiguration, at cost: Double) -> Double? {
        let values = configuration.runs.compactMap { curves[$0.path]?.value(at: cost) }
        return values.isEmpty || values.count < configuration.count ? nil : SampleStatistics.mean(values)
    }

    /// Where the configurations' mean curves cross the reference's, up to ``cost``.
    public func crossings(_ comparison: RunComparison) -> [CurveCrossing] {
        comparison.differences.flatMap { crossings($0.first, $0.second, comparison) }
    }

    private func crossings(_ first: Int, _ second: Int, _ comparison: RunComparison) -> [CurveCrossing] {
        let pair = [first, second].map { comparison.configurations[$0] }
        let costs = Set(pair.flatMap(\.runs).flatMap { curves[$0.path]?.costs ?? [] } + [range.lowerBound, cost])
            .filter(range.contains).sorted()
        var crossings: [CurveCrossing] = []
        var last: (cost: Double, difference: Double)?
        for cost in costs {
            guard let own = mean(pair[0], at: cost), let other = mean(pair[1], at: cost) else { continue }
            let difference = own - other
            // Curves that only touch do not cross.
            guard difference != 0 else { continue }
            if let before = last, (before.difference < 0) != (difference < 0) {
                let share = before.difference / (before.difference - difference)
                let place = before.cost + share * (cost - before.cost)
                let value = mean(pair[0], at: place) ?? own
                let isAhead = comparison.metric.prefers(difference, to: 0)
                crossings.append(
                    CurveCrossing(
                        before: isAhead ? second : first, after: isAhead ? first : second, cost: place, value: value))
            }
            last = (cost, difference)
        }
        return crossings
    }
}

/// A crossing of two mean curves. `before` and `after` are the indices of the configurations that lead before and after
/// it.
public struct CurveCrossing: Sendable, Equatable {
    public var before: Int
    public var after: Int
    public var cost: Double
    public var value: Double
}
