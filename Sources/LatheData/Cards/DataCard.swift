import LatheComponents
import LatheSpec
import LatheSystem

/// A summary of prepared data: where it came from, how it was cleaned and split, and its statistics.
public struct DataCard: Codable, Sendable, Hashable {
    public struct File: Codable, Sendable, Hashable {
        /// Path on this machine.
        public var path: String
        /// Where the file was fetched from, if elsewhere.
        public var origin: String?
        /// nil if not given.
        public var license: String?
        public var bytes: Int
        public var sha256: String
    }

    /// The text after cleaning.
    public struct Text: Codable, Sendable, Hashable {
        /// Bytes before cleaning.
        public var bytesRead: Int
        public var bytes: Int
        public var characters: Int
        public var documents: Int
        /// Documents that cleaning dropped or emptied.
        public var droppedDocuments: Int
        /// Rows that could not be read; nil if all could.
        public var skippedRows: Int?
        public var sha256: String
    }

    /// A split, and its tokens.
    public struct Split: Codable, Sendable, Hashable {
        /// `train`, `validation` or `test`.
        public var name: String
        public var bytes: Int
        public var characters: Int
        /// Includes documents that are cut in two.
        public var documents: Int
        /// Includes the tokens between documents.
        public var tokens: Int
        public var bytesPerToken: Double
        /// Number of distinct ids that occur.
        public var idsUsed: Int
    }

    public struct TokenizerCard: Codable, Sendable, Hashable {
        public var type: String
        public var size: Int
        /// The id that ends a document, if there is one.
        public var endOfText: Int?
        /// The SHA-256 of its saved files.
        public var sha256: String
    }

    public static let jsonName = "data-card.json"
    public static let markdownName = "data-card.md"

    /// The source's `type`.
    public var source: String
    public var files: [File]
    /// nil if the source holds tokens.
    public var text: Text?
    public var cleaning: [CleaningChange]
    /// nil if the source holds tokens.
    public var duplicates: DocumentDuplicates?
    public var tokenizer: TokenizerCard
    public var splits: [Split]
    /// Overlap of validation and training text.
    public var leakage: Leakage?
    public var sample: String

    init(
        _ request: DataRequest, _ corpus: Corpus, fileHashes: [String], text: CleanText?, _ tokenized: TokenizedText
    ) {
        source = request.source.name
        files = zip(corpus.files, fileHashes).map { file, hash in
            File(
                path: file.path, origin: file.origin, license: file.license,
                bytes: FileStamp(path: file.path)?.size ?? 0, sha256: hash)
        }
        self.text = text.map {
            Text(
                bytesRead: $0.card.bytesRead, bytes: $0.file.bytes.count, characters: $0.card.characters,
                documents: $0.card.documents, droppedDocuments: $0.card.droppedDocuments,
                skippedRows: $0.card.skipped?.count, sha256: $0.card.sha256)
        }
        cleaning = text?.card.changes ?? []
        duplicates = tokenized.card.duplicates
        tokenizer = TokenizerCard(
            type: request.tokenizer.name, size: tokenized.vocabulary.size, endOfText: tokenized.vocabulary.endOfText,
            sha256: tokenized.card.tokenizerSHA256)
        splits = tokenized.card.splits.map {
            Split(
                name: $0.name, bytes: $0.end - $0.start, characters: $0.characters, documents: $0.documents,
                tokens: $0.tokens, bytesPerToken: Double($0.end - $0.start) / Double(max(1, $0.tokens)),
                idsUsed: $0.usedIDs)
        }
        leakage = tokenized.card.leakage
        sample = Self.sample(of: tokenized.splits[0], tokenized.vocabulary)
    }

    private static func sample(of split: PreparedSplit, _ vocabulary: any Vocabulary) -> String {
        var bytes: [UInt8] = []
        for token in 0..<min(300, split.tokens.count) { vocabulary.decode(Int(split.tokens[token]), into: &bytes) }
        let end = bytes.count > 1000 ? 1000 : bytes.count
        return String(String(decoding: bytes[..<end], as: UTF8.self).unicodeScalars.filter { $0 != "\u{fffd}" })
    }

    func write(to folder: String, cache: DataCache) throws {
        for (name, bytes) in [(Self.jsonName, json), (Self.markdownName, Array(markdown.utf8))] {
            let path = folder + "/" + name
            if DurableFile.bytes(path) != bytes { try cache.replaceSmallFile(path, with: bytes) }
        }
    }

    public var json: [UInt8] {
        do { return try JSONCoding.bytes(self, usesSnakeCase: true) + [0x0a] } catch {
            preconditionFailure("texts and finite numbers can always be written as JSON: \(error)")
        }
    }
}
