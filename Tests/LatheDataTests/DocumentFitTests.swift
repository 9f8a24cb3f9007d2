import Foundation
import LatheComponents
import LatheData
import LatheDataSources
import LatheSpec
import LatheTokenizers
import Testing

private struct ReferenceFile<Content: Decodable>: Decodable { var value: Content }

/// Reads a file of Tests/References/LatheTokenizers, made by make_references.py.
private func reference<Value: Decodable>(_ name: String, _: Value.Type) throws -> Value {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../References/LatheTokenizers/" + name).standardizedFileURL
    return try JSONDecoder().decode(ReferenceFile<Value>.self, from: Data(contentsOf: path)).value
}

func fit(_ tokenizer: some Tokenizer, onDocuments documents: [String], separates: Bool = true) throws -> any Vocabulary
{
    var ends: [Int] = []
    for document in documents { ends.append((ends.last ?? 0) + document.utf8.count) }
    return try withBytes(documents.joined()) {
        try tokenizer.fit(TrainingText($0, documentEnds: DocumentEnds(ends), separatesDocuments: separates))
    }
}

func tokens(_ vocabulary: any Vocabulary) -> [String] {
    (0..<vocabulary.size).map {
        var bytes: [UInt8] = []
        vocabulary.decode($0, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Vocabularies are learned document by document, and the token between documents counts for no bytes.
@Suite struct DocumentFitTests {
    private static func word(minimum: Int = 1) -> WordTokenizer {
        var config = WordTokenizer.Config()
        config.minimumCount = minimum
        return WordTokenizer(config)
    }

    /// 2,000 documents of one word each, and documents of every length up to 300 characters; the merges are those of
    /// Hugging Face's trainer (tokenizers 0.23.3) on the same documents.
    @Test func mergesOfDocumentsAreThoseOfTokenizers() throws {
        struct Case: Decodable {
            var documents: [String]
            var size: Int
            var merges: [String]
        }
        let cases = try reference("documents.json", [Case].self)
        #expect(cases.map(\.documents.count) == [2000, 300])
        for known in cases {
            var config = BytePairTokenizer.Config()
            config.vocabularySize = known.size
            let vocabulary = try fit(BytePairTokenizer(config), onDocuments: known.documents)
            let json = try JSONSerialization.jsonObject(with: Data(vocabulary.files["tokenizer.json"] ?? []))
            let model = (json as? [String: Any])?["model"] as? [String: Any]
            #expect(model?["merges"] as? [String] == known.merges)
            // Glued together they would give others.
            let glued = try fit(BytePairTokenizer(config), onDocuments: [known.documents.joined()])
            #expect(glued.files != vocabulary.files)
        }
    }

    @Test func noWordCrossesADocument() throws {
        struct Case: Decodable { var documents: [String] }
        for known in try reference("documents.json", [Case].self) {
            let vocabulary = try fit(Self.word(), onDocuments: known.documents)
            let words = tokens(vocabulary).filter { $0 != "<unk>" && $0 != "<|endoftext|>" }
            let documents = known.documents
            #expect(words.allSatisfy { word in documents.contains { $0.contains(word) } })
            // Every piece of every document has its token.
            for document in documents {
                var encoded = EncodedText(keepsOrigins: true)
                try withBytes(document) { try vocabulary.encode($0, into: &encoded) }
                #expect(!encoded.ids.contains(0) && encoded.spellings.isEmpty)
            }
        }
        let cats = ["the cat sat on the mat", "a dog ran in the park", "the mat"]
        let vocabulary = try fit(Self.word(minimum: 2), onDocuments: cats)
        #expect(tokens(vocabulary) == ["<unk>", " mat", " the", "the", "<|endoftext|>"])
    }

    /// What stands between "emma", "olivia" and "ava", for each tokenizer that had nothing to put there.
    @Test(arguments: ["char", "byte", "word"])
    func aTokenStandsBetweenDocuments(name: String) throws {
        let names = (0..<200).map { ["emma", "olivia", "ava"][$0 % 3] }
        let tokenizer: Chosen<any Tokenizer> =
            switch name {
            case "char": choose(CharacterTokenizer.self, .init())
            case "byte": choose(ByteTokenizer.self, .init())
            default: choose(WordTokenizer.self, .init())
            }
        let folder = TemporaryFolder()
        var request = DataRequest(
            source: CountedSource.chosen(names), split: SplitConfig(train: 0.9, validation: 0.1, by: .documents),
            tokenizer: tokenizer)
        let data = try DataPreparation(request, cache: folder.cache).run()
        let end = try #require(data.vocabulary.endOfText)
        #expect(end == data.vocabulary.size - 1)
        var text: [UInt8] = []
        for token in 0..<data.train.tokens.count { data.vocabulary.decode(Int(data.train.tokens[token]), into: &text) }
        let expected = names[..<180].joined(separator: "<|endoftext|>")
        #expect(String(decoding: text, as: UTF8.self) == expected)
        // Bits per byte go by the text alone: the tokens between documents stand for none of its bytes.
        #expect(data.validation.bytes == names[180...].joined().utf8.count)
        #expect(data.validation.segments.bytes == data.validation.bytes)
        #expect(data.validation.segments.tokenCount == data.validation.tokens.count)
        let restored = try tokenizer.make().restore(data.vocabulary.files)
        #expect(restored.size == data.vocabulary.size && restored.endOfText == end)
        request.endOfText = false
        let joined = try DataPreparation(request, cache: folder.cache).run()
        #expect(joined.vocabulary.endOfText == nil && joined.vocabulary.size == data.vocabulary.size - 1)
    }

    /// A text of one document, and one whose articles are parts of a whole, keep the vocabulary that they had.
    @Test func oneDocumentNeedsNoToken() throws {
        let folder = TemporaryFolder()
        let path = folder.file("text", String(repeating: "to be or not to be\n", count: 2000))
        for source in [fileSource(path), choose(SyntheticSource.self, .init())] {
            for tokenizer in [choose(ByteTokenizer.self, .init()), choose(CharacterTokenizer.self, .init())] {
                let data = try DataPreparation(
                    DataRequest(source: source, tokenizer: tokenizer), cache: folder.cache
                ).run()
                #expect(data.vocabulary.endOfText == nil)
            }
        }
    }

    @Test func aVocabularyOfOneTokenIsRefused() throws {
        let folder = TemporaryFolder()
        let names = (0..<200).map { "name\($0)x" }
        #expect {
            try DataPreparation(
                DataRequest(source: CountedSource.chosen(names), tokenizer: choose(WordTokenizer.self, .init())),
                cache: folder.cache
            ).run()
        } throws: { isDataError($0, "'word' a single token", "minimum_count") }
        var notes: [String] = []
        var config = CharacterTokenizer.Config()
        config.unknown = false
        _ = try DataPreparation(
            DataRequest(
                source: CountedSource.chosen([String(repeating: "ab", count: 100)]),
                tokenizer: choose(CharacterTokenizer.self, config)), cache: folder.cache
        ).run { if let note = $0.note { notes.append(note) } }
        #expect(notes.count == 1 && notes[0].contains("'char' has only 2 tokens"))
    }

    /// The first token of a split has no context and is not scored; neither is its spelling.
    @Test func anUnknownFirstTokenIsNotBilled() throws {
        let folder = TemporaryFolder()
        let text =
            String(repeating: "abcdefghi ", count: 900) + "é" + String(repeating: "abcdefghi ", count: 100).dropLast()
        #expect(text.count == 10_000)
        let data = try DataPreparation(
            DataRequest(
                source: CountedSource.chosen([text]), tokenizer: choose(CharacterTokenizer.self, .init())),
            cache: folder.cache
        ).run()
        #expect(data.validation.firstTokenBytes == 2)
        #expect(data.validation.segments.spellingNats.allSatisfy { $0 == 0 })
    }

    /// `"special": false` is matched always, `true` by choice, `normalized` ones after the others; the ids are those of
    /// tokenizers 0.23.3, with `encode_special_tokens` for special tokens as text.
    @Test func addedTokensAreMatchedAsInTokenizers() throws {
        struct Case: Decodable {
            var text: String
            var recognized: [UInt32]
            var plain: [UInt32]
        }
        struct Cases: Decodable { var cases: [Case] }
        let folder = TemporaryFolder()
        let all = try JSONSerialization.jsonObject(
            with: Data(
                contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                    .appending(path: "../References/LatheTokenizers/added_tokens.json").standardizedFileURL))
        let value = try #require((all as? [String: Any])?["value"] as? [String: Any])
        let json = try JSONSerialization.data(withJSONObject: try #require(value["tokenizer"]))
        let path = folder.file("tokenizer.json", Array(json))
        for recognizes in [false, true] {
            var config = GPT2Tokenizer.Config(path: path)
            config.recognizeSpecialTokens = recognizes
            let vocabulary = try fit(GPT2Tokenizer(config))
            let restored = try GPT2Tokenizer(config).restore(vocabulary.files)
            for known in try reference("added_tokens.json", Cases.self).cases {
                let expected = recognizes ? known.recognized : known.plain
                #expect(try encode(vocabulary, known.text.utf8) == expected, "\(known.text)")
                #expect(try encode(restored, known.text.utf8) == expected, "\(known.text)")
            }
            for known in try reference("added_tokens.json", Cases.self).cases {
                let bytes = Array(known.text.utf8), whole = try encode(vocabulary, bytes)
                for limit in 0...bytes.count {
                    let place = bytes.withUnsafeBufferPointer { vocabulary.cut($0, before: limit) }
                    #expect(try encode(vocabulary, bytes[..<place]) + encode(vocabulary, bytes[place...]) == whole)
                }
            }
        }
        for key in ["lstrip", "rstrip", "single_word"] {
            let changed = String(decoding: json, as: UTF8.self).replacingOccurrences(
                of: "\"\(key)\":false", with: "\"\(key)\":true")
            #expect { try fit(GPT2Tokenizer(.init(path: folder.file("changed", changed)))) } throws: {
                isDataError($0, key, "not supported")
            }
        }
    }
}
