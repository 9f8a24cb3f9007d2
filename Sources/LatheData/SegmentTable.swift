/// A scored text in segments of 1 KiB. Nats are recorded per segment, so that runs with different tokenizers, contexts
/// and batch sizes can be compared in pairs.
///
/// A token belongs to the segment of its first byte. The last segment may be shorter.
public struct SegmentTable: Sendable, Hashable {
    public static let segmentBytes = 1024

    /// Total bytes of text.
    public let bytes: Int
    /// The first token of each segment, followed by the total number of tokens.
    public let firstTokens: [Int]
    /// What spelling out unknown words costs in each segment, in nats; part of the code length.
    public let spellingNats: [Double]
    /// The code length of each segment under the language that generated the text, in nats; nil if unknown.
    public let knownNats: [Double]?

    init(bytes: Int, firstTokens: [Int], spellingNats: [Double], knownNats: [Double]?) {
        self.bytes = bytes
        self.firstTokens = firstTokens
        self.spellingNats = spellingNats
        self.knownNats = knownNats
    }

    public var count: Int { spellingNats.count }
    public var tokenCount: Int { firstTokens[count] }
    public func bytes(of segment: Int) -> Int { min(Self.segmentBytes, bytes - segment * Self.segmentBytes) }
    /// The total code length under the language that generated the text, in nats. No model can do better on average.
    public var knownTotal: Double? { knownNats?.reduce(0, +) }

    public func segment(ofToken token: Int) -> Int {
        precondition(token >= 0 && token < tokenCount, "token \(token) of \(tokenCount)")
        var low = 0, high = count
        while high - low > 1 {
            let middle = (low + high) / 2
            if firstTokens[middle] <= token { low = middle } else { high = middle }
        }
        return low
    }

    /// The first segments that together hold at least `limit` bytes, or all if `limit` is nil. The cut depends on the
    /// text alone.
    public func prefix(bytes limit: Int?) -> SegmentTable {
        guard let limit, limit < bytes else { return self }
        precondition(limit > 0, "no scope of \(limit) bytes")
        let kept = (limit + Self.segmentBytes - 1) / Self.segmentBytes
        return SegmentTable(
            bytes: min(bytes, kept * Self.segmentBytes), firstTokens: Array(firstTokens[...kept]),
            spellingNats: Array(spellingNats[..<kept]), knownNats: knownNats.map { Array($0[..<kept]) })
    }
}

/// Builds the first-token table, shard by shard.
struct SegmentCounter {
    private var tokens = 0
    private(set) var firstTokens: [Int] = []
    private(set) var spellingNats: [Double]

    init(limit: Int) {
        spellingNats = [Double](
            repeating: 0, count: (limit + SegmentTable.segmentBytes - 1) / SegmentTable.segmentBytes)
    }

    /// Adds the next shard, whose first token has number `firstToken`.
    mutating func add(_ record: ShardRecord, firstToken: Int) {
        for (segment, first) in zip(record.segments, record.firstTokens) where segment < spellingNats.count {
            // A token may span segments in which no token begins.
            while firstTokens.count <= segment { firstTokens.append(firstToken + first) }
        }
        for (segment, nats) in zip(record.spelledSegments, record.spellingNats) where segment < spellingNats.count {
            spellingNats[segment] += nats
        }
        tokens += record.scoredTokens
    }

    /// The first token of each segment, followed by the total number of tokens.
    func finished() -> [Int] {
        firstTokens + [Int](repeating: tokens, count: spellingNats.count + 1 - firstTokens.count)
    }
}
