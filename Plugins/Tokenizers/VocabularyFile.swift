import LatheComponents
import LatheSystem

/// A saved vocabulary, as readable JSON.
struct VocabularyFile: Codable {
    static let currentVersion = 1
    static let name = "vocabulary.json"
    /// The token for text that has no token of its own.
    static let unknownText = "<unk>"

    var version = currentVersion
    /// The name of the tokenizer.
    var type: String
    /// Indexed by id.
    var tokens: [String]
    /// The id of ``unknownText``.
    var unknown: Int?
    /// The cost of spelling unknown text.
    var spelling: Spelling?

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
        return file
    }
}
