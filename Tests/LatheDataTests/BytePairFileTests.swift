import Foundation
import LatheComponents
import LatheData
import LatheSpec
import LatheTokenizers
import Testing

/// A `tokenizer.json` with the 256 bytes, tokens and merges; `change` may damage it.
private func tokenizerJSON(
    tokens: [String] = [], merges: String = "", _ change: (String) -> String = { $0 }
) throws -> String {
    var config = BytePairTokenizer.Config()
    config.specialTokens = []
    let plain = String(
        decoding: try fit(BytePairTokenizer(config), on: "").files["tokenizer.json"] ?? [], as: UTF8.self)
    let extra = tokens.enumerated().map { ",\n      \"\($0.element)\": \(256 + $0.offset)" }.joined()
    let withTokens = plain.replacingOccurrences(
        of: "\n    },\n    \"merges\": [", with: extra + "\n    },\n    \"merges\": [" + merges)
    return change(withTokens)
}

@Suite struct BytePairFileTests {
    private func read(_ content: [UInt8]) throws -> any Vocabulary {
        let folder = TemporaryFolder()
        return try fit(GPT2Tokenizer(.init(path: folder.file("vocabulary", content))))
    }

    private func read(_ content: String) throws -> any Vocabulary { try read(Array(content.utf8)) }

