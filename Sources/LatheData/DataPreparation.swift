import LatheComponents
import LatheSpec

/// Turns a source into token files, or finds those that are there.
public struct DataPreparation: Sendable {
    private let request: DataRequest
    private let cache: DataCache
    private let threads: Int

    /// A preparation that keeps its results in `cache`, and encodes on so many threads; by default as many as there are cores. How many there are changes
    /// nothing but the time.
    public init(_ request: DataRequest, cache: DataCache, threads: Int? = nil) {
        self.request = request
        self.cache = cache
        self.threads = max(1, threads ?? availableCores())
    }

    /// The data: source, documents, cleaning, split, tokenizer fitted on the training split, token files.
    ///
    /// What was prepared before from the same contents with the same settings is used again, in milliseconds. Two processes that want the same do the
    /// work once. What is damaged is made anew.
    ///
    /// - Throws: ``DataError`` for what a person can mend; whatever `progress` throws, to give up.
    public func run(progress: @escaping ProgressHandler = { _ in }) throws -> PreparedData {
        let clock = ContinuousClock()
        let start = clock.now
        let source = try request.source.make()
        let context = SourceContext(folder: cache.root + "/sources/" + request.source.name) {
            try progress(PreparationProgress(.gathering, done: $0.done, total: $0.total, activity: $0.activity))
        }
        let corpus = try source.gather(context)
        for note in corpus.notes {
            var told = PreparationProgress(.gathering)
            told.note = note
            try progress(told)
        }
        let identities = corpus.files.map { FileIdentity(path: $0.path) }
        let hashes = ContentHashes(cache: cache)
        let fileHashes = try corpus.files.map { try hashes.hash(ofFile: $0.path, progress: progress) }
        let textKey = String(sha256(request.textIdentity(fileHashes: fileHashes).utf8).prefix(32))
        let (text, textReused) = try cache.entry("text", key: textKey, progress: progress) { entry in
            try CleanText(entry)
        } build: { builder in
            try CleanText.build(request, corpus, in: builder, progress: progress)
            for (file, identity) in zip(corpus.files, identities) where FileIdentity(path: file.path) != identity {
                throw DataError(file.path, "changed while it was read; run again when it is complete")
            }
        }
        let tokenizerFiles = request.tokenizerFiles.map { ($0, FileIdentity(path: $0)) }
        let tokenizerHashes = try tokenizerFiles.map { try hashes.hash(ofFile: $0.0, progress: progress) }
        let tokenIdentity = request.tokenIdentity(textKey: textKey, fileHashes: tokenizerHashes)
        let tokenKey = String(sha256(tokenIdentity.utf8).prefix(32))
        let (tokenized, tokensReused) = try cache.entry("tokens", key: tokenKey, progress: progress) { entry in
            try TokenizedText(entry, request: request, text: text)
        } build: { builder in
            try TokenizedText.build(request, text: text, threads: threads, in: builder, progress: progress)
            for (path, identity) in tokenizerFiles where FileIdentity(path: path) != identity {
                throw DataError(path, "changed while it was read; run again when it is complete")
            }
        }
        let elapsed = clock.now - start
        return PreparedData(
            train: tokenized.splits[0], validation: tokenized.splits[1],
            test: tokenized.splits.count > 2 ? tokenized.splits[2] : nil, vocabulary: tokenized.vocabulary,
            text: text.file,
            characters: text.card.characters, documentEnds: text.documentEnds, dataHash: text.card.sha256,
            tokenizerHash: tokenized.card.tokenizerSHA256, cleaningChanges: text.card.changes,
            trainingByteEntropy: tokenized.card.trainingByteEntropy,
            validationByteEntropy: tokenized.card.validationByteEntropy, language: source.knownLanguage,
            isReused: textReused && tokensReused,
            seconds: Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
    }
}
