import LatheComponents
import Synchronization

/// How much of the validation text the training text has too.
public struct Leakage: Codable, Sendable, Hashable {
    /// The words of a run.
    public var words: Int
    /// The different runs of that many words in the validation text that were looked for.
    public var sampledRuns: Int
    /// One in so many runs was looked for.
    public var interval: Int
    /// How many of them the training text has.
    public var sharedRuns: Int
    /// Whole documents of the validation text.
    public var documents: Documents

    /// Documents of the validation split that are in the training split too.
    public struct Documents: Codable, Sendable, Hashable {
        /// The documents that were looked for.
        public var sampled: Int
        /// How many of them are documents of the training split too.
        public var shared: Int
    }
}

/// Documents that occur again in the cleaned text.
public struct DocumentDuplicates: Codable, Sendable, Hashable {
    /// The documents that were compared.
    public var sampled: Int
    /// One in so many was, by a hash of its text.
    public var interval: Int
    /// How many of them equal one before.
    public var repeated: Int
}

/// Compares documents by their hashes, a sample of them where there are many, so that memory is bounded.
struct DocumentComparison {
    let duplicates: DocumentDuplicates
    let leakage: Leakage.Documents
    private static let limit = 1 << 21

    init(_ text: CleanText, training: Range<Int>, validation: Range<Int>) {
        let ends = text.documentEnds
        var interval = 1
        while ends.count / interval > Self.limit { interval *= 2 }
        func sample(_ range: Range<Int>) -> [Int] {
            var hashes: [Int] = []
            for document in range {
                let hash = text.documentHashes[document]
                if hash & (interval - 1) == 0 { hashes.append(hash) }
            }
            return hashes
        }
        func repeats(_ hashes: [Int]) -> Int { zip(hashes, hashes.dropFirst()).count { $0 == $1 } }
        var all = sample(0..<ends.count)
        all.sort()
        duplicates = DocumentDuplicates(sampled: all.count, interval: interval, repeated: repeats(all))
        // Whole documents only: one that is cut in two lies in neither split.
        let cut = ends.document(at: max(0, training.upperBound - 1))
        let trained = cut < ends.count && ends[cut] == training.upperBound ? cut + 1 : cut
        let first = ends.start(min(cut + 1, ends.count)) >= validation.lowerBound ? cut + 1 : cut
        var last = ends.document(at: max(0, validation.upperBound - 1))
        if last < ends.count, ends[last] <= validation.upperBound { last += 1 }
        let seen = Set(sample(0..<min(trained, ends.count)))
        let held = sample(min(first, ends.count)..<max(min(first, ends.count), min(last, ends.count)))
        leakage = Leakage.Documents(sampled: held.count, shared: held.count { seen.contains($0) })
    }
}

/// Samples of parts of a text, added up by several threads.
final class SampleUnion: Sendable {
    private let sample = Mutex(NGramSample())

    func add(_ other: NGramSample) { sample.withLock { $0.formUnion(other) } }

    var all: NGramSample { sample.withLock { $0 } }
}
