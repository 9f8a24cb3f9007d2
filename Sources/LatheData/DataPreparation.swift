import LatheSystem
import LatheComponents
import LatheSpec

/// Turns a source into token files, or finds them in the cache.
public struct DataPreparation: Sendable {
    private let request: DataRequest
    private let cache: DataCache
    private let threads: Int

    /// By default uses one thread per core. The number of threads affects only the time.
    public init(_ request: DataRequest, cache: DataCache, threads: Int? = nil) {
        self.request = request
        self.cache = cache
        self.threads = max(1, threads ?? Cores.count)
    }

    /// Gathers, cleans and splits the text, fits the tokenizer on the training split and writes the token files.
    ///
    /// Results prepared earlier from the same contents with the same settings are reused, within milliseconds. If two
    /// processes want the same data, one prepares it and the other waits. Damaged entries are rebuilt, and interrupted
    /// work resumes.
    ///
    /// - Throws: ``DataError`` for what the user can fix; any error that `progress` throws to cancel.
    public func run(progress: @escaping ProgressHandler = { _ in }) throws -> PreparedData {
        let start = MonotonicClock.seconds
        let source = try request.source.make()
        let context = SourceContext(folder: cache.root + "/sources") {
            try progress(PreparationProgress(.gathering, done: $0.done, total: $0.total, activity: $0.activity))
        }
        let corpus = try source.gather(context)
        for note in corpus.notes {
            var told = PreparationProgress(.gathering)
            told.note = note
            try progress(told)
        }
        let files = try ReadFiles(corpus.files.map(\.path), cache: cache, progress: progress)
        let textKey = String(SHA256.hexadecimal(of: request.textIdentity(fileHashes: files.hashes).utf8).prefix(32))
        let vocabularyFiles = try ReadFiles(request.tokenizerFiles, cache: cache, progress: progress)
        let tokenIdentity = request.tokenIdentity(textKey: textKey, fileHashes: vocabularyFiles.hashes)
        let tokenKey = String(SHA256.hexadecimal(of: tokenIdentity.utf8).prefix(32))

        func tokens(_ build: (EntryBuilder) throws -> Void) throws -> (content: TokenizedText, isReused: Bool) {
            try cache.entry("tokens", key: tokenKey, progress: progress) { entry in
                try TokenizedText(entry, request: request)
            } build: { builder in
                try build(builder)
                try vocabularyFiles.checkUnchanged()
            }
        }
        let text: CleanText?, tokenized: TokenizedText, isReused: Bool
        switch corpus.content {
        case .documents:
            let clean = try cache.entry("text", key: textKey, progress: progress) { entry in
                try CleanText(entry)
            } build: { builder in
                try CleanText.build(request, corpus, in: builder, progress: progress)
                try files.checkUnchanged()
            }
            if let skipped = clean.content.card.skipped {
                var told = PreparationProgress(.cleaning)
                told.note =
                    skipped.count == 1
                    ? "skipped 1 row: \(skipped.first ?? "")"
                    : "skipped \(skipped.count) rows; the first: \(skipped.first ?? "")"
                try progress(told)
            }
            let ordered = try request.split.seed.map { try shuffled(clean.content, textKey, $0, progress) }
            let content = ordered ?? clean.content
            let made = try tokens { builder in
                try TextTokens(
                    request: request, text: content, threads: threads, builder: builder, progress: progress
                ).build()
            }
            (text, tokenized, isReused) = (content, made.content, clean.isReused && made.isReused)
        case .tokens(let ready):
            let made = try tokens { builder in
                try ReadyTokenShards(
                    request: request, tokens: ready, threads: threads, builder: builder, progress: progress
                ).build()
                try files.checkUnchanged()
            }
            (text, tokenized, isReused) = (nil, made.content, made.isReused)
        }
        if tokenized.vocabulary.textTokens <= 2 {
            var told = PreparationProgress(.fitting)
            told.note =
                "the tokenizer '\(request.tokenizer.name)' has only \(tokenized.vocabulary.textTokens) tokens for this "
                + "text; a model has next to nothing to learn"
            try progress(told)
        }
        let card = DataCard(request, corpus, fileHashes: files.hashes, text: text, tokenized)
        try card.write(to: tokenized.folder, cache: cache)
        return PreparedData(
            train: tokenized.splits[0], validation: tokenized.splits[1],
            test: tokenized.splits.count > 2 ? tokenized.splits[2] : nil, vocabulary: tokenized.vocabulary,
            text: text?.file, documentEnds: text?.documentEnds,
            dataHash: text?.card.sha256 ?? SHA256.hexadecimal(of: files.hashes.joined(separator: "\n").utf8),
            tokenizerHash: tokenized.card.tokenizerSHA256, card: card, folder: tokenized.folder,
            trainingByteEntropy: tokenized.card.trainingByteEntropy,
            validationByteEntropy: tokenized.card.validationByteEntropy, language: source.knownLanguage,
            isReused: isReused, seconds: MonotonicClock.seconds - start)
    }
}

extension DataPreparation {
    /// The text with its documents in an order that the seed decides.
    private func shuffled(
        _ text: CleanText, _ textKey: String, _ seed: UInt64, _ progress: @escaping ProgressHandler
    ) throws -> CleanText {
        guard text.card.splitDocuments == nil else { return text }  // TextTokens says what is wrong
        let key = String(SHA256.hexadecimal(of: "\(textKey) shuffled by \(seed)".utf8).prefix(32))
        return try cache.entry("text", key: key, progress: progress) { entry in
            try CleanText(entry)
        } build: { builder in
            try text.shuffle(seed, in: builder, progress: progress)
        }.content
    }
}

/// Files that have been hashed and must not change until they have been read.
private struct ReadFiles {
    let hashes: [String]
    private let identities: [(path: String, identity: FileStamp?)]

    init(_ paths: [String], cache: DataCache, progress: ProgressHandler) throws {
        let hashes = ContentHashes(cache: cache)
        identities = paths.map { ($0, FileStamp(path: $0)) }
        self.hashes = try paths.map { try hashes.hash(ofFile: $0, progress: progress) }
    }

    func checkUnchanged() throws {
        for (path, identity) in identities where FileStamp(path: path) != identity {
            throw DataError(path, "changed while it was being read; run again once it is complete")
        }
    }
}
