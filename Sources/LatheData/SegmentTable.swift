/// A scored text in segments of 1 KiB: the units in which nats are kept, so that runs with other tokenizers, contexts and batch sizes can be
/// compared in pairs.
///
/// A token belongs to the segment of its first byte. The last segment may be shorter.
public struct SegmentTable: Sendable, Hashable {
    /// The bytes of a segment.
    public static let segmentBytes = 1024

    /// The bytes of text in all.
    public let bytes: Int
    /// The first token of each segment, and the number of tokens in all behind them.
    public let firstTokens: [Int]
    /// What the spelling of unknown words costs in each segment, in nats; part of the code length.
    public let spellingNats: [Double]
    /// The code length of each segment under the language that made the text, in nats; nil where none is known.
    public let knownNats: [Double]?

    init(bytes: Int, firstTokens: [Int], spellingNats: [Double], knownNats: [Double]?) {
        self.bytes = bytes
        self.firstTokens = firstTokens
        self.spellingNats = spellingNats
        self.knownNats = knownNats
    }

    /// The number of segments.
    public var count: Int { spellingNats.count }
    /// The number of tokens in all segments.
    public var tokenCount: Int { firstTokens[count] }
    /// The bytes of a segment.
    public func bytes(of segment: Int) -> Int { min(Self.segmentBytes, bytes - segment * Self.segmentBytes) }
    /// The code length of all segments under the language that made the text, in nats: no model can do better in the mean.
    public var knownTotal: Double? { knownNats?.reduce(0, +) }

    /// The segment of a token.
    public func segment(ofToken token: Int) -> Int {
        precondition(token >= 0 && token < tokenCount, "token \(token) of \(tokenCount)")
        var low = 0, high = count
        while high - low > 1 {
            let middle = (low + high) / 2
            if firstTokens[middle] <= token { low = middle } else { high = middle }
        }
        return low
    }

    /// The first segments, as many as hold at least `limit` bytes: a part of the text that the text alone decides. All where `limit` is nil.
    public func prefix(bytes limit: Int?) -> SegmentTable {
        guard let limit, limit < bytes else { return self }
        precondition(limit > 0, "no scope of \(limit) bytes")
        let kept = (limit + Self.segmentBytes - 1) / Self.segmentBytes
        return SegmentTable(
            bytes: min(bytes, kept * Self.segmentBytes), firstTokens: Array(firstTokens[...kept]),
            spellingNats: Array(spellingNats[..<kept]), knownNats: knownNats.map { Array($0[..<kept]) })
    }
}

/// Puts a segment table together, shard by shard.
struct SegmentCounter {
    private var tokens = 0
    private(set) var firstTokens: [Int] = []
    private(set) var spellingNats: [Double]

    /// For the first `limit` bytes of a text.
    init(limit: Int) {
        spellingNats = [Double](
            repeating: 0, count: (limit + SegmentTable.segmentBytes - 1) / SegmentTable.segmentBytes)
    }

    /// Adds the next shard, whose tokens are numbered from `firstToken`.
    mutating func add(_ record: ShardRecord, firstToken: Int) {
        for (segment, first) in zip(record.segments, record.firstTokens) where segment < spellingNats.count {
            // A token may reach over segments in which none begins.
            while firstTokens.count <= segment { firstTokens.append(firstToken + first) }
        }
        for (segment, nats) in zip(record.spelledSegments, record.spellingNats) where segment < spellingNats.count {
            spellingNats[segment] += nats
        }
        tokens += record.scoredTokens
    }

    /// The first tokens of all segments, and the number of tokens.
    func finished() -> [Int] {
        firstTokens + [Int](repeating: tokens, count: spellingNats.count + 1 - firstTokens.count)
    }
}
