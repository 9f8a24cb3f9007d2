import LatheSystem
import LatheComponents
import LatheSpec

/// Makes the token files of a text: splits it, fits the tokenizer on the training split and encodes shards on several
/// threads.
struct TextTokens {
    let request: DataRequest
    let text: CleanText
    let threads: Int
    let builder: EntryBuilder
    let progress: ProgressHandler

    /// A split before it is encoded.
    private struct Part {
        var name: String
        var bytes: Range<Int>
        var characters: Int
        /// Bytes scored, from the start of the split.
        var scoredBytes: Int
    }

    func build() throws {
        let parts = try split()
        let training = UnsafeBufferPointer(rebasing: text.file.bytes[parts[0].bytes])
        let vocabulary = try fitted(
            TrainingText(training, documentEnds: text.documentEnds, separatesDocuments: try separatesDocuments(parts)))
        let entry = TokenEntryWriter(builder: builder, vocabulary: vocabulary)
        let ngrams = try ngrams(parts[1].bytes)
        let plan = ShardPlan(text: text, vocabulary: vocabulary)
        var shards: [String: [Shard]] = [:], encoders: [String: ShardEncoder] = [:]
        for (index, part) in parts.enumerated() {
            do { shards[part.name] = try plan.shards(of: part.name, part.bytes) } catch let error as DataError {
                throw DataError("cleaned text (\(part.name) split)", byteOffset: error.byteOffset, error.message)
            }
            encoders[part.name] = ShardEncoder(
                text: text, vocabulary: vocabulary, separator: request.endOfText ? vocabulary.endOfText : nil,
                splitName: part.name, split: part.bytes, scoredBytes: part.scoredBytes,
                ngrams: index == 0 ? ngrams : nil)
        }
        let encoderOf = encoders
        try entry.make(
            parts.flatMap { shards[$0.name] ?? [] }, threads: threads, total: parts.reduce(0) { $0 + $1.bytes.count },
            progress: progress
        ) { shard, writer, workers in
            guard let encoder = encoderOf[shard.split] else { preconditionFailure("no split '\(shard.split)'") }
            return try encoder.encode(shard, to: writer) { try workers.progress($0) }
        }
        let known = try knownNats(parts)
        let summaries = try parts.enumerated().map { index, part in
            try entry.finish(
                .init(
                    name: part.name, start: part.bytes.lowerBound, end: part.bytes.upperBound,
                    characters: part.characters, scoredBytes: part.scoredBytes),
                shards[part.name] ?? [], knownNats: known?[index])
        }
        let documents = DocumentComparison(text, training: parts[0].bytes, validation: parts[1].bytes)
        try entry.finish(
            summaries, tokenizer: request.tokenizer.name, isLanguageKnown: known != nil,
            leakage: Leakage(
                words: WordNGrams.length, sampledRuns: ngrams.count, interval: Int(ngrams.interval),
                sharedRuns: summaries[0].overlap.bitCount, documents: documents.leakage),
            duplicates: documents.duplicates)
    }

    private func split() throws -> [Part] {
        let config = request.split
        let given = text.card.splitDocuments
        guard given == nil || config.isDefault else {
            throw DataError(
                "data.split",
                "divides the text, but data.source has validation files of its own; remove data.split, or "
                    + "data.source.validation")
        }
        let isByDocuments = given != nil || config.by == .documents
        let ends = config.ends(of: isByDocuments ? text.documentEnds.count : text.card.characters)
        let bounds = given.map { [0] + $0 } ?? [0, ends.train, ends.validation, ends.test]
        let offsets = bounds.map {
            isByDocuments ? text.documentEnds.start($0) : text.byteOffset(ofCharacter: $0)
        }
        let hasTest = given.map { $0.count > 2 } ?? (config.test > 0)
        let names = ["train", "validation"] + (hasTest ? ["test"] : [])
        return try names.enumerated().map { i, name in
            guard bounds[i] < bounds[i + 1] else {
                let size = isByDocuments ? "\(text.documentEnds.count) documents" : "\(text.card.characters) characters"
                throw DataError(
                    "data.split",
                    "the \(name) split is empty: the text has only \(size); use more text, or another split")
            }
            let bytes = offsets[i]..<offsets[i + 1]
            let characters =
                isByDocuments
                ? text.characters(before: bytes.upperBound) - text.characters(before: bytes.lowerBound)
                : bounds[i + 1] - bounds[i]
            return Part(
                name: name, bytes: bytes, characters: characters,
                scoredBytes: i == 0 ? min(bytes.count, offsets[2] - offsets[1]) : bytes.count)
        }
    }

