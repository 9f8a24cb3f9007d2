import LatheComponents
import LatheSpec
import LatheSystem
import Synchronization

/// Makes the token files of an entry from ready-made tokens: checks every id and measures the text they stand for.
struct ReadyTokenShards {
    let request: DataRequest
    let tokens: ReadyTokens
    let threads: Int
    let builder: EntryBuilder
    let progress: ProgressHandler
    private static let shardTokens = 1 << 23

    /// The text of each id.
    private struct Spellings: Sendable {
        /// Bytes of each id's text; 0 for end-of-text.
        var bytes: [UInt32] = []
        /// Characters of each id's text, counted as bytes that begin one.
        var characters: [UInt32] = []
        var texts: [[UInt8]] = []

        init(_ vocabulary: any Vocabulary) {
            for id in 0..<vocabulary.size {
                var text: [UInt8] = []
                if id != vocabulary.endOfText { vocabulary.decode(id, into: &text) }
                bytes.append(UInt32(text.count))
                characters.append(UInt32(text.count { $0 & 0xc0 != 0x80 }))
                texts.append(text)
            }
        }
    }

    /// Tokens of a split that lie in one file.
    private struct Part: Sendable {
        var shard: Shard
        var run: ReadyTokens.Run
        var file: MappedFile
        var bytes = 0
        var characters = 0
        /// Bytes of the split before the first token.
        var position = 0

