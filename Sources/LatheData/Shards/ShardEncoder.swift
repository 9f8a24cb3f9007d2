import LatheComponents
import LatheSystem

/// Encodes a shard into its token file.
struct ShardEncoder: Sendable {
    let text: CleanText
    let vocabulary: any Vocabulary
    /// The token between documents.
    let separator: Int?
    let splitName: String
    let split: Range<Int>
    /// Bytes scored, from the start of the split.
    let scoredBytes: Int
    /// N-grams of the validation text, to look for in the training text.
    let ngrams: NGramTable?
    private static let pieceBytes = 1 << 16

    /// A document that continues past the shard ends in a later one.
    ///
    /// - Throws: ``DataError`` for text that has no token; errors from `progress`.
    func encode(_ shard: Shard, to writer: FileWriter, progress: (Int) throws -> Void) throws -> ShardRecord {
        var output = ShardOutput(self, shard, writer)
        let ends = text.documentEnds
        var start = shard.range.lowerBound
        var document = ends.document(at: start)
        while start < shard.range.upperBound {
            let end = min(ends[document], shard.range.upperBound)
            try encode(start..<end, &output, progress)
            start = end
            if end == split.upperBound || end == ends[document] {
                output.endDocument(separator: end < split.upperBound ? separator : nil)
                document += 1
            }
        }
        return try output.finish()
    }

    /// Encodes a part of a document, piece by piece.
    private func encode(_ range: Range<Int>, _ output: inout ShardOutput, _ progress: (Int) throws -> Void) throws {
        var start = range.lowerBound
        while start < range.upperBound {
            let rest = UnsafeBufferPointer(rebasing: text.file.bytes[start..<range.upperBound])
            do {
                let count = try vocabulary.checkedCut(rest, before: Self.pieceBytes)
                try output.append(UnsafeBufferPointer(rebasing: rest[..<count]))
                start += count
                try progress(count)
            } catch let error as DataError where error.place == "text" {
                throw DataError(
                    "cleaned text (\(splitName) split)", byteOffset: (error.byteOffset ?? 0) + start, error.message)
            }
        }
    }
}

/// Collects the tokens of a shard and their statistics.
private struct ShardOutput {
    private let encoder: ShardEncoder
    private let writer: FileWriter
    private var record = ShardRecord(file: FileRecord(bytes: 0, sha256: ""))
    private var encoded: EncodedText
    private var words = WordNGrams()
    private let width: TokenSequence.Width
    private var written = 0
    /// Bytes of the split before the next token to be noted.
    private var position: Int
    private let isFirst: Bool

    init(_ encoder: ShardEncoder, _ shard: Shard, _ writer: FileWriter) {
        self.encoder = encoder
        self.writer = writer
        isFirst = shard.number == 0
        position = shard.range.lowerBound - encoder.split.lowerBound
        encoded = EncodedText(keepsOrigins: position < encoder.scoredBytes)
        width = TokenFile.width(vocabularySize: encoder.vocabulary.size)
        record.usedIDs = [UInt64](repeating: 0, count: (encoder.vocabulary.size + 63) / 64)
        record.overlap = [UInt64](repeating: 0, count: encoder.ngrams?.bitWords ?? 0)
    }

    mutating func append(_ piece: UnsafeBufferPointer<UInt8>) throws {
        try encoder.vocabulary.encode(piece, into: &encoded)
        record.byteCounts.withUnsafeMutableBufferPointer { counts in for byte in piece { counts[Int(byte)] += 1 } }
        if let ngrams = encoder.ngrams {
            words.add(piece) { if let slot = ngrams.slot(of: $0) { record.overlap.set(slot) } }
        }
        if encoded.ids.count >= 1 << 16 { try flush() }
    }

    mutating func endDocument(separator: Int?) {
        if let ngrams = encoder.ngrams {
            words.end { if let slot = ngrams.slot(of: $0) { record.overlap.set(slot) } }
        }
        if let separator { encoded.append(separator, bytes: 0) }
        record.documentEnds.append(written + encoded.ids.count)
    }

    private mutating func flush() throws {
        if encoded.keepsOrigins { note() }
        let size = UInt32(encoder.vocabulary.size)
        for (index, id) in encoded.ids.enumerated() {
            precondition(
                id < size, "the tokenizer gave id \(id) for token \(written + index), its vocabulary has \(size)")
            record.usedIDs.set(Int(id))
        }
        written += encoded.ids.count
        switch width {
        case .two:
            try encoded.ids.map { UInt16(truncatingIfNeeded: $0).littleEndian }.withUnsafeBytes {
                try writer.append($0)
            }
        case .four: try encoded.ids.map { $0.littleEndian }.withUnsafeBytes { try writer.append($0) }
        }
        if encoded.keepsOrigins, position >= encoder.scoredBytes {
            encoded = EncodedText(keepsOrigins: false)
        } else {
            encoded.removeAll()
        }
    }

    /// Records the segments in which tokens begin.
    private mutating func note() {
        if written == 0 { record.firstTokenBytes = Int(encoded.byteCounts.first ?? 0) }
        var next = 0
        for (index, bytes) in encoded.byteCounts.enumerated() where position < encoder.scoredBytes {
            let segment = position / SegmentTable.segmentBytes
            if record.segments.last != segment {
                record.segments.append(segment)
                record.firstTokens.append(written + index)
            }
            if next < encoded.spellings.count, encoded.spellings[next].index == index {
                if record.spelledSegments.last != segment {
                    record.spelledSegments.append(segment)
                    record.spellingNats.append(0)
                }
                // The first token of a split has no context, so neither it nor its spelling is scored.
                if !isFirst || written + index > 0 {
                    record.spellingNats[record.spellingNats.count - 1] += encoded.spellings[next].nats
                }
                next += 1
            }
            record.scoredTokens += 1
            position += Int(bytes)
        }
    }

    mutating func finish() throws -> ShardRecord {
        try flush()
        record.count = written
        record.file = try writer.finish()
        return record
    }
}
