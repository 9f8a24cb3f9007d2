/// Merges the bytes of one piece: always the two neighbours whose merge has the lowest rank, leftmost first, until no
/// neighbours merge.
struct PieceMerging {
    /// Indexed by byte.
    private let byteIDs: [UInt32]
    private let pairs: PairTable
    private var ids: [UInt32] = []
    /// For each token, its merge with the next one, as returned by ``PairTable``.
    private var merges: [UInt64] = []
    private var next: [Int32] = []
    private var previous: [Int32] = []
    private var heap = MergeHeap()

    /// Up to this many bytes, a linear scan per merge beats a heap.
    private static let scannedBytes = 48

    init(byteIDs: [UInt32], pairs: PairTable) {
        self.byteIDs = byteIDs
        self.pairs = pairs
    }

    mutating func append(_ piece: UnsafeBufferPointer<UInt8>, to output: inout [UInt32]) {
        if piece.count <= Self.scannedBytes { appendShort(piece, to: &output) } else { appendLong(piece, to: &output) }
    }

    private mutating func load(_ piece: UnsafeBufferPointer<UInt8>) {
        ids.removeAll(keepingCapacity: true)
        merges.removeAll(keepingCapacity: true)
        for byte in piece { ids.append(byteIDs[Int(byte)]) }
        for i in 1..<max(1, ids.count) { merges.append(pairs[ids[i - 1], ids[i]]) }
        merges.append(PairTable.none)
    }

    /// O(n²): each merge scans all remaining tokens.
    private mutating func appendShort(_ piece: UnsafeBufferPointer<UInt8>, to output: inout [UInt32]) {
        load(piece)
        let pairs = pairs
        let total = ids.count
        let count = ids.withUnsafeMutableBufferPointer { ids in
            merges.withUnsafeMutableBufferPointer { merges in
                var count = total
                while count > 1 {
                    var best = merges[0], place = 0
                    for i in 1..<count where merges[i] < best { (best, place) = (merges[i], i) }
                    guard best != PairTable.none else { break }
                    ids[place] = UInt32(truncatingIfNeeded: best)
                    count -= 1
                    for i in (place + 1)..<max(place + 1, count) {
                        ids[i] = ids[i + 1]
                        merges[i] = merges[i + 1]
                    }
                    merges[place] = place + 1 < count ? pairs[ids[place], ids[place + 1]] : PairTable.none
                    if place > 0 { merges[place - 1] = pairs[ids[place - 1], ids[place]] }
                }
                return count
            }
        }
        output.append(contentsOf: ids[..<count])
    }

    /// O(n log n): a linked list of tokens and a heap of merges, in which stale ones are skipped.
    private mutating func appendLong(_ piece: UnsafeBufferPointer<UInt8>, to output: inout [UInt32]) {
        load(piece)
        let count = ids.count
        next = (0..<count).map { $0 + 1 < count ? Int32($0 + 1) : -1 }
        previous = (0..<count).map { Int32($0 - 1) }
        heap.removeAll()
        for (place, merge) in merges.enumerated() where merge != PairTable.none { heap.push(merge, at: place) }
        while let (merge, place) = heap.pop() {
            // Stale: a token that was removed or got a new neighbour has a different merge now.
            guard merges[place] == merge else { continue }
            let gone = Int(next[place])
            ids[place] = UInt32(truncatingIfNeeded: merge)
            merges[gone] = PairTable.none
            next[place] = next[gone]
            merges[place] = PairTable.none
            if next[place] >= 0 {
                let follower = Int(next[place])
                previous[follower] = Int32(place)
                push(pairs[ids[place], ids[follower]], at: place)
            }
            if previous[place] >= 0 {
                let before = Int(previous[place])
                push(pairs[ids[before], ids[place]], at: before)
            }
        }
        var place = 0
        while place >= 0 {
            output.append(ids[place])
            place = Int(next[place])
        }
        // Free the buffers after a piece of many megabytes, which is rare.
        if count > 1 << 20 { self = PieceMerging(byteIDs: byteIDs, pairs: pairs) }
    }

    private mutating func push(_ merge: UInt64, at place: Int) {
        merges[place] = merge
        if merge != PairTable.none { heap.push(merge, at: place) }
    }
}

/// Min-heap of merges by rank, then by place.
private struct MergeHeap {
    private var items: [(merge: UInt64, place: Int)] = []

    mutating func removeAll() { items.removeAll(keepingCapacity: true) }

    private func precedes(_ a: (merge: UInt64, place: Int), _ b: (merge: UInt64, place: Int)) -> Bool {
        a.merge == b.merge ? a.place < b.place : a.merge < b.merge
    }

    mutating func push(_ merge: UInt64, at place: Int) {
        items.append((merge, place))
        var child = items.count - 1
        while child > 0, precedes(items[child], items[(child - 1) / 2]) {
            items.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> (merge: UInt64, place: Int)? {
        guard let first = items.first, let last = items.popLast() else { return nil }
        guard !items.isEmpty else { return first }
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < items.count else { break }
            if child + 1 < items.count, precedes(items[child + 1], items[child]) { child += 1 }
            guard precedes(items[child], last) else { break }
            items[parent] = items[child]
            parent = child
        }
        items[parent] = last
        return first
    }
}
