import Foundation
import LatheComponents
import LatheData
import LatheSpec
import LatheTokenizers
import Testing

/// Files beside the repository; tests that need one are skipped if it is absent.
enum SharedData {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
        path: "../../../shared/data"
    )
    .standardizedFileURL.path
    static let vocabulary = folder + "/gpt2-bpe/vocab.bpe"
    static let shakespeare = folder + "/tinyshakespeare/input.txt"
    static let wikiTextTraining = folder + "/wikitext-2/train.txt"
    static let wikiTextValidation = folder + "/wikitext-2/valid.txt"
    static let isThere = [vocabulary, shakespeare, wikiTextTraining, wikiTextValidation].allSatisfy(
        FileManager.default.fileExists)
}

func fit(_ tokenizer: some Tokenizer, on text: String = "") throws -> any Vocabulary {
    try withBytes(text) { try tokenizer.fit($0) }
}

func encode(_ vocabulary: any Vocabulary, _ text: some Sequence<UInt8>) throws -> [UInt32] {
    var encoded = EncodedText(keepsOrigins: true)
    let bytes = Array(text)
    try bytes.withUnsafeBufferPointer { try vocabulary.encode($0, into: &encoded) }
    #expect(encoded.byteCounts.reduce(0) { $0 + Int($1) } == bytes.count)
    var decoded: [UInt8] = []
    for id in encoded.ids { vocabulary.decode(Int(id), into: &decoded) }
    #expect(decoded == bytes)
    return encoded.ids
}

