import LatheComponents
import LatheSpec

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is to be known of prepared data: where it came from, what was done to it, and what came of it.
public struct DataCard: Codable, Sendable, Hashable {
    /// A file that was read.
    public struct File: Codable, Sendable, Hashable {
        /// Where it is.
        public var path: String
        /// Where it came from, where that is elsewhere.
        public var origin: String?
        /// Its licence, where it is given.
        public var license: String?
        /// Its size.
        public var bytes: Int
        /// The SHA-256 of its contents.
        public var sha256: String
    }

    /// The text that cleaning left.
    public struct Text: Codable, Sendable, Hashable {
        /// Bytes before cleaning.
        public var bytesRead: Int
        /// Bytes after cleaning.
        public var bytes: Int
        /// Unicode scalars.
        public var characters: Int
        /// Documents.
        public var documents: Int
        /// Documents that cleaning dropped, or left nothing of.
        public var droppedDocuments: Int
        /// The SHA-256 of the text.
        public var sha256: String
    }

    /// A split, and its tokens.
    public struct Split: Codable, Sendable, Hashable {
        /// `train`, `validation` or `test`.
        public var name: String
        /// The bytes of its text.
        public var bytes: Int
        /// Its Unicode scalars.
        public var characters: Int
        /// Its documents, those that are cut in two included.
        public var documents: Int
        /// Its tokens, those between documents included.
        public var tokens: Int
        /// Bytes a token.
        public var bytesPerToken: Double
        /// How many different ids occur.
        public var idsUsed: Int
    }

    /// The tokenizer.
    public struct TokenizerCard: Codable, Sendable, Hashable {
        /// Its type.
        public var type: String
        /// The number of its ids.
        public var size: Int
        /// The id that ends a document, where there is one.
        public var endOfText: Int?
        /// The SHA-256 of what it is saved as.
        public var sha256: String
    }

    /// The name of the card's file as JSON.
    public static let jsonName = "data-card.json"
    /// The name of the card's file for people.
    public static let markdownName = "data-card.md"

    /// The source's type.
    public var source: String
    /// The files that were read.
    public var files: [File]
    /// The cleaned text; nil where the source holds tokens.
    public var text: Text?
    /// What cleaning did.
    public var cleaning: [CleaningChange]
    /// Documents that occur more than once.
    public var duplicates: DocumentDuplicates?
    /// The tokenizer.
    public var tokenizer: TokenizerCard
    /// The splits, in order.
    public var splits: [Split]
    /// What training and validation text share.
    public var leakage: Leakage?
    /// How the training text begins.
    public var sample: String

    init(
        _ request: DataRequest, _ corpus: Corpus, fileHashes: [String], text: CleanText?, _ tokenized: TokenizedText
    ) {
        source = request.source.name
        files = zip(corpus.files, fileHashes).map { file, hash in
            File(
                path: file.path, origin: file.origin, license: file.license,
                bytes: FileIdentity(path: file.path)?.size ?? 0, sha256: hash)
        }
        self.text = text.map {
            Text(
                bytesRead: $0.card.bytesRead, bytes: $0.file.bytes.count, characters: $0.card.characters,
                documents: $0.card.documents, droppedDocuments: $0.card.droppedDocuments, sha256: $0.card.sha256)
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

    /// Writes the card as JSON and as Markdown, where it is not there yet.
    func write(to folder: String, cache: DataCache) throws {
        for (name, bytes) in [(Self.jsonName, json), (Self.markdownName, Array(markdown.utf8))] {
            let path = folder + "/" + name
            if readSmallFile(path) != bytes { try cache.replaceSmallFile(path, with: bytes) }
        }
    }

    /// The card as JSON.
    public var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        do { return Array(try encoder.encode(self)) + [0x0a] } catch {
            preconditionFailure("texts and finite numbers can always be written as JSON: \(error)")
        }
    }
}
