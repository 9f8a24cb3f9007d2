/// Learns merges from counted pieces (Sennrich et al. 2016): the most frequent pair of neighbours becomes a token,
/// repeatedly.
///
/// Ties go to the pair whose left token has the lower id, then to the lower right id, as in Hugging Face's trainer. Ids
/// also follow that trainer: special tokens, the 256 bytes in the order of GPT-2's characters, the merges.
///
/// A heap holds the pairs by count. Each pair lists the pieces in which it may occur, so a merge costs only the pieces
/// that it changes. Counts in the heap may be stale, but only too high: a popped pair is checked against its current
/// count and pushed back if that has dropped.
struct BytePairTrainer {
    private var words: TrainingPieces
    private var pairs = PairCounts()
    private var heap = PairHeap()
    private let minimumCount: Int

    init(_ counted: PieceCounts, minimumCount: Int) {
        words = TrainingPieces(counted)
        self.minimumCount = minimumCount
    }

    /// At most `vocabularySize` tokens, including special ones; fewer if the remaining pairs are too rare.
    static func rules(
        _ counted: PieceCounts, vocabularySize: Int, minimumCount: Int, specials: [[UInt8]]
    ) -> BytePairRules {
        var trainer = BytePairTrainer(counted, minimumCount: minimumCount)
        var rules = BytePairRules()
        for special in specials {
            rules.specials.append(.init(text: special, id: UInt32(rules.tokens.count)))
            rules.tokens.append(special)
        }
        for byte in ByteAlphabet.bytes {
            rules.byteIDs[Int(byte)] = UInt32(rules.tokens.count)
            rules.tokens.append(CollectionOfOne(byte))
        }
        trainer.words.replaceBytes(by: rules.byteIDs)
        trainer.train(&rules, vocabularySize: vocabularySize)
        return rules
    }

    private mutating func train(_ rules: inout BytePairRules, vocabularySize: Int) {
        countAll()
        // Different merges may produce the same bytes, which then share one token.
        var known = PieceTable()
        var idOfKnown: [UInt32] = []
        for id in 0..<rules.tokens.count where rules.specials.allSatisfy({ $0.id != UInt32(id) }) {
            _ = known.insert(Array(rules.tokens[id]))
            idOfKnown.append(UInt32(id))
        }
        while rules.tokens.count < vocabularySize, let top = heap.pop() {
            let count = pairs.count(top.pair)
            if count != top.count {
                if count > 0 { heap.push(.init(count: count, key: top.key, pair: top.pair)) }
                continue
            }
            guard count >= max(1, minimumCount) else { break }
            let left = UInt32(top.key >> 32), right = UInt32(truncatingIfNeeded: top.key)
            let number = known.insert(Array(rules.tokens[Int(left)] + rules.tokens[Int(right)]))
            if number == idOfKnown.count {
                idOfKnown.append(UInt32(rules.tokens.count))
                rules.tokens.append(known[number])
            }
            let result = idOfKnown[number]
            if !pairs.isMerged(top.pair) { rules.merges.append(.init(left: left, right: right, result: result)) }
            merge(top.pair, left, right, result)
        }
    }

    private mutating func countAll() {
        for word in 0..<words.count {
            let count = words.counts[word]
            for place in words.range(word).dropLast() {
                let pair = pairs.pair(words.tokens[place], words.tokens[place + 1])
                pairs.add(pair, count, in: word)
            }
        }
        for pair in 0..<pairs.total { heap.append(.init(count: pairs.count(pair), key: pairs.key(pair), pair: pair)) }
        heap.build()
    }

    private mutating func merge(_ pair: Int, _ left: UInt32, _ right: UInt32, _ result: UInt32) {
        var changed: [Int] = []
        var node = pairs.takePlaces(pair)
        while node >= 0 {
            let (word, next) = pairs.place(node)
            node = next
            let count = words.counts[word]
            let range = words.range(word)
            var read = range.lowerBound, write = range.lowerBound
            while read < range.upperBound {
                guard read + 1 < range.upperBound, words.tokens[read] == left, words.tokens[read + 1] == right else {
                    words.tokens[write] = words.tokens[read]
                    read += 1
                    write += 1
                    continue
                }
                if write > range.lowerBound {
                    let before = words.tokens[write - 1]
                    pairs.subtract(pairs.pair(before, left), count)
                    add(pairs.pair(before, result), count, word, &changed)
                }
                if read + 2 < range.upperBound {
                    let after = words.tokens[read + 2]
                    pairs.subtract(pairs.pair(right, after), count)
                    add(pairs.pair(result, after), count, word, &changed)
                }
                words.tokens[write] = result
                read += 2
                write += 1
            }
            words.shorten(word, to: write - range.lowerBound)
        }
        for pair in changed {
            pairs.unmark(pair)
            if pairs.count(pair) > 0 { heap.push(.init(count: pairs.count(pair), key: pairs.key(pair), pair: pair)) }
        }
    }

    private mutating func add(_ pair: Int, _ count: Int, _ word: Int, _ changed: inout [Int]) {
        pairs.add(pair, count, in: word)
        if pairs.mark(pair) { changed.append(pair) }
    }
}