private func pieces(_ vocabulary: any Vocabulary, _ text: String) throws -> [String] {
    try encode(vocabulary, text.utf8).map {
        var bytes: [UInt8] = []
        vocabulary.decode(Int($0), into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

private func trained(_ text: String, _ change: (inout BytePairTokenizer.Config) -> Void = { _ in }) throws
    -> any Vocabulary
{
    var config = BytePairTokenizer.Config()
    change(&config)
    return try fit(BytePairTokenizer(config), on: text)
}

@Suite struct BytePairTests {
    @Test func ofPairsThatOccurEquallyOftenTheOneWithLowerIdsMergesFirst() throws {
        // (a, b), (c, c) and (Ġ, c) occur twice each; (a, b) has the lowest ids.
        let vocabulary = try trained("ab ab cc cc") { $0.vocabularySize = 257 + 3 }
        let json = String(decoding: vocabulary.files["tokenizer.json"] ?? [], as: UTF8.self)
        let merges = json.split(separator: "\"merges\": [")[1].split(separator: "\"").map(String.init).filter {
            $0.contains(" ") && !$0.contains("\n")
        }
        #expect(merges == ["a b", "c c", "Ġ cc"])
        #expect(vocabulary.size == 260)
        #expect(vocabulary.endOfText == 0)
    }

    @Test func mergesStayWithinPieces() throws {
        let text = String(repeating: "don't you'll  we've 123abc\n\n\n", count: 50)
        let vocabulary = try trained(text) { $0.vocabularySize = 4096 }
        #expect(
            try pieces(vocabulary, "don't you'll  we've 123abc\n\n\n") == [
                "don", "'t", " you", "'ll", " ", " we", "'ve", " 123", "abc", "\n\n", "\n",
            ])
    }

    @Test func anyTextComesBack() throws {
        var random = SplitMix(state: 11)
        let vocabulary = try trained(randomText(&random, length: 20_000)) { $0.vocabularySize = 1000 }
        let restored = try BytePairTokenizer(.init()).restore(vocabulary.files)
        #expect(restored.size == vocabulary.size)
        #expect(restored.files == vocabulary.files)
        for _ in 0..<500 {
            let text = randomText(&random, length: 40)
            #expect(try encode(vocabulary, text.utf8) == encode(restored, text.utf8))
        }
    }

    @Test func everyCutGivesTheTokensOfTheWhole() throws {
        var random = SplitMix(state: 5)
        let text = "it's <|endoftext|> <|endoftext|>\n\n <|end 12ab!! ''s\u{a0} x"
        for recognizes in [false, true] {
            let vocabulary = try trained(String(repeating: text, count: 20)) {
                $0.vocabularySize = 600
                $0.recognizeSpecialTokens = recognizes
                $0.anyBytes = true
            }
            for round in 0..<200 {
                var bytes = Array((round % 2 == 0 ? text : randomText(&random, length: 30)).utf8)
                if round > 1 { bytes.shuffle(using: &random) }
                if round % 3 == 0 { bytes += Array(text.utf8) }
                let whole = try encode(vocabulary, bytes)
                for limit in 0...bytes.count {
                    let place = bytes.withUnsafeBufferPointer { vocabulary.cut($0, before: limit) }
                    #expect(place <= limit)
                    #expect(try encode(vocabulary, bytes[..<place]) + encode(vocabulary, bytes[place...]) == whole)
                }
            }
        }
    }

    @Test func specialTokensAreTextUnlessAskedFor() throws {
        let text = "a<|endoftext|>b"
        let plain = try trained(text), special = try trained(text) { $0.recognizeSpecialTokens = true }
        #expect(try !encode(plain, text.utf8).contains(0))
        #expect(try encode(special, text.utf8).filter { $0 == 0 }.count == 1)
        #expect(try pieces(special, "a <|endoftext|>") == ["a", " ", "<|endoftext|>"])
    }

    @Test func bytesThatAreNotUTF8NeedAWord() throws {
        let bytes: [UInt8] = [0x61, 0xff, 0xc3, 0x20, 0xe4, 0xb8, 0x00]
        let strict = try trained("text"), lenient = try trained("text") { $0.anyBytes = true }
        #expect { try encode(strict, bytes) } throws: { isDataError($0, "byte 1", "any_bytes") }
        #expect(try encode(lenient, bytes).count == bytes.count)
        #expect(lenient.acceptsAnyBytes && !strict.acceptsAnyBytes)
    }

    /// Rescanning the piece for every merge would take hours.
    @Test func aMegabyteWithoutSpacesIsOnePiece() throws {
        let vocabulary = try trained(String(repeating: "abcab ", count: 100)) { $0.vocabularySize = 300 }
        let unit = try encode(vocabulary, "abcab".utf8).count
        #expect(unit == 1)
        let text = String(repeating: "abcab", count: 200_000)
        #expect(try encode(vocabulary, text.utf8).count == 200_000)
        #expect(try encode(vocabulary, String(repeating: "z", count: 1_000_000).utf8).count == 1_000_000)
        // Short and long pieces are merged by different algorithms, which must agree.
        var random = SplitMix(state: 2)
        for _ in 0..<100 {
            let letters = String((0..<40).map { _ in "abc".randomElement(using: &random) ?? "a" })
            let long = String(repeating: letters, count: 3)
            #expect(try encode(vocabulary, long.utf8) == naive(vocabulary, long))
            #expect(try encode(vocabulary, letters.utf8) == naive(vocabulary, letters))
        }
    }

    /// Encodes by the definition, from the saved merges.
    private func naive(_ vocabulary: any Vocabulary, _ text: String) throws -> [UInt32] {
        let json =
            try JSONSerialization.jsonObject(with: Data(vocabulary.files["tokenizer.json"] ?? [])) as? [String: Any]
        let model = try #require(json?["model"] as? [String: Any])
        let ids = try #require(model["vocab"] as? [String: Int]), merges = try #require(model["merges"] as? [String])
        var tokens = text.map(String.init)
        while true {
            let pairs = zip(tokens, tokens.dropFirst()).enumerated().compactMap { i, pair in
                merges.firstIndex(of: "\(pair.0) \(pair.1)").map { (rank: $0, place: i) }
            }
            guard let best = pairs.min(by: { ($0.rank, $0.place) < ($1.rank, $1.place) }) else { break }
            tokens[best.place...(best.place + 1)] = [tokens[best.place] + tokens[best.place + 1]]
        }
        return tokens.map { UInt32(ids[$0] ?? -1) }
    }

    @Test func threadsChangeNothing() throws {
        var random = SplitMix(state: 8)
        let text = (0..<60_000).map { _ in randomText(&random, length: 4) }.joined(separator: " ")
        let vocabulary = try trained(String(text.prefix(50_000))) { $0.vocabularySize = 700 }
        let whole = try encode(vocabulary, text.utf8)
        for threads in [1, 2, 3, 7] {
            let encoding = ConcurrentEncoding(vocabulary: vocabulary, threads: threads)
            let parts = try withBytes(text) { try encoding.encode($0, keepsOrigins: false) }
            #expect(parts.count > 2)
            #expect(parts.flatMap(\.ids) == whole)
        }
        let again = try trained(String(text.prefix(50_000))) { $0.vocabularySize = 700 }
        #expect(again.files == vocabulary.files)
    }
}
