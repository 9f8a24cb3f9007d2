import LatheComponents

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The file in which a vocabulary is kept, as JSON that people can read.
struct VocabularyFile: Codable {
    /// The only version so far.
    static let currentVersion = 1
    /// The name of the file.
    static let name = "vocabulary.json"
    /// What stands for text that has no token of its own.
    static let unknownText = "<unk>"

    /// The version of this format.
    var version = currentVersion
    /// The tokenizer's name.
    var type: String
    /// The text of each id, in order.
    var tokens: [String]
    /// The id of text that has no token of its own.
    var unknown: Int?
    /// What its spelling costs.
    var spelling: Spelling?

    /// The file's bytes.
    func bytes() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(self)) } catch {
            preconditionFailure("texts and whole numbers can always be written as JSON: \(error)")
        }
    }

    /// Reads and checks a saved vocabulary.
    static func read(_ files: [String: [UInt8]], type: String) throws(DataError) -> VocabularyFile {
        guard let bytes = files[name] else { throw DataError(name, "is missing from the saved tokenizer '\(type)'") }
        let file: VocabularyFile
        do { file = try JSONDecoder().decode(VocabularyFile.self, from: Data(bytes)) } catch {
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
                    "is damaged: the unknown token \(unknown) is none of its \(file.tokens.count), or has no spelling")
            }
        }
        return file
    }
}