/// The distinct pieces of the text as tokens.
private struct TrainingPieces {
    var tokens: [UInt32] = []
    private(set) var counts: [Int] = []
    private var starts: [Int] = []
    private var lengths: [Int32] = []

    init(_ counted: PieceCounts) {
        counts = counted.counts
        for number in counts.indices {
            let piece = counted.pieces[number]
            starts.append(tokens.count)
            lengths.append(Int32(piece.count))
            for byte in piece { tokens.append(UInt32(byte)) }
        }
    }

    var count: Int { counts.count }

    func range(_ word: Int) -> Range<Int> { starts[word]..<(starts[word] + Int(lengths[word])) }

    mutating func shorten(_ word: Int, to length: Int) { lengths[word] = Int32(length) }

    mutating func replaceBytes(by ids: [UInt32]) {
        for i in tokens.indices { tokens[i] = ids[Int(tokens[i])] }
    }
}

/// How often each pair of tokens occurs, and the pieces in which it may occur.
private struct PairCounts {
    private struct Entry {
        var key: UInt64
        var count: Int
        /// The head of its list of places; -1 if empty.
        var places: Int32 = -1
        var isMarked = false
        var isMerged = false
    }

    private var entries: [Entry] = []
    /// Hash table of entry number plus one; 0 if free.
    private var slots = [UInt32](repeating: 0, count: 1 << 12)
    private var placeWords: [UInt32] = []
    private var placeNext: [Int32] = []

    var total: Int { entries.count }
    func count(_ pair: Int) -> Int { entries[pair].count }
    func key(_ pair: Int) -> UInt64 { entries[pair].key }
    func isMerged(_ pair: Int) -> Bool { entries[pair].isMerged }

    /// The number of a pair, which is added if it is new.
    mutating func pair(_ left: UInt32, _ right: UInt32) -> Int {
        let key = UInt64(left) << 32 | UInt64(right)
        var slot = slot(of: key)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if entries[number].key == key { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        entries.append(Entry(key: key, count: 0))
        slots[slot] = UInt32(entries.count)
        if entries.count * 2 > slots.count { grow() }
        return entries.count - 1
    }

    private func slot(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 24) & (slots.count - 1)
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (number, entry) in entries.enumerated() {
            var slot = slot(of: entry.key)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(number + 1)
        }
    }

    mutating func add(_ pair: Int, _ count: Int, in word: Int) {
        entries[pair].count += count
        let last = entries[pair].places
        // A piece is processed as a whole, so repeated entries of it are consecutive.
        if last >= 0, placeWords[Int(last)] == UInt32(word) { return }
        placeWords.append(UInt32(word))
        placeNext.append(last)
        entries[pair].places = Int32(placeWords.count - 1)
    }

    mutating func subtract(_ pair: Int, _ count: Int) { entries[pair].count -= count }

    /// The first place of a pair that is about to be merged; the pair is reset to no places and count 0.
    mutating func takePlaces(_ pair: Int) -> Int {
        defer {
            entries[pair].places = -1
            entries[pair].count = 0
            entries[pair].isMerged = true
        }
        return Int(entries[pair].places)
    }

    func place(_ node: Int) -> (word: Int, next: Int) { (Int(placeWords[node]), Int(placeNext[node])) }

    /// Returns false if the pair was already marked.
    mutating func mark(_ pair: Int) -> Bool {
        defer { entries[pair].isMarked = true }
        return !entries[pair].isMarked
    }

    mutating func unmark(_ pair: Int) { entries[pair].isMarked = false }
}

/// Max-heap of pairs by count, ties by ids.
private struct PairHeap {
    struct Item {
        var count: Int
        /// The left token in the upper half, the right one in the lower.
        var key: UInt64
        var pair: Int
    }

    private var items: [Item] = []

    private static func precedes(_ a: Item, _ b: Item) -> Bool {
        a.count == b.count ? a.key < b.key : a.count > b.count
    }

    /// Appends without restoring heap order; call ``build()`` afterwards.
    mutating func append(_ item: Item) { items.append(item) }

    mutating func build() {
        for parent in stride(from: items.count / 2 - 1, through: 0, by: -1) { sink(items[parent], from: parent) }
    }

    mutating func push(_ item: Item) {
        items.append(item)
        var child = items.count - 1
        while child > 0, Self.precedes(item, items[(child - 1) / 2]) {
            items[child] = items[(child - 1) / 2]
            child = (child - 1) / 2
        }
        items[child] = item
    }

    mutating func pop() -> Item? {
        guard let first = items.first, let last = items.popLast() else { return nil }
        if !items.isEmpty { sink(last, from: 0) }
        return first
    }

    private mutating func sink(_ item: Item, from start: Int) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            guard child < items.count else { break }
            if child + 1 < items.count, Self.precedes(items[child + 1], items[child]) { child += 1 }
            guard Self.precedes(items[child], item) else { break }
            items[parent] = items[child]
            parent = child
        }
        items[parent] = item
    }
}
