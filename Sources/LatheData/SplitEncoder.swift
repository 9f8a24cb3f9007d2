import LatheComponents

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

    mutating func encode(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, split: String, to writer: FileWriter,
        progress: ProgressHandler
    ) throws {
        var start = range.lowerBound
        let encoding = ConcurrentEncoding(vocabulary: vocabulary, threads: threads)
        // While threads encode the pieces of a round, one of them writes those of the round before.
        var finished: [EncodedPiece] = []
        var keepsOrigins = true
        while start < range.upperBound || !finished.isEmpty {
            try progress(PreparationProgress(.encoding, done: start - range.lowerBound, total: range.count))
            let round = encoding.pieces(bytes, start..<range.upperBound, limit: 16 * threads)
            start = round.last?.upperBound ?? start
            var encoder = self
            let written = finished
            do {
                finished = try encoding.encode(bytes, round, keepsOrigins: keepsOrigins) {
                    try encoder.finish(written, to: writer)
                }
            } catch let error as DataError where error.place == "text" {
                throw DataError("cleaned text (\(split) split)", byteOffset: error.byteOffset, error.message)
            }
            self = encoder
            keepsOrigins = !counter.isComplete
        }
        try progress(PreparationProgress(.encoding, done: range.count, total: range.count))
    }

    /// Notes and writes the tokens of pieces, in order.
    private mutating func finish(_ pieces: [EncodedPiece], to writer: FileWriter) throws {
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
        let size = vocabulary.size
        for (i, id) in ids.enumerated() where id >= size {
            preconditionFailure("the tokenizer gave id \(id) for token \(count + i), its vocabulary has \(size)")
        }
        count += ids.count
        switch TokenFile.width(vocabularySize: size) {
        case .two: try ids.map { UInt16($0).littleEndian }.withUnsafeBytes { try writer.append($0) }
        case .four: try ids.map { $0.littleEndian }.withUnsafeBytes { try writer.append($0) }
        }
    }
}
