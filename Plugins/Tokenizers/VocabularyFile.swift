import LatheComponents
import LatheSystem

/// A saved vocabulary, as readable JSON.
struct VocabularyFile: Codable {
    static let currentVersion = 1
    static let name = "vocabulary.json"
    /// The token for text that has no token of its own.
    static let unknownText = "<unk>"
    /// The token that stands between documents.
    static let endText = "<|endoftext|>"

    var version = currentVersion
    /// The name of the tokenizer.
    var type: String
    /// Indexed by id.
    var tokens: [String]
    /// The id of ``unknownText``.
    var unknown: Int?
    /// The cost of spelling unknown text.
    var spelling: Spelling?
    /// The id of ``endText``, always the last.
    var endOfText: Int?

    private enum CodingKeys: String, CodingKey {
        case version, type, tokens, unknown, spelling
        case endOfText = "end_of_text"
    }

    func bytes() -> [UInt8] {
        do { return try JSONCoding.bytes(self) } catch {
            preconditionFailure("texts and whole numbers can always be written as JSON: \(error)")
        }
    }

    /// - Throws: ``DataError`` if the file is missing, damaged, or of another version or tokenizer.
    static func read(_ files: [String: [UInt8]], type: String) throws(DataError) -> VocabularyFile {
        guard let bytes = files[name] else { throw DataError(name, "is missing from the saved tokenizer '\(type)'") }
        let file: VocabularyFile
        do { file = try JSONCoding.value(VocabularyFile.self, from: bytes) } catch {
            throw DataError(name, "is damaged: it is not a saved tokenizer (\(error))")
        }
        guard file.version == currentVersion else {
            throw DataError(name, "has version \(file.version); this build reads version \(currentVersion)")
        }
        guard file.type == type else {
            throw DataError(name, "holds a '\(file.type)' tokenizer where '\(type)' was expected")
        }
        if let unknown = file.unknown {
            guard file.tokens.indices.contains(unknown), file.spelling != nil else {
                throw DataError(
                    name,
                    "is damaged: the unknown token \(unknown) is not one of its \(file.tokens.count) tokens, "
                        + "or has no spelling")
            }
        }
        if let end = file.endOfText {
            guard end == file.tokens.count - 1, file.tokens.last == endText else {
                throw DataError(name, "is damaged: the token \(end) that ends a document is not its last one")
            }
        }
        return file
    }
}
