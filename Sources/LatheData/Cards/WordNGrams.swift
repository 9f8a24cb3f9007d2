/// Hashes of word n-grams. Words are separated by white space; ASCII letters are lowercased.
struct WordNGrams {
    /// Words per n-gram, as in contamination studies (Brown et al. 2020).
    static let length = 13
    private static let base: UInt64 = 0x9e37_79b9_7f4a_7c15
    /// base to the power of ``length``
    private static let power = (0..<length).reduce(1 as UInt64) { result, _ in result &* base }

    private var words = [UInt64](repeating: 0, count: length)
    private var count = 0
    private var rolling: UInt64 = 0
    private var word: UInt64 = 0

    /// Delivers the hash of each n-gram that ends in a text. N-grams may span into the text that follows.
    mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ deliver: (UInt64) -> Void) {
        for byte in text {
            if byte > 0x20 {
                let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
                word = (word ^ UInt64(lower)) &* 0x0000_0100_0000_01b3 | 1 << 63
            } else if word != 0 {
                endWord(deliver)
            }
        }
    }

    /// Ends a text: no n-gram spans what follows.
    mutating func end(_ deliver: (UInt64) -> Void) {
        if word != 0 { endWord(deliver) }
        self = WordNGrams()
    }

    private mutating func endWord(_ deliver: (UInt64) -> Void) {
        let slot = count % Self.length
        rolling = rolling &* Self.base &+ word &- (count >= Self.length ? words[slot] &* Self.power : 0)
        words[slot] = word
        word = 0
        count += 1
        guard count >= Self.length else { return }
        var hash = rolling ^ rolling >> 31
        hash = hash &* 0xbf58_476d_1ce4_e5b9
        deliver(hash ^ hash >> 32)
    }
}

/// A sample of a text's n-grams in bounded memory: those whose hash is a multiple of a power of two, which is raised
/// when there are too many.
struct NGramSample: Sendable {
    /// Maximum number of n-grams kept.
    private static let limit = 1 << 20
    /// One in this many is kept; a power of two.
    private(set) var interval: UInt64
    private var hashes: Set<UInt64> = []

    /// An empty sample that keeps at most one in `interval` n-grams.
    init(interval: UInt64 = 1) { self.interval = interval }

    mutating func insert(_ hash: UInt64) {
        guard hash & (interval - 1) == 0 else { return }
        hashes.insert(hash)
        while hashes.count > Self.limit {
            interval *= 2
            let mask = interval - 1
            hashes = hashes.filter { $0 & mask == 0 }
        }
    }

    mutating func formUnion(_ other: NGramSample) {
        interval = max(interval, other.interval)
        let mask = interval - 1
        hashes = hashes.filter { $0 & mask == 0 }
        for hash in other.hashes { insert(hash) }
    }

    /// The sample, ready for lookup.
    var table: NGramTable { NGramTable(hashes.sorted(), interval: interval) }
}

/// A hash table of n-grams.
struct NGramTable: Sendable {
    /// One in this many n-grams is in the table.
    let interval: UInt64
    let count: Int
    /// Open addressing; 0 marks a free slot.
    private let slots: [UInt64]

    fileprivate init(_ hashes: [UInt64], interval: UInt64) {
        self.interval = interval
        count = hashes.count
        var size = 64
        while size < 2 * hashes.count { size *= 2 }
        var slots = [UInt64](repeating: 0, count: size)
        for hash in hashes {
            var slot = Int(truncatingIfNeeded: hash >> 20) & (size - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = hash
        }
        self.slots = slots
    }

    /// Words of a bit set with one bit per slot.
    var bitWords: Int { slots.count / 64 }

    /// The slot of an n-gram; nil if absent.
    @inline(__always)
    func slot(of hash: UInt64) -> Int? {
        guard hash & (interval - 1) == 0 else { return nil }
        var slot = Int(truncatingIfNeeded: hash >> 20) & (slots.count - 1)
        while slots[slot] != 0 {
            if slots[slot] == hash { return slot }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }
}

extension [UInt64] {
    var bitCount: Int { reduce(0) { $0 + $1.nonzeroBitCount } }
    mutating func formUnion(_ other: [UInt64]) { for i in indices where i < other.count { self[i] |= other[i] } }
    mutating func set(_ bit: Int) { self[bit >> 6] |= 1 << UInt64(bit & 63) }
}
