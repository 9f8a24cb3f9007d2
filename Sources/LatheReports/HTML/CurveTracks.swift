public import LatheResults

/// The curves of a run as a page holds them: metrics that were measured at the same steps share a track.
public struct CurveTracks: Sendable {
    /// Metrics at the same steps.
    public struct Track: Sendable, Equatable {
        /// Completed steps at each point, ascending.
        public var steps: [Int]
        /// Training tokens at each point.
        public var tokens: [Int]
        /// Seconds of work at each point; nil where the run has no clock.
        public var seconds: [Double]?
        /// Values by metric, one for each step.
        public var values: [String: [Double]]
    }

    /// The tracks; the order of equal runs is the same.
    public let tracks: [Track]

    /// - Parameter room: numbers that all tracks may take together. Where there are more, long tracks keep the extremes of each stretch of their training loss, or of
    ///   their first metric, so that spikes stay to be seen.
    public init(metrics: [MetricRecord], timing: [TimingRecord], room: Int) {
        var places: [String: [Int]] = [:]
        for (index, record) in metrics.enumerated() {
            for name in record.values.keys { places[name, default: []].append(index) }
        }
        let seconds = Self.clock(timing)
        let groups = Dictionary(grouping: places.keys.sorted()) { name in places[name]!.map { metrics[$0].step } }
        let limit = Self.limit(groups.map { (points: $0.key.count, columns: $0.value.count + 1) }, room: room)
        tracks = groups.map { steps, names -> Track in
            let leading = names.contains(MetricName.trainLoss) ? MetricName.trainLoss : names[0]
            let columns = Dictionary(
                uniqueKeysWithValues: names.map { name in (name, places[name]!.map { metrics[$0].values[name]! }) })
            let kept = Self.kept(columns[leading]!, limit: limit)
            let tokens = places[leading]!.map { metrics[$0].tokens }
            return Track(
                steps: kept.map { steps[$0] }, tokens: kept.map { tokens[$0] },
                seconds: seconds.isEmpty ? nil : Self.seconds(at: kept.map { steps[$0] }, seconds),
                values: columns.mapValues { column in kept.map { column[$0] } })
        }.sorted { $0.values.keys.min()! < $1.values.keys.min()! }
    }

    /// The most points that each track may keep so that all have room; a short one leaves its room to the others.
    private static func limit(_ tracks: [(points: Int, columns: Int)], room: Int) -> Int {
        var rest = room, columns = tracks.reduce(0) { $0 + $1.columns }
        for track in tracks.sorted(by: { $0.points < $1.points }) {
            guard track.points * columns > rest else {
                rest -= track.points * track.columns
                columns -= track.columns
                continue
            }
            return max(8, rest / columns)
        }
        return .max
    }

    /// The tracks for a page: see `Page/data.js`.
    public var json: JSONValue {
        .array(
            tracks.map { track in
                // Measured at each step on the step's batch: noisy, so a page may smooth it, and needs fewer bits of it.
                let isNoisy = track.values[MetricName.trainLoss] != nil, leaving = isNoisy ? 9 : 3
                var members: [JSONValue.Member] = [
                    .init("steps", CurveEncoding.integers(track.steps)), .init("tokens", Self.tokens(track)),
                    .init("left", .integer(leaving)),
                ]
                if isNoisy { members.append(.init("each", .bool(true))) }
                if let seconds = track.seconds {
                    members.append(.init("seconds", .string(CurveEncoding.singles(seconds, leaving: leaving))))
                }
                let values = track.values.sorted { $0.key < $1.key }.map {
                    JSONValue.Member($0.key, .string(CurveEncoding.singles($0.value, leaving: leaving)))
                }
                members.append(.init("values", .object(values)))
                return .object(members)
            })
    }

    /// Tokens a step where that is the same everywhere, as it nearly always is.
    private static func tokens(_ track: Track) -> JSONValue {
        let rates = zip(track.steps, track.tokens).filter { $0.0 != 0 || $0.1 != 0 }
        if let first = rates.first, first.0 > 0, first.1 % first.0 == 0,
            rates.allSatisfy({ $0.0 &* (first.1 / first.0) == $0.1 })
        {
            return .integer(first.1 / first.0)
        }
        return CurveEncoding.integers(track.tokens)
    }

    /// Seconds of work by step, from what each piece of work took.
    private static func clock(_ timing: [TimingRecord]) -> [(step: Int, seconds: Double)] {
        var total = 0.0
        return timing.map { record in
            total += max(0, record.seconds)
            return (record.step, total)
        }
    }

    private static func seconds(at steps: [Int], _ clock: [(step: Int, seconds: Double)]) -> [Double] {
        var place = 0
        return steps.map { step in
            while place < clock.count, clock[place].step <= step { place += 1 }
            return place == 0 ? 0 : clock[place - 1].seconds
        }
    }

    /// The places to keep: all, or the first, the last and the extremes of each stretch.
    private static func kept(_ values: [Double], limit: Int) -> [Int] {
        guard values.count > limit else { return Array(values.indices) }
        let stretches = (limit - 2) / 2
        var kept: Set<Int> = [0, values.count - 1]
        for stretch in 0..<stretches {
            let places = (stretch * values.count / stretches)..<((stretch + 1) * values.count / stretches)
            guard let lowest = places.min(by: { isBelow(values[$0], values[$1]) }),
                let highest = places.max(by: { isBelow(values[$0], values[$1]) })
            else { continue }
            kept.formUnion([lowest, highest])
        }
        return kept.sorted()
    }

    /// NaN is above all else: it is worth seeing.
    private static func isBelow(_ a: Double, _ b: Double) -> Bool { b.isNaN ? !a.isNaN : a < b }
}
