import Dispatch
public import LatheComponents
import Synchronization

/// Encodes text on several threads.
///
/// The text decides where it is cut, at places where the tokens of the parts are the tokens of the whole. The tokens
/// therefore do not depend on the number of threads.
public struct ConcurrentEncoding: Sendable {
    public let vocabulary: any Vocabulary
    public let threads: Int
    private static let pieceBytes = 1 << 16

    /// Uses at least one thread.
    public init(vocabulary: any Vocabulary, threads: Int) {
        self.vocabulary = vocabulary
        self.threads = max(1, threads)
    }

    /// Returns the tokens piece by piece.
    ///
    /// - Throws: ``DataError`` with the byte offset of text that has no token.
    public func encode(_ text: UnsafeBufferPointer<UInt8>, keepsOrigins: Bool) throws -> [EncodedText] {
        let ranges = try pieces(text)
        var pieces = ranges.map { _ in EncodedText(keepsOrigins: keepsOrigins) }
        var errors = [(any Error)?](repeating: nil, count: ranges.count)
        let vocabulary = vocabulary
        pieces.withUnsafeMutableBufferPointer { pieces in
            errors.withUnsafeMutableBufferPointer { errors in
                // Only the thread that takes a piece writes it.
                nonisolated(unsafe) let (pieces, errors, text) = (pieces, errors, text)
                let turns = Turns()
                DispatchQueue.concurrentPerform(iterations: min(threads, ranges.count)) { _ in
                    while let turn = turns.take(below: ranges.count) {
                        do {
                            let piece = UnsafeBufferPointer(rebasing: text[ranges[turn]])
                            try vocabulary.encode(piece, into: &pieces[turn])
                        } catch { errors[turn] = error }
                    }
                }
            }
        }
        if let failed = errors.firstIndex(where: { $0 != nil }), let error = errors[failed] {
            guard var error = error as? DataError else { throw error }
            if error.place == "text" { error.byteOffset = error.byteOffset.map { $0 + ranges[failed].lowerBound } }
            throw error
        }
        return pieces
    }

    private func pieces(_ text: UnsafeBufferPointer<UInt8>) throws(DataError) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = 0
        while start < text.count {
            let rest = UnsafeBufferPointer(rebasing: text[start...])
            let end: Int
            do throws(DataError) { end = try vocabulary.checkedCut(rest, before: Self.pieceBytes) } catch {
                throw DataError(error.place, byteOffset: (error.byteOffset ?? 0) + start, error.message)
            }
            pieces.append(start..<(start + end))
            start += end
        }
        return pieces
    }
}

/// Hands out each number from 0 once.
private final class Turns: Sendable {
    private let next = Atomic<Int>(0)

    func take(below limit: Int) -> Int? {
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return turn < limit ? turn : nil
    }
}