    /// Whether a document ends and another begins within a split, and a token should stand between them.
    private func separatesDocuments(_ parts: [Part]) throws -> Bool {
        guard request.endOfText, try request.source.make().documentLayout != .continuous else { return false }
        let ends = text.documentEnds
        return parts.contains { ends[ends.document(at: $0.bytes.lowerBound)] < $0.bytes.upperBound }
    }

    /// The tokenizer fitted on the training split, restored if an interrupted process has already fitted it.
    private func fitted(_ training: TrainingText) throws -> any Vocabulary {
        if let restored = request.restored { return restored }
        let tokenizer = try request.tokenizer.make()
        let prefix = "tokenizer-", mark = builder.path("fitted" + ShardRecord.suffix)
        if let list = DurableFile.bytes(mark) {
            var files: [String: [UInt8]] = [:]
            let lines = String(decoding: list, as: UTF8.self).split(separator: "\n")
            for line in lines {
                let parts = line.split(separator: " ", maxSplits: 1)
                if parts.count == 2, let bytes = DurableFile.bytes(builder.path(prefix + parts[1])),
                    SHA256.hexadecimal(of: bytes) == parts[0]
                {
                    files[String(parts[1])] = bytes
                }
            }
            // Some tokenizers can be restored with a file missing, but are then not the fitted ones.
            if files.count == lines.count, let vocabulary = try? tokenizer.restore(files) { return vocabulary }
        }
        try progress(PreparationProgress(.fitting, total: training.bytes.count))
        let vocabulary = try tokenizer.fit(training)
        guard vocabulary.textTokens > 1 else {
            throw DataError(
                "cleaned text (train split)",
                "gives the tokenizer '\(request.tokenizer.name)' a single token for all text, so there is nothing to "
                    + "learn; use more text, a lower minimum_count, or the tokenizer 'char', 'byte' or 'bpe'")
        }
        guard !tokenizer.isFixed else { return vocabulary }
        for (name, content) in vocabulary.files { try builder.write(prefix + name, content) }
        let list = vocabulary.files.map { "\(SHA256.hexadecimal(of: $0.value)) \($0.key)\n" }.sorted().joined()
        try FileWriter.write(Array(list.utf8), to: mark + ".partial")
        do throws(FileError) { try DurableFile.move(mark + ".partial", to: mark) } catch {
            throw DataError(mark, "the cache cannot be written: \(error.reason)")
        }
        return vocabulary
    }

    /// The n-grams of the validation split, or a sample of them.
    private func ngrams(_ validation: Range<Int>) throws -> NGramTable {
        try progress(PreparationProgress(.measuring, total: validation.count))
        let blocks = stride(from: validation.lowerBound, to: validation.upperBound, by: 4 << 20).map {
            $0..<min($0 + 4 << 20, validation.upperBound)
        }
        let samples = SampleUnion(), text = text
        try Workers.run(blocks.count, threads: threads) { done in
            try progress(PreparationProgress(.measuring, done: done, total: validation.count))
        } work: { number, workers in
            var sample = NGramSample(interval: samples.all.interval), words = WordNGrams()
            var start = blocks[number].lowerBound, document = text.documentEnds.document(at: start)
            while start < blocks[number].upperBound {
                let end = min(text.documentEnds[document], blocks[number].upperBound)
                words.add(UnsafeBufferPointer(rebasing: text.file.bytes[start..<end])) { sample.insert($0) }
                words.end { sample.insert($0) }
                (start, document) = (end, document + 1)
            }
            samples.add(sample)
            try workers.progress(blocks[number].count)
        }
        return samples.all.table
    }

    /// The code length of each segment of each split under the source's language; nil if it has none or the text is not
    /// in it.
    private func knownNats(_ parts: [Part]) throws -> [[Double]]? {
        guard let language = try request.source.make().knownLanguage else { return nil }
        try progress(PreparationProgress(.measuring, total: text.file.bytes.count))
        var boundaries: [Int] = []
        for part in parts {
            let start = part.bytes.lowerBound
            boundaries += stride(from: start, to: start + part.scoredBytes, by: SegmentTable.segmentBytes)
            boundaries.append(start + part.scoredBytes)
        }
        guard let lengths = language.codeLengths(of: text.file.bytes, between: boundaries) else { return nil }
        var rest = lengths[...]
        return parts.map { part in
            let count = (part.scoredBytes + SegmentTable.segmentBytes - 1) / SegmentTable.segmentBytes
            defer { rest = rest.dropFirst(count + 1) }  // and what lies between two splits
            return Array(rest.prefix(count))
        }
    }
}
