public import LatheResults
public import LatheSystem

/// A run's curves for the page: metrics measured at the same steps share a track.
public struct CurveTracks: Sendable {
    public struct Track: Sendable, Equatable {
        /// Ascending.
        public var steps: [Int]
        public var tokens: [Int]
        /// Seconds of work up to each point; nil if the run has no timing.
        public var seconds: [Double]?
        /// By metric, one value per step.
        public var values: [String: [Double]]
    }

    /// In an order that depends only on the metrics' names.
    public let tracks: [Track]

    /// - Parameter room: how many numbers all tracks may have together. Beyond that, long tracks keep the extremes of
    ///   each stretch of their training loss, or of their first metric, so that spikes stay visible.
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

    /// The most points per track so that all fit; short tracks leave their unused share to the others.
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

    /// The format that `Page/data.js` reads.
    public var json: JSONValue {
        .array(
            tracks.map { track in
                // Measured per step on a single batch: noisy, so that the page may smooth it, and it needs fewer bits.
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

    /// Tokens per step if that is constant, as it nearly always is.
    private static func tokens(_ track: Track) -> JSONValue {
        let rates = zip(track.steps, track.tokens).filter { $0.0 != 0 || $0.1 != 0 }
        if let first = rates.first, first.0 > 0, first.1 % first.0 == 0,
            rates.allSatisfy({ $0.0 &* (first.1 / first.0) == $0.1 })
        {
            return .integer(first.1 / first.0)
        }
        return CurveEncoding.integers(track.tokens)
    }

    /// Cumulative seconds of work by step.
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

    /// The indices to keep: all, or the first, the last and the extremes of each stretch.
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

    /// Orders NaN above everything, so that it stays visible.
    private static func isBelow(_ a: Double, _ b: Double) -> Bool { b.isNaN ? !a.isNaN : a < b }
}
