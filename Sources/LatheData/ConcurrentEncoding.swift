import Dispatch
public import LatheComponents
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Encodes text on several threads. It is cut where the tokens of both parts are those of the whole, at places that the text alone decides, so that the
/// tokens do not depend on how many threads there are.
public struct ConcurrentEncoding: Sendable {
    /// The tokenizer.
    public let vocabulary: any Vocabulary
    /// How many threads encode.
    public let threads: Int
    private static let pieceBytes = 1 << 16

    /// Encoding on so many threads, at least one.
    public init(vocabulary: any Vocabulary, threads: Int) {
        self.vocabulary = vocabulary
        self.threads = max(1, threads)
    }

    /// The tokens of a text, piece by piece.
    ///
    /// - Throws: ``DataError`` with the byte offset of text that has no token.
    public func encode(_ text: UnsafeBufferPointer<UInt8>, keepsOrigins: Bool) throws -> [EncodedText] {
        let ranges = try pieces(text)
        var pieces = ranges.map { _ in EncodedText(keepsOrigins: keepsOrigins) }
        var errors = [(any Error)?](repeating: nil, count: ranges.count)
        let vocabulary = vocabulary
        pieces.withUnsafeMutableBufferPointer { pieces in
            errors.withUnsafeMutableBufferPointer { errors in
                // Each piece is written by the one thread that takes it.
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

/// Gives out numbers from 0, each once.
private final class Turns: Sendable {
    private let next = Atomic<Int>(0)

    func take(below limit: Int) -> Int? {
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return turn < limit ? turn : nil
    }
}

/// The cores of the machine.
func availableCores() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
