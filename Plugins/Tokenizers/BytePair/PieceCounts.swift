import Dispatch

/// How often each piece occurs in a text.
struct PieceCounts {
    /// The pieces.
    private(set) var pieces = PieceTable()
    /// How often each occurs.
    private(set) var counts: [Int] = []

    private mutating func add(_ piece: UnsafeBufferPointer<UInt8>, count: Int) {
        let number = pieces.insert(piece)
        if number == counts.count { counts.append(count) } else { counts[number] += count }
    }

    /// Counts the pieces of one part of a text.
    private init(_ text: UnsafeBufferPointer<UInt8>) {
        let scanner = GPT2Pieces(text)
        var start = 0
        while start < text.count {
            let end = scanner.end(from: start)
            add(UnsafeBufferPointer(rebasing: text[start..<end]), count: 1)
            start = end
        }
    }

    /// The least work that is worth a thread, in bytes.
    private static let partBytes = 1 << 20

    /// Counts the pieces of a text on all cores. The parts are cut where pieces end, so that how many there are changes nothing.
    static func count(_ text: UnsafeBufferPointer<UInt8>) -> PieceCounts {
        let scanner = GPT2Pieces(text)
        let size = max(partBytes / 4, min(text.count / 8, 16 * partBytes))
        var bounds = [0]
        while let last = bounds.last, last < text.count {
            // The whole text is the scanner's, so that it sees what follows a place.
            let bound = last + size >= text.count ? text.count : scanner.cut(before: last + size)
            bounds.append(bound > last ? bound : text.count)
        }
        let partCount = bounds.count - 1
        guard partCount > 1 else { return PieceCounts(text) }
        // Each part is written by the one thread that takes it.
        nonisolated(unsafe) let parts = UnsafeMutablePointer<PieceCounts?>.allocate(capacity: partCount)
        parts.initialize(repeating: nil, count: partCount)
        defer {
            parts.deinitialize(count: partCount)
            parts.deallocate()
        }
        nonisolated(unsafe) let text = text
        let fixed = bounds
        DispatchQueue.concurrentPerform(iterations: partCount) { part in
            parts[part] = PieceCounts(UnsafeBufferPointer(rebasing: text[fixed[part]..<fixed[part + 1]]))
        }
        guard var all = parts[0] else { preconditionFailure("part 0 of \(partCount) was not counted") }
        for part in 1..<partCount {
            guard let counted = parts[part] else { preconditionFailure("part \(part) of \(partCount) was not counted") }
            for number in counted.counts.indices {
                counted.pieces[number].withUnsafeBufferPointer { all.add($0, count: counted.counts[number]) }
            }
        }
        return all
    }
}
