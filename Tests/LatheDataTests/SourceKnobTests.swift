import Foundation
import LatheComponents
import LatheData
import LatheDataSources
import LatheSpec
import LatheTokenizers
import Testing

private func text(_ path: String, _ change: (inout TextSource.Config) -> Void) -> TextSource {
    var config = TextSource.Config()
    config.path = [SpecPath(path)]
    change(&config)
    return TextSource(config)
}

@Suite struct DocumentUnitTests {
    @Test func aByteOrderMarkIsNotText() throws {
        let folder = TemporaryFolder()
        let path = folder.file("a", [0xef, 0xbb, 0xbf] + Array("one\n\u{feff}two".utf8))
        for unit in [TextSource.Unit.file, .blankLine, .separator] {
            #expect(try documents(text(path) { $0.documents = unit }) == ["one\n\u{feff}two"])
        }
        #expect(try documents(text(path) { $0.documents = .line }) == ["one", "\u{feff}two"])
        let bad = folder.file("bad", [0xef, 0xbb, 0xbf, 0x61, 0xff])
        #expect { try documents(text(bad) { _ in }) } throws: { isDataError($0, "bad: byte 4:", "UTF-8") }
    }

    @Test func linesParagraphsAndSeparators() throws {
        let folder = TemporaryFolder()
        let path = folder.file("a", "one\r\ntwo\n\n \t\nthree<|endoftext|>four\n\n\n<|endoftext|><|endoftext|>five\n")
        #expect(
            try documents(text(path) { $0.documents = .line }) == [
                "one", "two", "three<|endoftext|>four", "<|endoftext|><|endoftext|>five",
            ])
        #expect(
            try documents(text(path) { $0.documents = .blankLine }) == [
                "one\ntwo", "three<|endoftext|>four", "<|endoftext|><|endoftext|>five",
            ])
        #expect(
            try documents(text(path) { $0.documents = .separator }) == [
                "one\r\ntwo\n\n \t\nthree", "four\n\n\n", "", "five\n",
            ])
    }

    /// Documents and separators of every length, across passages of 1 MiB; expected by splitting the whole text.
    @Test(arguments: ["§", "<|endoftext|>", "é文"])
    func separatorsAcrossPassages(separator: String) throws {
        let folder = TemporaryFolder()
        var random = SplitMix(state: 3)
        let expected = (0..<9).map { _ in
            String(repeating: "aé中\n<|endof ", count: Int.random(in: 1...60_000, using: &random))
        }
        let path = folder.file("a", expected.joined(separator: separator))
        let source = text(path) {
            $0.documents = .separator
            $0.separator = separator
        }
        #expect(try documents(source) == expected)
        let exact = folder.file("b", String(repeating: "a", count: Passage.usualBytes))
        #expect(try documents(text(exact) { $0.documents = .separator }).map(\.count) == [Passage.usualBytes])
    }

    @Test func kindsOfFilesAreNamed() throws {
        let folder = TemporaryFolder()
        for (bytes, says) in [
            (Array("%PDF-1.7\n".utf8), "is a PDF"), ([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0], "zstd -d"),
            (Array("BZh91AY".utf8), "bunzip2"), ([0x50, 0x4b, 3, 4, 0, 0, 0], "zip archive"),
        ] as [([UInt8], String)] {
            let path = folder.file("a", bytes)
            #expect { try documents(text(path) { _ in }) } throws: { isDataError($0, path, says) }
        }
    }

    @Test func homeIsATilde() throws {
        let home = try #require(ProcessInfo.processInfo.environment["HOME"])
        #expect(SpecPath("~/a/b").resolved == SpecPath(home + "/a/b").resolved)
        #expect(SpecPath("/x/~/b").resolved == "/x/~/b")
    }
}

@Suite struct HeldOutTests {
    private func prepare(_ request: DataRequest, _ folder: TemporaryFolder) throws -> PreparedData {
        try DataPreparation(request, cache: folder.cache).run()
    }

