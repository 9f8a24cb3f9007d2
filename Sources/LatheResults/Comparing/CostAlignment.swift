/// Runs at equal cost: the metric of each at the largest cost that all of them reached.
public struct CostAlignment: Sendable {
    /// What the cost is counted in.
    public let axis: CostAxis
    /// The smallest cost at which all runs were measured, and the largest.
    public let range: ClosedRange<Double>
    /// The curve of each run, by its folder.
    public let curves: [String: CostCurve]

    /// No cost at which all runs were measured.
    public struct NoCommonCost: Error, Sendable, Equatable, CustomStringConvertible {
        /// Says which runs do not meet, or that there are none.
        public var description: String
    }

    /// Aligns the runs that are completed and have a curve; the others have no value.
    ///
    /// - Parameter problems: what could not be read, a message each.
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
            throw NoCommonCost(description: "no completed run has \(metric) over \(axis.rawValue) to align by")
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

    /// The mean over the runs of a configuration at a cost within ``range``.
    func mean(_ configuration: ComparedConfiguration, at cost: Double) -> Double? {
        let values = configuration.runs.compactMap { curves[$0.path]?.value(at: cost) }
        return values.isEmpty || values.count < configuration.count ? nil : SampleStatistics.mean(values)
    }

    /// Where the mean curves of configurations cross the reference's, up to ``cost``.
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
            // Where they only touch, they do not cross.
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

/// Two mean curves that cross.
public struct CurveCrossing: Sendable, Equatable {
    /// The configuration that is ahead before.
    public var before: Int
    /// The one that is ahead after.
    public var after: Int
    /// Where they cross.
    public var cost: Double
    /// The metric there.
    public var value: Double
}
