import Foundation
import LatheCleaning
import LatheComponents
import LatheDataSources
import LatheSpec
import LatheTokenizers
import Testing

private func clean(_ step: some CleaningStep, _ passages: [String]) throws -> (text: String, changes: [String: Int]) {
    var cleaner: any Cleaner = step.makeCleaner()
    var text = ""
    for (i, passage) in passages.enumerated() {
        var passage = Passage(text: passage, endsDocument: i == passages.count - 1)
        try cleaner.clean(&passage)
        text += passage.text
    }
    return (text, Dictionary(uniqueKeysWithValues: cleaner.changes.map { ($0.name, $0.count) }))
}

@Suite struct CleaningTests {
    @Test func stripSpecialKeepsProse() throws {
        let step = StripSpecial(.init())
        let kept = "The U.S. saw 1,000 COVID-19 cases (3.5%): \"why?\" Don't; é 中文 ٣!"
        #expect(try clean(step, [kept]).text == kept)
        let cleaned = try clean(step, ["a*b and/or <tag> #5 €9 “q” it’s – x… so\u{ad}ft 😀"])
        #expect(cleaned.text == "a b and or tag 5 9 \"q\" it's - x... soft ")
        #expect(cleaned.changes == ["characters_dropped": 8, "characters_replaced": 5])
    }

    @Test func whitespaceKeepsParagraphs() throws {
        let step = Whitespace(.init())
        let text = "  a \t b  \r\n\r\n\r\n \n c\rd\u{2028}e \u{a0} f \n\n"
        #expect(try clean(step, [text]).text == "a b\n\nc\nd\ne f\n\n")
        #expect(try clean(step, ["a\n\nb\nc. d\n\n"]).text == "a\n\nb\nc. d\n\n")
        #expect(try clean(step, ["   \n  "]).text == "")
    }

    private func cleaningSteps() throws -> [any CleaningStep] {
        var steps: [any CleaningStep] = [
            StripSpecial(.init()), Whitespace(.init()), Lowercase(.init()), LengthFilter(.init()), Deduplicate(.init()),
        ]
        for form in UnicodeForm.Form.allCases {
            var config = UnicodeForm.Config()
            config.form = form
            steps.append(UnicodeForm(config))
        }
        var paragraphs = Deduplicate.Config()
        paragraphs.by = .paragraphs
        steps.append(Deduplicate(paragraphs))
        var replace = Replace.Config()
        replace.pattern = "[a-z]+"
        replace.with = "<$0>"
        return steps + [Replace(replace)]
    }

    @Test func passagesMayBeCutAnywhere() throws {
        var random = SplitMix(state: 3)
        for _ in 0..<200 {
            let text = randomText(&random, length: 60)
            let scalars = Array(text.unicodeScalars)
            let cut = Int.random(in: 0...scalars.count, using: &random)
            func part(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
                var view = String.UnicodeScalarView()
                view.append(contentsOf: scalars)
                return String(view)
            }
            let parts = [part(scalars[..<cut]), part(scalars[cut...])]
            for step in try cleaningSteps() {
                let whole = try clean(step, [text]), cutUp = try clean(step, parts)
                #expect(Array(whole.text.utf8) == Array(cutUp.text.utf8))
                #expect(whole.changes == cutUp.changes)
            }
        }
    }

    @Test func syntheticTextStaysAsItIs() throws {
        var config = SyntheticSource.Config()
        config.characters = 50_000
        for article in try documents(SyntheticSource(config)) {
            #expect(try clean(StripSpecial(.init()), [article]).text == article)
            #expect(try clean(Whitespace(.init()), [article]).text == article)
        }
    }
}

@Suite struct TextSourceTests {
    private func read(_ paths: String...) throws -> [String] { try documents(TextSource(paths: paths)) }

    @Test func readsFilesWhole() throws {
        let folder = TemporaryFolder()
        let long = String(repeating: "héllo 中文 😀", count: 200_000)  // no line to cut at
        let lines = String(repeating: "a line\n", count: 300_000)
        let exact = String(repeating: "x", count: 1 << 20)
        let paths = [folder.file("a", long), folder.file("b", lines), folder.file("c", exact)]
        #expect(try read(paths[0], paths[1], paths[2]) == [long, lines, exact])
        #expect(try TextSource(paths: paths).gather(SourceContext(folder: "/nowhere")).files.map(\.path) == paths)
    }