    private func text(_ split: PreparedSplit, _ data: PreparedData) -> String {
        var bytes: [UInt8] = []
        for token in 0..<split.tokens.count { data.vocabulary.decode(Int(split.tokens[token]), into: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func splitsFromFilesOfTheirOwn() throws {
        let folder = TemporaryFolder()
        var config = TextSource.Config()
        config.path = [SpecPath(folder.file("train.txt", "training text"))]
        config.validation = [SpecPath(folder.file("valid.txt", "validation"))]
        config.test = [SpecPath(folder.file("test.txt", "a test"))]
        var request = DataRequest(
            source: choose(TextSource.self, config), tokenizer: choose(ByteTokenizer.self, .init()))
        let data = try prepare(request, folder)
        #expect(text(data.train, data) == "training text")
        #expect(text(data.validation, data) == "validation")
        #expect(try text(#require(data.test), data) == "a test")
        // One document in each split: nothing stands between documents.
        #expect(data.vocabulary.endOfText == nil && TextSource(config).documentLayout == .one)
        request.split = SplitConfig(train: 0.5, validation: 0.5)
        #expect { try prepare(request, folder) } throws: {
            isDataError($0, "data.split", "validation files of its own")
        }

        var rows = JSONLinesSource.Config()
        rows.path = [SpecPath(folder.file("a.jsonl", "{\"text\":\"one\"}\n{\"text\":\"two\"}\n"))]
        rows.validation = [SpecPath(folder.file("b.jsonl", "{\"text\":\"three\"}\n"))]
        let json = try prepare(
            DataRequest(source: choose(JSONLinesSource.self, rows), tokenizer: choose(ByteTokenizer.self, .init())),
            folder)
        #expect(text(json.train, json) == "one<|endoftext|>two" && text(json.validation, json) == "three")
        var table = CSVSource.Config()
        table.path = [SpecPath(folder.file("a.csv", "text\none\n"))]
        table.validation = [SpecPath(folder.file("b.csv", "text\ntwo\n"))]
        let csv = try prepare(
            DataRequest(source: choose(CSVSource.self, table), tokenizer: choose(ByteTokenizer.self, .init())), folder)
        #expect(text(csv.train, csv) == "one" && text(csv.validation, csv) == "two")
    }

    @Test func aSeedShufflesDocuments() throws {
        let folder = TemporaryFolder()
        let texts = (0..<40).map { "document \($0)" }
        func splits(_ seed: UInt64?) throws -> [[String]] {
            var split = SplitConfig(train: 0.75, validation: 0.25, by: .documents)
            split.seed = seed
            let data = try prepare(
                DataRequest(
                    source: CountedSource.chosen(texts), split: split, tokenizer: choose(ByteTokenizer.self, .init())),
                folder)
            return [data.train, data.validation].map { text($0, data).components(separatedBy: "<|endoftext|>") }
        }
        let inOrder = try splits(nil), one = try splits(1), two = try splits(2)
        #expect(inOrder == [Array(texts[..<30]), Array(texts[30...])])
        for shuffled in [one, two] {
            #expect(shuffled.map(\.count) == [30, 10])
            #expect(shuffled.joined().sorted() == texts.sorted())
        }
        #expect(one != two && one != inOrder)
        #expect(try splits(1) == one)
    }

    @Test func rowsThatCannotBeReadAreCounted() throws {
        let folder = TemporaryFolder()
        var rows = JSONLinesSource.Config()
        rows.path = [
            SpecPath(folder.file("a.jsonl", "{\"text\":\"one\"}\n{\"text\":\n{\"text\":7}\n{\"text\":\"two\"}\n"))
        ]
        #expect { try documents(JSONLinesSource(rows)) } throws: { isDataError($0, "line 2") }
        rows.onError = .skip
        #expect(try documents(JSONLinesSource(rows)) == ["one", "two"])
        var notes: [String] = []
        let data = try DataPreparation(
            DataRequest(source: choose(JSONLinesSource.self, rows), tokenizer: choose(ByteTokenizer.self, .init())),
            cache: folder.cache
        ).run { if let note = $0.note { notes.append(note) } }
        #expect(data.card.text?.skippedRows == 2)
        #expect(notes.count == 1 && notes[0].contains("skipped 2 rows") && notes[0].contains("line 2"))

        var table = CSVSource.Config()
        table.onError = .skip
        table.path = [
            SpecPath(
                folder.file(
                    "a.csv",
                    Array("id,text\n1,one\n2\n3,t\"wo\n4,\"five\nsix\"\n5,".utf8) + [0xff] + Array("\n6,end\n".utf8)))
        ]
        #expect(try documents(CSVSource(table)) == ["one", "five\nsix", "end"])
        // Behind a quote that is never closed, nobody can tell where rows begin.
        table.path = [SpecPath(folder.file("b.csv", "id,text\n1,one\n2,\"two\n3,three\n"))]
        #expect { try documents(CSVSource(table)) } throws: { isDataError($0, "line 3", "never closed") }
    }
}

/// Headers are as NumPy 2.4.6 writes them.
@Suite struct TokenSourceTests {
    private func npy(_ descr: String, _ shape: String, _ data: [UInt8]) -> [UInt8] {
        var header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }"
        header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + data
    }

    private func little<ID: FixedWidthInteger>(_ ids: [ID]) -> [UInt8] {
        ids.map(\.littleEndian).withUnsafeBytes { Array($0) }
    }

    private func run(_ bytes: [UInt8], _ change: (inout TokenSource.Config) -> Void = { _ in }) throws
        -> ReadyTokens.Run
    {
        let folder = TemporaryFolder()
        var config = TokenSource.Config()
        config.path = [SpecPath(folder.file("a.bin", bytes))]
        change(&config)
        guard case .tokens(let tokens) = try TokenSource(config).gather(SourceContext(folder: "/nowhere")).content
        else {
            throw DataError("test", "no tokens")
        }
        return tokens.training[0]
    }

    @Test func numPyArrays() throws {
        let two = try run(npy("<u2", "(3,)", little([1, 500, 65535] as [UInt16])))
        #expect(two.offset == 128 && two.count == 3 && two.width == .two)
        for type in ["<u4", "<i4"] {
            let four = try run(npy(type, "(2,)", little([1, 70_000] as [UInt32])))
            #expect(four.offset == 128 && four.count == 2 && four.width == .four)
        }
        for (type, shape, says) in [
            ("<i8", "(2,)", "type '<i8'"), (">u2", "(4,)", "type '>u2'"), ("<u2", "(2, 2)", "2 dimensions"),
            ("<u2", "(9,)", "the file has"),
        ] {
            #expect { try run(npy(type, shape, [UInt8](repeating: 1, count: 8))) } throws: { isDataError($0, says) }
        }
        #expect { try run(npy("<u4", "(2,)", little([1, 2] as [UInt32]))) { $0.dtype = .uint16 } } throws: {
            isDataError($0, "32 bits", "dtype")
        }
    }

    @Test func wideIdsAndTextAreNoticed() throws {
        let ids = (0..<100).map { UInt32($0 * 300) }
        #expect { try run(little(ids)) } throws: { isDataError($0, "32-bit ids", "dtype to uint32") }
        #expect { try run(little(ids.map { UInt64($0) })) } throws: { isDataError($0, "64-bit ids") }
        #expect { try run(little(ids.map { $0 + ($0 % 2) * 0x1_0000 + 0x1_0000 })) } throws: {
            isDataError($0, "32-bit ids")
        }
        let four = try run(little(ids)) { $0.dtype = .uint32 }
        #expect(four.count == 100 && four.width == .four)
        #expect(try run(little(ids)) { $0.dtype = .uint16 }.count == 200)
        #expect(try run(little(ids.map { UInt16($0) })).width == .two)
        #expect(try run(little(ids.map { UInt16($0 % 65) })).count == 100)
        for text in ["To be, or not to be, that is the question.", "中文，还有别的字。中文，还有别的字。"] {
            #expect { try run(Array(text.utf8)) } throws: { isDataError($0, "looks like text", "source 'text'") }
        }
        #expect { try run([0x1f, 0x8b] + little(ids)) } throws: { isDataError($0, "gzip") }
    }
}
