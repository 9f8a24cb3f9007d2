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

/// A part of a text and its tokens.
struct EncodedPiece {
    var range: Range<Int>
    var encoded: EncodedText
    var error: (any Error)?
}

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
        try encode(text, pieces(text, 0..<text.count, limit: .max), keepsOrigins: keepsOrigins).map(\.encoded)
    }

    /// The first pieces of a range, `limit` at most.
    func pieces(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, limit: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = range.lowerBound
        while start < range.upperBound, pieces.count < limit {
            let rest = UnsafeBufferPointer(rebasing: text[start..<range.upperBound])
            var size = Self.pieceBytes, end = 0
            while end == 0 {
                end = size >= rest.count ? rest.count : vocabulary.cut(rest, before: size)
                size *= 2
            }
            pieces.append(start..<(start + end))
            start += end
        }
        return pieces
    }

    /// Encodes pieces on all threads, one of which does `work` first. Byte offsets of errors are those of the text.
    func encode(
        _ text: UnsafeBufferPointer<UInt8>, _ ranges: [Range<Int>], keepsOrigins: Bool, work: () throws -> Void = {}
    ) throws -> [EncodedPiece] {
        var pieces = ranges.map { EncodedPiece(range: $0, encoded: EncodedText(keepsOrigins: keepsOrigins)) }
        let vocabulary = vocabulary
        let result = pieces.withUnsafeMutableBufferPointer { buffer in
            withoutActuallyEscaping(work) { work in
                // Each piece is written by the one thread that takes it, and the result by the one that takes the work.
                nonisolated(unsafe) let pieces = buffer
                nonisolated(unsafe) let text = text
                nonisolated(unsafe) let work = work
                nonisolated(unsafe) var result = Result<Void, any Error>.success(())
                let turns = Turns()
                DispatchQueue.concurrentPerform(iterations: min(threads, pieces.count + 1)) { _ in
                    while let turn = turns.take(below: pieces.count + 1) {
                        guard turn > 0 else {
                            result = Result { try work() }
                            continue
                        }
                        do {
                            let piece = UnsafeBufferPointer(rebasing: text[pieces[turn - 1].range])
                            try vocabulary.encode(piece, into: &pieces[turn - 1].encoded)
                        } catch { pieces[turn - 1].error = error }
                    }
                }
                return result
            }
        }
        try result.get()
        if let failed = pieces.first(where: { $0.error != nil }), let error = failed.error {
            guard var error = error as? DataError else { throw error }
            if error.place == "text" { error.byteOffset = error.byteOffset.map { $0 + failed.range.lowerBound } }
            throw error
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