    @Test func namesWhatIsWrong() {
        let folder = TemporaryFolder()
        #expect { try read(folder.path + "/none.txt") } throws: { isDataError($0, "none.txt", "no such file") }
        #expect { try read(folder.path) } throws: { isDataError($0, "folder without files") }
        #expect { try read(folder.file("empty", "")) } throws: { isDataError($0, "empty", "is empty") }
        let latin = [UInt8]((String(repeating: "é\n", count: 600_000)).utf8) + [0x61, 0xe9, 0x62]
        #expect { try read(folder.file("latin", latin)) } throws: {
            isDataError($0, "latin", "byte 1800001", "UTF-8")
        }
        for bad: [UInt8] in [
            [0xc3], [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82],
        ] {
            #expect { try read(folder.file("bad", [0x61] + bad)) } throws: { isDataError($0, "byte 1:") }
        }
    }
}

@Suite struct TokenizerTests {
    private static let words: WordTokenizer.Config = {
        var config = WordTokenizer.Config()
        config.minimumCount = 1
        return config
    }()

    private func encode(_ vocabulary: any Vocabulary, _ text: String) throws -> EncodedText {
        var encoded = EncodedText(keepsOrigins: true)
        try withBytes(text) { try vocabulary.encode($0, into: &encoded) }
        return encoded
    }

    private func decode(_ vocabulary: any Vocabulary, _ ids: [UInt32]) -> [UInt8] {
        var bytes: [UInt8] = []
        for id in ids { vocabulary.decode(Int(id), into: &bytes) }
        return bytes
    }

    @Test func roundTripsOverRandomText() throws {
        var random = SplitMix(state: 1)
        let tokenizers: [any Tokenizer] = [
            ByteTokenizer(.init()), CharacterTokenizer(.init()), WordTokenizer(Self.words),
        ]
        for _ in 0..<300 {
            let text = randomText(&random, length: Int.random(in: 0...80, using: &random))
            let other = randomText(&random, length: 40)
            for tokenizer in tokenizers {
                let vocabulary = try withBytes(text) { try tokenizer.fit($0) }
                let encoded = try encode(vocabulary, text)
                #expect(decode(vocabulary, encoded.ids) == Array(text.utf8))
                #expect(encoded.spellings.isEmpty)
                let foreign = try encode(vocabulary, other)
                for encoded in [encoded, foreign] {
                    #expect(encoded.ids.allSatisfy { $0 < vocabulary.size })
                    #expect(encoded.byteCounts.count == encoded.ids.count)
                }
                #expect(foreign.byteCounts.reduce(0) { $0 + Int($1) } == other.utf8.count)
                let restored = try tokenizer.restore(vocabulary.files)
                #expect(restored.size == vocabulary.size && restored.files == vocabulary.files)
                let again = try encode(restored, other)
                #expect(again.ids == foreign.ids)
                #expect(again.spellings.map(\.nats) == foreign.spellings.map(\.nats))
            }
        }
    }

    @Test func cutsChangeNoToken() throws {
        var random = SplitMix(state: 5)
        for _ in 0..<200 {
            let text = randomText(&random, length: 100)
            for tokenizer: any Tokenizer in [
                ByteTokenizer(.init()), CharacterTokenizer(.init()), WordTokenizer(Self.words),
            ] {
                try withBytes(text) { bytes in
                    let vocabulary = try tokenizer.fit(bytes)
                    let cut = vocabulary.cut(bytes, before: Int.random(in: 0...bytes.count, using: &random))
                    var whole = EncodedText(keepsOrigins: false), parts = EncodedText(keepsOrigins: false)
                    try vocabulary.encode(bytes, into: &whole)
                    try vocabulary.encode(UnsafeBufferPointer(rebasing: bytes[..<cut]), into: &parts)
                    try vocabulary.encode(UnsafeBufferPointer(rebasing: bytes[cut...]), into: &parts)
                    #expect(whole.ids == parts.ids)
                }
            }
        }
    }

