import Dispatch

/// How often each piece occurs in a text, in bounded memory: where there are too many different ones, the rarest so far are forgotten.
///
/// Natural text has far fewer than ``mostPieces``, and is counted exactly.
struct PieceCounts {
    /// The pieces.
    private(set) var pieces = PieceTable()
    /// How often each occurs.
    private(set) var counts: [Int] = []

    /// The most different pieces that are kept.
    static let mostPieces = 1 << 20
    /// The most bytes of theirs.
    private static let mostBytes = 48 << 20
    /// Longer pieces are no words, and left out.
    private static let longestPiece = 1 << 16

    /// No pieces.
    init() {}

    /// Counts a piece.
    mutating func add(_ piece: UnsafeBufferPointer<UInt8>, count: Int = 1) {
        guard piece.count <= Self.longestPiece else { return }
        let number = pieces.insert(piece)
        if number == counts.count { counts.append(count) } else { counts[number] += count }
    }

    /// Forgets the rarest pieces where there are too many.
    mutating func prune() {
        guard pieces.count > Self.mostPieces || pieces.byteCount > Self.mostBytes else { return }
        var least = 2
        while true {
            var kept = PieceCounts()
            for number in counts.indices where counts[number] >= least {
                pieces[number].withUnsafeBufferPointer { kept.add($0, count: counts[number]) }
            }
            least *= 2
            guard kept.pieces.count > Self.mostPieces / 2 || kept.pieces.byteCount > Self.mostBytes / 2 else {
                self = kept
                return
            }
        }
    }

    /// Counts the pieces of one part of a text.
    private init(_ text: UnsafeBufferPointer<UInt8>) {
        let scanner = GPT2Pieces(text)
        var start = 0
        while start < text.count {
            let end = scanner.end(from: start)
            add(UnsafeBufferPointer(rebasing: text[start..<end]))
            start = end
        }
    }

    /// The sizes of the parts that are counted on their own, in bytes: what is worth a thread, and what fits into the memory of many.
    private static let partBytes = (1 << 18)...(1 << 22)

    /// Counts the pieces of a text on all cores. The parts are cut where pieces end and added in their order, so that how many threads there are changes nothing.
    static func count(_ text: UnsafeBufferPointer<UInt8>) -> PieceCounts {
        let scanner = GPT2Pieces(text)
        let size = min(max(text.count / 8, partBytes.lowerBound), partBytes.upperBound)
        var all = PieceCounts(), start = 0
        while start < text.count {
            var bounds = [start]
            while let last = bounds.last, last < text.count, bounds.count <= 8 {
                // The whole text is the scanner's, so that it sees what follows a place.
                let bound = last + size >= text.count ? text.count : scanner.cut(before: last + size)
                bounds.append(bound > last ? bound : scanner.end(from: last))
            }
            for part in counted(text, bounds) {
                for number in part.counts.indices {
                    part.pieces[number].withUnsafeBufferPointer { all.add($0, count: part.counts[number]) }
                }
                all.prune()
            }
            start = bounds[bounds.count - 1]
        }
        return all
    }

    private static func counted(_ text: UnsafeBufferPointer<UInt8>, _ bounds: [Int]) -> [PieceCounts] {
        var parts = [PieceCounts](repeating: PieceCounts(), count: bounds.count - 1)
        parts.withUnsafeMutableBufferPointer { buffer in
            // Each part is written by the one thread that takes it.
            nonisolated(unsafe) let parts = buffer
            nonisolated(unsafe) let text = text
            DispatchQueue.concurrentPerform(iterations: buffer.count) { part in
                parts[part] = PieceCounts(UnsafeBufferPointer(rebasing: text[bounds[part]..<bounds[part + 1]]))
                parts[part].prune()
            }
        }
        return parts
    }
}
