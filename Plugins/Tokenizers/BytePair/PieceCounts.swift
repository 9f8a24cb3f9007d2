import Dispatch
import LatheComponents

/// Counts the pieces of a text in bounded memory: if there are too many distinct ones, the rarest so far are dropped.
///
/// Natural text stays far below ``mostPieces``, so its counts are exact.
struct PieceCounts {
    private(set) var pieces = PieceTable()
    /// Indexed like `pieces`.
    private(set) var counts: [Int] = []

    /// Maximum number of distinct pieces.
    static let mostPieces = 1 << 20
    /// Maximum total size of the pieces in bytes.
    private static let mostBytes = 48 << 20
    /// Pieces longer than this many bytes are not words and are ignored.
    private static let longestPiece = 1 << 16

    init() {}

    mutating func add(_ piece: UnsafeBufferPointer<UInt8>, count: Int = 1) {
        guard piece.count <= Self.longestPiece else { return }
        let number = pieces.insert(piece)
        if number == counts.count { counts.append(count) } else { counts[number] += count }
    }

    /// Drops the rarest pieces if there are too many.
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

    private init(_ text: TrainingText, in range: Range<Int>) {
        text.forEachDocument(in: range) { document in
            let scanner = GPT2Pieces(document)
            var start = 0
            while start < document.count {
                let end = scanner.end(from: start)
                add(UnsafeBufferPointer(rebasing: document[start..<end]))
                start = end
            }
        }
    }

    /// Range of sizes in bytes of the parts that are counted in parallel: worth a thread, yet small enough for many to
    /// fit in memory.
    private static let partBytes = (1 << 18)...(1 << 22)

    /// Counts the pieces of a text's documents on all cores. Parts are cut between documents or pieces and added in
    /// order, so the result does not depend on the number of threads.
    static func count(_ text: TrainingText) -> PieceCounts {
        let total = text.bytes.count
        let size = min(max(total / 8, partBytes.lowerBound), partBytes.upperBound)
        var all = PieceCounts(), start = 0
        while start < total {
            var bounds = [start]
            while let last = bounds.last, last < total, bounds.count <= 8 {
                bounds.append(last + size >= total ? total : bound(from: last, size, in: text))
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

    /// The start of the document that is `size` bytes away, or a place between two of its pieces if it has begun.
    private static func bound(from start: Int, _ size: Int, in text: TrainingText) -> Int {
        let document = text.document(at: start + size)
        if document.lowerBound > start { return document.lowerBound }
        // The scanner gets the whole document, so that it sees what follows a place.
        let scanner = GPT2Pieces(UnsafeBufferPointer(rebasing: text.bytes[document]))
        let bound = scanner.cut(before: start + size - document.lowerBound)
        return document.lowerBound
            + (bound > start - document.lowerBound ? bound : scanner.end(from: start - document.lowerBound))
    }

    private static func counted(_ text: TrainingText, _ bounds: [Int]) -> [PieceCounts] {
        var parts = [PieceCounts](repeating: PieceCounts(), count: bounds.count - 1)
        parts.withUnsafeMutableBufferPointer { buffer in
            // Each part is written by exactly one thread.
            nonisolated(unsafe) let parts = buffer
            nonisolated(unsafe) let text = text
            DispatchQueue.concurrentPerform(iterations: buffer.count) { part in
                parts[part] = PieceCounts(text, in: bounds[part]..<bounds[part + 1])
                parts[part].prune()
            }
        }
        return parts
    }
}
