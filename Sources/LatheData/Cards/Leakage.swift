import LatheComponents
import Synchronization

/// Overlap of validation text with training text.
public struct Leakage: Codable, Sendable, Hashable {
    /// Words per n-gram.
    public var words: Int
    /// Distinct n-grams of the validation text that were looked up.
    public var sampledRuns: Int
    /// One in this many n-grams was looked up.
    public var interval: Int
    /// How many of them also occur in the training text.
    public var sharedRuns: Int
    /// Whole validation documents that were looked up.
    public var documents: Documents

    /// Validation documents that are also training documents.
    public struct Documents: Codable, Sendable, Hashable {
        /// Documents looked up.
        public var sampled: Int
        /// How many of them are also in the training split.
        public var shared: Int
    }
}

/// Repeated documents in the cleaned text.
public struct DocumentDuplicates: Codable, Sendable, Hashable {
    /// Documents compared.
    public var sampled: Int
    /// One in this many documents was compared, chosen by a hash of its text.
    public var interval: Int
    /// How many of them repeat an earlier one.
    public var repeated: Int
}

/// Compares documents by their hashes. If there are many, it compares a sample, so that memory is bounded.
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
        // Whole documents only: one that is cut in two belongs to neither split.
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

/// A union of samples of a text's parts, filled by several threads.
final class SampleUnion: Sendable {
    private let sample = Mutex(NGramSample())

    func add(_ other: NGramSample) { sample.withLock { $0.formUnion(other) } }

    var all: NGramSample { sample.withLock { $0 } }
}