    @Test func anyBytesAreSafe() throws {
        var random = SplitMix(state: 9)
        for _ in 0..<200 {
            let bytes = (0..<50).map { _ in UInt8.random(in: 0...255, using: &random) }
            try bytes.withUnsafeBufferPointer { bytes in
                let words = try WordTokenizer(Self.words).fit(bytes)
                var encoded = EncodedText(keepsOrigins: true)
                try? words.encode(bytes, into: &encoded)
                #expect(encoded.byteCounts.reduce(0) { $0 + Int($1) } == 50)
                _ = try? CharacterTokenizer(.init()).fit(bytes)
            }
        }
    }

    @Test func wordPiecesAreAsDescribed() throws {
        let vocabulary = try withBytes("x") { try WordTokenizer(Self.words).fit($0) }
        let text = "The U.S. reported 1,204  COVID-19 cases; don't\t wait. (A.)\n\nOk - e\u{301}a’b"
        let encoded = try encode(vocabulary, text)
        var pieces: [String] = [], rest = Array(text.utf8)[...]
        for count in encoded.byteCounts {
            pieces.append(String(decoding: rest.prefix(Int(count)), as: UTF8.self))
            rest = rest.dropFirst(Int(count))
        }
        #expect(
            pieces == [
                "The", " U.S.", " reported", " 1", ",", "204", " ", " COVID-19", " cases", ";", " don't", "\t", " wait",
                ".", " ", "(", "A", ".",
                ")", "\n", "\n", "Ok", " ", "-", " e\u{301}a’b",
            ])
    }

    @Test func wordIdsFollowCounts() throws {
        var config = WordTokenizer.Config()
        config.minimumCount = 2
        config.maximumVocabulary = 4
        let vocabulary = try withBytes("b b b a a c c d") { try WordTokenizer(config).fit($0) }
        #expect(vocabulary.size == 4)
        #expect(
            (0..<4).map { String(decoding: decode(vocabulary, [$0]), as: UTF8.self) } == ["<unk>", " a", " b", " c"])
    }

    @Test func unknownWordsAreBilledTheirSpelling() throws {
        // "ab ab": 5 bytes, 2 pieces; 2 of a, 2 of b, 1 space.
        let vocabulary = try withBytes("ab ab") { try WordTokenizer(Self.words).fit($0) }
        let encoded = try encode(vocabulary, "ax")
        let total = 5.0 + 2 + 257
        let expected = -log(3 / total) - log(1 / total) - log(3 / total)
        #expect(encoded.ids == [0])
        #expect(abs(encoded.spellings[0].nats - expected) < 1e-12)
    }

    @Test func charactersAreSortedAsInNanoGPT() throws {
        let vocabulary = try withBytes("béa\n") { try CharacterTokenizer(.init()).fit($0) }
        #expect(vocabulary.size == 5)
        #expect(try encode(vocabulary, "\nabé😀").ids == [0, 1, 2, 3, 4])
    }

    @Test func unseenCharactersAreAnErrorIfAsked() throws {
        var config = CharacterTokenizer.Config()
        config.unknown = false
        let vocabulary = try withBytes("ab") { try CharacterTokenizer(config).fit($0) }
        #expect(vocabulary.size == 2)
        #expect { try encode(vocabulary, "abé") } throws: {
            isDataError($0, "byte 2", "'é'", "U+00E9", "tokenizer.unknown")
        }
    }

    @Test func damagedFilesAreRefused() throws {
        let vocabulary = try withBytes("ab ab") { try WordTokenizer(Self.words).fit($0) }
        let bytes = try #require(vocabulary.files["vocabulary.json"])
        let text = String(decoding: bytes, as: UTF8.self)
        let tokenizer = WordTokenizer(Self.words)
        #expect(throws: DataError.self) { try tokenizer.restore([:]) }
        #expect(throws: DataError.self) { try tokenizer.restore(["vocabulary.json": Array(bytes.dropLast(9))]) }
        for (old, new) in [
            ("\"<unk>\"", "\"ab\""), ("\"word\"", "\"char\""), ("\"version\" : 1", "\"version\" : 2"),
            ("\"unknown\" : 0", "\"unknown\" : 7"),
        ] {
            let damaged = text.replacingOccurrences(of: old, with: new)
            #expect(damaged != text)
            #expect(throws: DataError.self) { try tokenizer.restore(["vocabulary.json": Array(damaged.utf8)]) }
        }
    }
}
