import LatheComponents
import LatheSystem

/// Writes token files; shared by text and ready-made tokens.
struct TokenEntryWriter {
    let builder: EntryBuilder
    let vocabulary: any Vocabulary

    /// What the shards of a split hold together.
    struct Summary {
        var card: TokenizedText.SplitCard
        var byteCounts = [Int](repeating: 0, count: 256)
        /// N-grams of the validation text that occur: one bit per slot of the table.
        var overlap: [UInt64] = []
    }

    /// Makes the token files of shards on several threads, except those that an interrupted process has already made.
    ///
    /// - Parameter total: total bytes, for progress.
    func make(
        _ shards: [Shard], threads: Int, total: Int, progress: ProgressHandler,
        work: @escaping @Sendable (Shard, FileWriter, Workers) throws -> ShardRecord
    ) throws {
        let folder = builder.folder
        try progress(PreparationProgress(.encoding, done: 0, total: total))
        try Workers.run(shards.count, threads: threads) { done in
            try progress(PreparationProgress(.encoding, done: min(done, total), total: total))
        } work: { number, workers in
            let shard = shards[number]
            if ShardRecord(folder: folder, shard: shard, isChecked: false) != nil {
                return try workers.progress(shard.range.count)
            }
            let path = folder + "/" + shard.fileName
            DurableFile.discard(path)
            DurableFile.discard(folder + "/" + ShardRecord.name(shard))
            try work(shard, try FileWriter(path), workers).write(to: folder, shard: shard)
        }
    }

    /// Combines the shards of a split into its document ends and segments.
    ///
    /// - Parameters:
    ///   - card: facts about the split, without its tokens.
    ///   - knownNats: the code length of each segment, if the language is known.
    func finish(_ card: TokenizedText.SplitCard, _ shards: [Shard], knownNats: [Double]?) throws -> Summary {
        var summary = Summary(card: card)
        let ends = NumberWriter(try builder.writer("\(card.name).documents"))
        var segments = SegmentCounter(limit: card.scoredBytes)
        var used = [UInt64](repeating: 0, count: (vocabulary.size + 63) / 64)
        for shard in shards {
            guard let record = ShardRecord(folder: builder.folder, shard: shard, isChecked: true) else {
                throw DataError(builder.path(shard.fileName), "disappeared during preparation; run again")
            }
            builder.adopt(shard.fileName, record.file)
            if shard.number == 0 { summary.card.firstTokenBytes = record.firstTokenBytes }
            for end in record.documentEnds {
                try ends.append(summary.card.tokens + end)
                summary.card.documents += 1
            }
            segments.add(record, firstToken: summary.card.tokens)
            used.formUnion(record.usedIDs)
            for byte in 0..<256 { summary.byteCounts[byte] += record.byteCounts[byte] }
            if summary.overlap.isEmpty {
                summary.overlap = record.overlap
            } else {
                summary.overlap.formUnion(record.overlap)
            }
            summary.card.shardTokens.append(record.count)
            summary.card.tokens += record.count
        }
        summary.card.usedIDs = used.bitCount
        try builder.finish("\(card.name).documents", try ends.finish())
        let table = NumberWriter(try builder.writer("\(card.name).segments"))
        for first in segments.finished() { try table.append(first) }
        for nats in segments.spellingNats + (knownNats ?? []) {
            try table.append(Int(Int64(bitPattern: nats.bitPattern)))
        }
        try builder.finish("\(card.name).segments", try table.finish())
        return summary
    }

    /// Writes the card of an entry and the files that restore its tokenizer.
    func finish(
        _ splits: [Summary], tokenizer: String, isLanguageKnown: Bool, leakage: Leakage?,
        duplicates: DocumentDuplicates?
    ) throws {
        let files = vocabulary.files
        for (name, content) in files { try builder.write("tokenizer-" + name, content) }
        let training = ByteUnigram(splits[0].byteCounts)
        try builder.write(
            "card.json",
            json: TokenizedText.Card(
                vocabularySize: vocabulary.size, splits: splits.map(\.card), trainingByteEntropy: training.entropy,
                validationByteEntropy: training.crossEntropy(ByteUnigram(splits[1].byteCounts)),
                isLanguageKnown: isLanguageKnown,
                tokenizerSHA256: ContentHashes.hash(ofTokenizer: tokenizer, files: files),
                vocabularyFiles: files.keys.sorted(), leakage: leakage, duplicates: duplicates))
    }
}
