import Dispatch
import LatheComponents
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Encodes a split in bounded memory and on several threads: the text is cut where the tokens of both parts are those of the whole, so that the tokens
/// do not depend on how many threads there are.
struct SplitEncoder {
    let vocabulary: any Vocabulary
    private(set) var counter: SegmentCounter
    private(set) var count = 0
    private(set) var firstTokenBytes = 0
    private let threads: Int
    private static let pieceBytes = 1 << 18

    init(vocabulary: any Vocabulary, counter: SegmentCounter, threads: Int) {
        self.vocabulary = vocabulary
        self.counter = counter
        self.threads = threads
    }

    /// A part of the text and its tokens.
    private struct Piece {
        var range: Range<Int>
        var encoded: EncodedText
        var error: (any Error)?
    }

    mutating func encode(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, split: String, to writer: FileWriter,
        progress: ProgressHandler
    ) throws {
        var start = range.lowerBound
        // While threads encode the pieces of a round, one of them writes those of the round before.
        var finished: [Piece] = []
        var keepsOrigins = true
        while start < range.upperBound || !finished.isEmpty {
            try progress(PreparationProgress(.encoding, done: start - range.lowerBound, total: range.count))
            var pieces: [Piece] = []
            while start < range.upperBound, pieces.count < 4 * threads {
                let end = nextCut(bytes, start..<range.upperBound)
                pieces.append(Piece(range: start..<end, encoded: EncodedText(keepsOrigins: keepsOrigins)))
                start = end
            }
            let written = finished
            let result = perform(&pieces, bytes) { encoder in try encoder.finish(written, to: writer) }
            try result.get()
            if let failed = pieces.first(where: { $0.error != nil }), let error = failed.error {
                guard let error = error as? DataError, error.place == "text" else { throw error }
                throw DataError(
                    "cleaned text (\(split) split)", byteOffset: error.byteOffset.map { $0 + failed.range.lowerBound },
                    error.message)
            }
            finished = pieces
            keepsOrigins = !counter.isComplete
        }
        try progress(PreparationProgress(.encoding, done: range.count, total: range.count))
    }

    private func nextCut(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
        let rest = UnsafeBufferPointer(rebasing: bytes[range])
        var limit = Self.pieceBytes
        while true {
            guard limit < rest.count else { return range.upperBound }
            let end = vocabulary.cut(rest, before: limit)
            if end > 0 { return range.lowerBound + end }
            limit *= 2
        }
    }

    /// Encodes pieces on all threads, one of which does `work` first.
    private mutating func perform(
        _ pieces: inout [Piece], _ bytes: UnsafeBufferPointer<UInt8>, work: (inout SplitEncoder) throws -> Void
    ) -> Result<Void, any Error> {
        let vocabulary = vocabulary
        return pieces.withUnsafeMutableBufferPointer { buffer in
            // Each piece is written by the thread that takes it, and this encoder by the one that takes the work.
            nonisolated(unsafe) let pieces = buffer
            nonisolated(unsafe) let bytes = bytes
            nonisolated(unsafe) var encoder = self
            nonisolated(unsafe) var result = Result<Void, any Error>.success(())
            nonisolated(unsafe) let work = work
            withoutActuallyEscaping(work) { work in
                nonisolated(unsafe) let work = work
                let next = Turn()
                DispatchQueue.concurrentPerform(iterations: min(threads, pieces.count + 1)) { _ in
                    while let turn = next.take(below: pieces.count + 1) {
                        guard turn > 0 else {
                            result = Result { try work(&encoder) }
                            continue
                        }
                        do {
                            let text = UnsafeBufferPointer(rebasing: bytes[pieces[turn - 1].range])
                            try vocabulary.encode(text, into: &pieces[turn - 1].encoded)
                        } catch { pieces[turn - 1].error = error }
                    }
                }
            }
            self = encoder
            return result
        }
    }

    /// Notes and writes the tokens of pieces, in order.
    private mutating func finish(_ pieces: [Piece], to writer: FileWriter) throws {
        for piece in pieces {
            if !counter.isComplete { add(piece.encoded) }
            try write(piece.encoded.ids, to: writer)
        }
    }

    private mutating func add(_ encoded: EncodedText) {
        if count == 0 { firstTokenBytes = Int(encoded.byteCounts.first ?? 0) }
        var next = 0
        for (index, bytes) in encoded.byteCounts.enumerated() {
            var spelling = 0.0
            if next < encoded.spellings.count, encoded.spellings[next].index == index {
                spelling = encoded.spellings[next].nats
                next += 1
            }
            counter.add(bytes: Int(bytes), spelling: spelling)
        }
    }

    private mutating func write(_ ids: [UInt32], to writer: FileWriter) throws {
        for (i, id) in ids.enumerated() where id >= vocabulary.size {
            preconditionFailure(
                "the tokenizer gave id \(id) for token \(count + i), its vocabulary has \(vocabulary.size)")
        }
        count += ids.count
        switch TokenFile.width(vocabularySize: vocabulary.size) {
        case .two: try ids.map { UInt16($0).littleEndian }.withUnsafeBytes { try writer.append($0) }
        case .four: try ids.map { $0.littleEndian }.withUnsafeBytes { try writer.append($0) }
        }
    }
}

/// Gives out numbers from 0, each once.
private final class Turn: Sendable {
    private let next = Atomic<Int>(0)

    func take(below limit: Int) -> Int? {
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return turn < limit ? turn : nil
    }
}

/// The cores of the machine.
func availableCores() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