    private func expectRefused(
        _ content: String, _ parts: String..., location: SourceLocation = #_sourceLocation
    ) {
        do {
            _ = try read(content)
            Issue.record("was read", sourceLocation: location)
        } catch let error as DataError {
            for part in parts { #expect(error.description.contains(part), sourceLocation: location) }
        } catch { Issue.record(error, sourceLocation: location) }
    }

    @Test func threeFormsOfOneVocabulary() throws {
        let merges = try read("#version: 0.2\na b\nab c\nĠ abc\n")
        #expect(merges.size == 260)
        #expect(merges.endOfText == 259)
        #expect(try encode(merges, "abc abc".utf8) == [257, 258])
        let json = try read(merges.files["tokenizer.json"] ?? [])
        #expect(json.files == merges.files)
        var ranks = ""
        for id in 0..<259 {
            var bytes: [UInt8] = []
            merges.decode(id, into: &bytes)
            ranks += Data(bytes).base64EncodedString() + " \(id)\n"
        }
        // Only GPT-2's ranks are read from a file, but what a run has saved is restored.
        expectRefused(ranks, "not GPT-2's (r50k_base)", "tokenizer.json")
        let rank = try GPT2Tokenizer(.init(path: "/nowhere")).restore(["ranks.tiktoken": Array(ranks.utf8)])
        for text in ["abc abc", "ab  abcabc\n", "<|endoftext|>", "Ġé"] {
            #expect(try encode(rank, text.utf8) == encode(merges, text.utf8))
            #expect(try encode(json, text.utf8) == encode(merges, text.utf8))
        }
        #expect(rank.files.keys.sorted() == ["ranks.tiktoken"])
        let restored = try GPT2Tokenizer(.init(path: "/nowhere")).restore(rank.files)
        #expect(try encode(restored, "abc abc".utf8) == [257, 258])
    }

    @Test func mergesAsPairsAndPatternsInASplit() throws {
        let pairs = try tokenizerJSON(tokens: ["ab"], merges: "[\"a\", \"b\"]")
        #expect(try encode(read(pairs), "ab".utf8) == [256])
        let split = #"""
            {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"},
             "behavior": "Isolated", "invert": false}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]},
            """#
        let other = try tokenizerJSON(tokens: ["ab"], merges: "\"a b\"") { json in
            json.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.contains("\"pre_tokenizer\"") ? "\"pre_tokenizer\": " + split : String($0) }.joined(
                    separator: "\n")
        }
        #expect(try encode(read(other), "ab".utf8) == [256])
        expectRefused(other.replacingOccurrences(of: "p{L}+|", with: "p{L}|"), "GPT-2's pattern", "byte")
    }

    @Test func hostileMergesFiles() throws {
        expectRefused("#version: 0.2\na b\nabc d\n", "line 3", "byte 18", "no earlier line makes 'abc'")
        expectRefused("#version: 0.2\nbc d\nb c\n", "line 2", "'bc'")
        expectRefused("a b\na b\n", "line 2", "exists already")
        expectRefused("a b\nab c\nb c\na bc\n", "line 4", "exists already")
        expectRefused("a b\na\n", "line 2", "found 'a'")
        expectRefused("a b\n\nc d\n", "line 2", "is empty")
        expectRefused("a b c\n", "line 1")
        expectRefused("#version: 0.2\n", "contains no merges")
        expectRefused("", "is empty")
        expectRefused("a \u{4e2d}\n", "line 1", "byte alphabet")
        #expect { try read([0x61, 0x20, 0xff, 0x0a]) } throws: { isDataError($0, "line 1", "byte 2", "UTF-8") }
        #expect { try fit(GPT2Tokenizer(.init(path: "/nowhere/vocab.bpe"))) } throws: {
            isDataError($0, "/nowhere/vocab.bpe", "no such file")
        }
        #expect { try fit(GPT2Tokenizer(.init(path: "/tmp"))) } throws: { isDataError($0, "is not a regular file") }
    }

    @Test func hostileRankFiles() throws {
        expectRefused("YQ== 0\nYg== 2\n", "line 2", "rank 2 where 1")
        expectRefused("YQ== 0\nYQ== 1\n", "line 2", "appears twice")
        expectRefused("YQ== 0\nY 1\n", "line 2", "base64")
        expectRefused("YQ== 0\nYg== 1\n", "the byte 0 has no token")
    }

    @Test func hostileTokenizerJSON() throws {
        let good = try tokenizerJSON(tokens: ["ab", "abc"], merges: "\"a b\", \"ab c\"")
        #expect(try read(good).size == 258)
        func refused(
            tokens: [String], _ merges: String, _ parts: String..., location: SourceLocation = #_sourceLocation
        ) throws {
            let json = try tokenizerJSON(tokens: tokens, merges: merges)
            #expect(throws: DataError.self, sourceLocation: location) { try read(json) }
            do { _ = try read(json) } catch let error as DataError {
                for part in parts + ["line ", "byte "] {
                    #expect(error.description.contains(part), "\(error)", sourceLocation: location)
                }
            }
        }
        try refused(tokens: ["abc"], "\"ab c\"", "'ab' of this merge is not in the vocabulary")
        try refused(tokens: ["ab", "abc"], "\"ab c\"", "'ab'", "cycle")
        try refused(tokens: ["ab"], "\"a b\", \"ab c\"", "'abc'", "is not in the vocabulary")
        try refused(tokens: ["ab"], "\"a b\", \"a b\"", "twice")
        try refused(tokens: ["ab"], "\"a b c\"", "two tokens")
        try refused(tokens: ["ab"], "[\"a\", 7]", "two tokens")
        try refused(tokens: [""], "\" a\"", "a token is empty")
        try refused(tokens: ["ab", "ab"], "\"a b\"", "'ab' appears twice")
        try refused(tokens: ["\u{4e2d}"], "", "byte alphabet")
        expectRefused(String(good.dropLast(20)), "truncated", "line")
        expectRefused(good + "x", "the end of the file")
        expectRefused(good.replacingOccurrences(of: "\"abc\": 257", with: "\"abc\": 256"), "the id 256", "twice")
        expectRefused(good.replacingOccurrences(of: "\"abc\": 257", with: "\"abc\": 99999999999"), "not below")
        expectRefused(good.replacingOccurrences(of: "\"abc\": 257", with: "\"abc\": -1"), "not a whole number")
        expectRefused(
            good.replacingOccurrences(of: "\"normalizer\": null", with: "\"normalizer\": {\"type\": \"NFC\"}"),
            "normalizer")
        expectRefused(good.replacingOccurrences(of: "\"BPE\"", with: "\"Unigram\""), "'Unigram'")
        expectRefused(good.replacingOccurrences(of: "\"a\": ", with: "\"aa\": "), "the byte 97 has no token")
        expectRefused(String(repeating: "{\"a\":", count: 100_000), "nested")
        expectRefused("{\"model\": 1}", "no 'model'")
        var bytes = Array(good.utf8)
        bytes[40] = 0xff
        #expect { try read(bytes) } throws: { isDataError($0, "byte 40", "UTF-8") }
    }

    /// A long chain of merges in reverse order: quadratic work would not finish.
    @Test func aChainOfMergesTheWrongWayRound() throws {
        var tokens: [String] = [], merges: [String] = []
        for length in 2...1200 {
            tokens.append(String(repeating: "a", count: length))
            merges.append("\"\(String(repeating: "a", count: length - 1)) a\"")
        }
        let vocabulary = try read(try tokenizerJSON(tokens: tokens, merges: merges.reversed().joined(separator: ",")))
        #expect(vocabulary.size == 256 + 1199)
    }

    @Test func aChangedVocabularyNeverMeetsStaleTokens() throws {
        let folder = TemporaryFolder()
        let text = folder.file("text", String(repeating: "abc abc ", count: 100))
        func prepare(_ merges: String) throws -> PreparedData {
            let path = folder.file("vocab.bpe", merges)
            return try DataPreparation(
                DataRequest(source: fileSource(text), tokenizer: choose(GPT2Tokenizer.self, .init(path: path))),
                cache: folder.cache
            ).run()
        }
        let first = try prepare("a b\n")
        #expect(try prepare("a b\n").isReused)
        let second = try prepare("a b\nab c\n")
        #expect(!second.isReused)
        #expect(second.train.tokens.count < first.train.tokens.count)
        #expect(second.tokenizerHash != first.tokenizerHash)
        try FileManager.default.removeItem(atPath: folder.path + "/vocab.bpe")
        let restored = try GPT2Tokenizer(.init(path: folder.path + "/vocab.bpe")).restore(second.vocabulary.files)
        #expect(try encode(restored, "abc".utf8) == encode(second.vocabulary, "abc".utf8))
    }

}