        /// The id at an index of the part.
        @inline(__always)
        func id(_ index: Int) -> Int {
            let raw = UnsafeRawBufferPointer(file.bytes)
            let offset = run.offset + index * run.width.rawValue
            return run.width == .two
                ? Int(UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
                : Int(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
    }

    func build() throws {
        let tokenizer = try request.tokenizer.make()
        guard tokenizer.isFixed else {
            throw DataError(
                "source 'tokens'",
                "holds tokens, but the tokenizer '\(request.tokenizer.name)' is learned from text; use the tokenizer "
                    + "that made the tokens"
            )
        }
        guard request.cleaning.isEmpty else {
            throw DataError("source 'tokens'", "holds tokens, which cannot be cleaned; remove data.cleaning")
        }
        let vocabulary = try request.restored ?? tokenizer.fit(TrainingText(UnsafeBufferPointer(start: nil, count: 0)))
        let spellings = Spellings(vocabulary)
        var splits = try split()
        for index in splits.indices { try measure(&splits[index].parts, vocabulary, spellings) }
        let entry = TokenEntryWriter(builder: builder, vocabulary: vocabulary)
        let validationBytes = splits[1].parts.reduce(0) { $0 + $1.bytes }
        var cards: [TokenizedText.SplitCard] = [], start = 0
        for (index, split) in splits.enumerated() {
            let bytes = split.parts.reduce(0) { $0 + $1.bytes }
            cards.append(
                .init(
                    name: split.name, start: start, end: start + bytes,
                    characters: split.parts.reduce(0) { $0 + $1.characters },
                    scoredBytes: index == 0 ? min(bytes, validationBytes) : bytes))
            start += bytes
        }
        let parts = splits.flatMap(\.parts)
        let scored = Dictionary(uniqueKeysWithValues: cards.map { ($0.name, $0.scoredBytes) })
        let partOf = Dictionary(uniqueKeysWithValues: parts.map { ($0.shard, $0) })
        let last = Dictionary(
            uniqueKeysWithValues: splits.compactMap { split in split.parts.last.map { (split.name, $0.shard) } })
        try entry.make(
            parts.map(\.shard), threads: threads, total: parts.reduce(0) { $0 + $1.run.count }, progress: progress
        ) { shard, writer, workers in
            guard let part = partOf[shard] else { preconditionFailure("no part \(shard.fileName)") }
            return try Self.copy(
                part, vocabulary, spellings, scoredBytes: scored[shard.split] ?? 0, isLast: last[shard.split] == shard,
                to: writer, workers)
        }
        let summaries = try zip(cards, splits).map { card, split in
            try entry.finish(card, split.parts.map(\.shard), knownNats: nil)
        }
        try entry.finish(
            summaries, tokenizer: request.tokenizer.name, isLanguageKnown: false, leakage: nil, duplicates: nil)
    }

    /// The parts of each split.
    private func split() throws -> [(name: String, parts: [Part])] {
        let config = request.split
        guard config.by == .characters else {
            throw DataError(
                "data.split",
                "by: documents needs text; ready-made tokens are split in order, or have a validation file of their own"
            )
        }
        let total = tokens.training.reduce(0) { $0 + $1.count }
        guard tokens.validation.isEmpty else {
            return try [
                ("train", parts("train", tokens.training, 0..<total)),
                (
                    "validation",
                    parts("validation", tokens.validation, 0..<tokens.validation.reduce(0) { $0 + $1.count })
                ),
            ]
        }
        let ends = config.ends(of: total)
        var splits = [
            ("train", try parts("train", tokens.training, 0..<ends.train)),
            ("validation", try parts("validation", tokens.training, ends.train..<ends.validation)),
        ]
        if config.test > 0 { splits.append(("test", try parts("test", tokens.training, ends.validation..<ends.test))) }
        return splits
    }

    /// Tokens of a range, in parts of bounded size.
    private func parts(_ name: String, _ runs: [ReadyTokens.Run], _ range: Range<Int>) throws -> [Part] {
        var parts: [Part] = [], first = 0
        for run in runs {
            let wanted = range.clamped(to: first..<(first + run.count))
            let file = try MappedFile(data: run.path)
            guard run.offset + run.count * run.width.rawValue <= file.bytes.count else {
                throw DataError(run.path, "changed while it was being read; run again once it is complete")
            }
            for start in stride(from: wanted.lowerBound, to: wanted.upperBound, by: Self.shardTokens) {
                let end = min(start + Self.shardTokens, wanted.upperBound)
                var piece = run
                piece.offset += (start - first) * run.width.rawValue
                piece.count = end - start
                parts.append(
                    Part(shard: Shard(split: name, number: parts.count, range: start..<end), run: piece, file: file))
            }
            first += run.count
        }
        guard !parts.isEmpty else {
            throw DataError(
                "data.split", "the \(name) split is empty: there are only \(first) tokens; use more, or another split")
        }
        return parts
    }

    /// Checks all ids and measures the text of each part.
    private func measure(_ parts: inout [Part], _ vocabulary: any Vocabulary, _ spellings: Spellings) throws {
        let fixed = parts, total = parts.reduce(0) { $0 + $1.run.count }
        let sums = Sums(count: parts.count)
        try Workers.run(parts.count, threads: threads) { done in
            try progress(PreparationProgress(.verifying, done: done, total: total))
        } work: { number, workers in
            let part = fixed[number], size = vocabulary.size
            var bytes = 0, characters = 0
            for index in 0..<part.run.count {
                let id = part.id(index)
                guard id < size else {
                    throw DataError(
                        part.run.path, byteOffset: part.run.offset + index * part.run.width.rawValue,
                        "id \(id) is not below the vocabulary size \(size); the file belongs to another tokenizer, or "
                            + "is damaged"
                    )
                }
                bytes += Int(spellings.bytes[id])
                characters += Int(spellings.characters[id])
            }
            sums.set(number, bytes, characters)
            try workers.progress(part.run.count)
        }
        var position = 0
        for (index, sum) in sums.all.enumerated() {
            (parts[index].bytes, parts[index].characters, parts[index].position) = (sum.bytes, sum.characters, position)
            position += sum.bytes
        }
    }

    private static func copy(
        _ part: Part, _ vocabulary: any Vocabulary, _ spellings: Spellings, scoredBytes: Int, isLast: Bool,
        to writer: FileWriter, _ workers: Workers
    ) throws -> ShardRecord {
        var record = ShardRecord(file: FileRecord(bytes: 0, sha256: ""))
        record.usedIDs = [UInt64](repeating: 0, count: (vocabulary.size + 63) / 64)
        var position = part.position
        var counts = [Int](repeating: 0, count: vocabulary.size)
        let width = TokenFile.width(vocabularySize: vocabulary.size), end = vocabulary.endOfText
        for start in stride(from: 0, to: part.run.count, by: 1 << 16) {
            let ids = (start..<min(start + 1 << 16, part.run.count)).map { part.id($0) }
            for (index, id) in ids.enumerated() {
                counts[id] += 1
                let bytes = Int(spellings.bytes[id])
                if start + index == 0 { record.firstTokenBytes = bytes }
                if position < scoredBytes {
                    let segment = position / SegmentTable.segmentBytes
                    if record.segments.last != segment {
                        record.segments.append(segment)
                        record.firstTokens.append(start + index)
                    }
                    record.scoredTokens += 1
                }
                position += bytes
                if id == end { record.documentEnds.append(start + index + 1) }
            }
            switch width {
            case .two:
                try ids.map { UInt16(truncatingIfNeeded: $0).littleEndian }.withUnsafeBytes { try writer.append($0) }
            case .four:
                try ids.map { UInt32(truncatingIfNeeded: $0).littleEndian }.withUnsafeBytes { try writer.append($0) }
            }
            try workers.progress(ids.count)
        }
        for (id, count) in counts.enumerated() where count > 0 {
            record.usedIDs.set(id)
            for byte in spellings.texts[id] { record.byteCounts[Int(byte)] += count }
        }
        record.count = part.run.count
        if isLast, record.documentEnds.last != record.count { record.documentEnds.append(record.count) }
        record.file = try writer.finish()
        return record
    }
}

/// Per-part results of the threads.
private final class Sums: Sendable {
    private let values: Mutex<[(bytes: Int, characters: Int)]>

    init(count: Int) { values = Mutex(Array(repeating: (0, 0), count: count)) }

    func set(_ number: Int, _ bytes: Int, _ characters: Int) { values.withLock { $0[number] = (bytes, characters) } }

    var all: [(bytes: Int, characters: Int)] { values.withLock { $0 } }
}
