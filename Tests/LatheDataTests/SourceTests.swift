import Foundation
import LatheComponents
import LatheDataSources
import LatheSpec
import Testing

private func jsonl(_ path: String, column: String = "text") -> JSONLinesSource {
    var config = JSONLinesSource.Config()
    (config.path, config.column) = ([SpecPath(path)], column)
    return JSONLinesSource(config)
}

private func csv(_ path: String, column: String = "text", delimiter: CSVSource.Delimiter = .comma) -> CSVSource {
    var config = CSVSource.Config()
    (config.path, config.column, config.delimiter) = ([SpecPath(path)], column, delimiter)
    return CSVSource(config)
}

private func mixture(_ parts: [(any DataSource, Double)], until: MixtureSource.End, seed: UInt64 = 0) -> MixtureSource {
    var config = MixtureSource.Config()
    config.sources = parts.map { source, weight in
        var part = MixtureSource.Part()
        part.source = Chosen(kind: "source", name: "given", config: CountedSource.Config()) { (source, source) }
        part.weight = weight
        return part
    }
    (config.until, config.seed) = (until, seed)
    return MixtureSource(config)
}

private func given(_ documents: [String]) -> CountedSource {
    var config = CountedSource.Config()
    config.documents = documents
    return CountedSource(config)
}

@Suite struct SourceTests {
    @Test func pathsNameFilesFoldersAndPatterns() throws {
        let folder = TemporaryFolder()
        for name in ["b/2.txt", "b/1.txt", "b/c/d/3.txt", "b/.hidden", "b/c/4.md", "a[1].txt"] {
            let path = folder.path + "/" + name
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            _ = folder.file(name, name)
        }
        func find(_ path: String) throws -> [String] {
            try SourceFiles.find(folder.path + "/" + path).map { String($0.dropFirst(folder.path.count + 1)) }
        }
        #expect(try find("b") == ["b/1.txt", "b/2.txt", "b/c/4.md", "b/c/d/3.txt"])
        #expect(try find("b/*.txt") == ["b/1.txt", "b/2.txt"])
        #expect(try find("b/**/*.txt") == ["b/1.txt", "b/2.txt", "b/c/d/3.txt"])
        #expect(try find("**/?.[mt]*") == ["b/1.txt", "b/2.txt", "b/c/4.md", "b/c/d/3.txt"])
        #expect(try find("a[1].txt") == ["a[1].txt"])
        #expect(throws: DataError.self) { try find("b/*.csv") }
        for (file, path, isIts) in [
            ("/a/b", "/a/b", true), ("/a/b/c", "/a/b", true), ("/a/bc", "/a/b", false), ("/a/x/y", "/a/*/y", true),
            ("/b/x/y", "/a/*/y", false),
        ] { #expect(SourceFiles.isFile(file, of: path) == isIts, "\(file) of \(path)") }
    }

    /// A source is read more than once: opening a pipe waits for a writer, and some devices never end.
    @Test func pipesAndDevicesAreNoFiles() throws {
        let folder = TemporaryFolder()
        let pipe = folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [pipe, "/dev/zero"] {
            #expect { try SourceFiles.find(path) } throws: {
                "\($0)".hasPrefix("\(path): is a pipe or a device, but the file is read more than once")
            }
        }
        _ = folder.file("text.txt", "text")
        #expect(try SourceFiles.find(folder.path) == [folder.path + "/text.txt"])
    }

    @Test func gzipFilesAreText() throws {
        let folder = TemporaryFolder()
        let text = String(repeating: "some text that is compressed well, héhé\n", count: 60_000)
        let plain = folder.file("a.txt", text)
        let path = folder.path + "/a.txt.gz"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "gzip -kc '\(plain)' > '\(path)' && gzip -c '\(plain)' >> '\(path)'"]
        try process.run()
        process.waitUntilExit()
        #expect(try documents(TextSource(paths: [path])) == [text + text])
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        for (name, damaged, says) in [
            ("cut", Array(bytes.dropLast(20)), "the gzip data ends too soon: the file is truncated"),
            ("head", Array(bytes.prefix(5)), "the gzip data ends too soon: the file is truncated"),
            ("more", bytes + Array("more".utf8), "the bytes after the gzip data are not gzip"),
            (
                "sum", bytes.dropLast(8) + [1, 2, 3, 4] + bytes.suffix(4),
                "the gzip data is damaged: incorrect data check"
            ),
        ] {
            #expect { try documents(TextSource(paths: [folder.file(name, damaged)])) } throws: {
                isDataError($0, name, "byte", says)
            }
        }
        #expect(try documents(TextSource(paths: [folder.file("padded", bytes + [0, 0, 0])])) == [text + text])
    }

    @Test func jsonLinesAreDocuments() throws {
        let folder = TemporaryFolder()
        let long = String(repeating: "a line of a long document, é\n", count: 90_000)
        let lines = [
            #"{"text": "one", "n": [1, -2.5e3, {"text": "no"}], "b": true}"#, "",
            #"{"other": null, "text": "\u00e9 \ud83d\ude00 \n\t\"\\\/"}"#, #"  {"text":""}  "#,
            "{\"text\": \"\(long.replacingOccurrences(of: "\n", with: "\\n"))\"}\r",
        ]
        let path = folder.file("a.jsonl", "\u{feff}" + lines.joined(separator: "\n"))
        #expect(try documents(jsonl(path)) == ["one", "é 😀 \n\t\"\\/", "", long])
    }

    @Test(arguments: [
        ("{\"text\": \"a\"}\n{\"text\" \"b\"}", "byte 22: line 2: is not JSON: found '\"', expected ':' after a key"),
        ("not JSON", "byte 0: line 1: is not JSON: is not a JSON object: it begins with 'n'"),
        ("{\"text\": \"a\"", "byte 12: line 1: is not JSON: found its end, expected ',' or '}' after a value"),
        ("{\"text\": \"a", "byte 9: line 1: is not JSON: the string that begins here has no end: a '\"' is missing"),
        (
            "{\"text\": \"a\u{0}\"}",
            "byte 11: line 1: is not JSON: found byte 0x0 in a string, where it must be escaped"
        ),
        ("{\"text\": \"\\ud800\"}", "byte 10: line 1: is not JSON: an escape is half of a surrogate pair"),
        ("{\"text\": \"a\"} {}", "byte 14: line 1: is not JSON: found '{' after the object"),
        ("{\"x\": 01}", "byte 6: line 1: is not JSON: a number begins with 0"),
        ("{\"text\": 3}", "byte 0: line 1: has a number under 'text', where a string is needed"),
        ("{\"a\": 1, \"b\": 2}", "byte 0: line 1: has no key 'text'; there are 'a', 'b'; set data.source.column"),
    ]) func jsonThatIsNone(_ text: String, _ says: String) throws {
        let folder = TemporaryFolder()
        let path = folder.file("a.jsonl", text)
        #expect { try documents(jsonl(path)) } throws: { ($0 as? DataError)?.description == "\(path): \(says)" }
    }

    @Test func fieldsAreDocuments() throws {
        let folder = TemporaryFolder()
        let long = String(repeating: "many, \"lines\"\n", count: 200_000)
        let quoted = long.replacingOccurrences(of: "\"", with: "\"\"")
        let path = folder.file(
            "a.csv", "\u{feff}id,text\r\n1,one\r\n2,\"a \"\"b\"\",\r\nc\"\n\n3,\n4,\"\(quoted)\"\n5,last")
        #expect(try documents(csv(path)) == ["one", "a \"b\",\r\nc", "", long, "last"])
        #expect(try documents(csv(path, column: "id")) == ["1", "2", "3", "4", "5"])
        let tabs = folder.file("a.tsv", "a\ttext\nx\ty, z\n")
        #expect(try documents(csv(tabs, delimiter: .tab)) == ["y, z"])
        let single = folder.file("b.csv", "text\na\n\nb\n")
        #expect(try documents(csv(single)) == ["a", "", "b"])
    }

    @Test(arguments: [
        ("text\n\"a\nb\nc", "byte 5: line 2: the quote that opens a field here is never closed"),
        (
            "id,text\n1,\"a\" b\n",
            "byte 13: line 2: text follows the quote that ends a field; a quote within a field is written twice"
        ),
        (
            "id,text\n1,a\"b\n",
            "byte 11: line 2: a quote within a field that is not in quotes; put the field in quotes and the quote twice"
        ),
        ("id,text\n1,a\n2\n", "byte 12: line 3: the row has 1 field where the header has 2"),
        ("id,text\n1,a,b\n", "byte 8: line 2: the row has 3 fields where the header has 2"),
        ("id,text\n1,\u{0}\n", "byte 10: line 2: is NUL, which text does not contain"),
        (
            "id,note\n1,a\n",
            "byte 0: line 1: the header has no column 'text'; there are 'id', 'note'; set data.source.column or delimiter"
        ),
        (
            "text,id,text\na,1,b\n",
            "byte 0: line 1: the header has the column 'text' 2 times, as columns 1 and 3; give each a unique name"
        ),
    ]) func tablesThatAreNone(_ text: String, _ says: String) throws {
        let folder = TemporaryFolder()
        let path = folder.file("a.csv", text)
        #expect { try documents(csv(path)) } throws: { ($0 as? DataError)?.description == "\(path): \(says)" }
    }

    /// A long document comes in several passages, with no other document's between them.
    @Test func mixturesKeepDocumentsWhole() throws {
        let folder = TemporaryFolder()
        let long = (0..<3).map { String(repeating: "line \($0)\n", count: Passage.usualBytes / 3) }
        let files = TextSource(paths: long.enumerated().map { folder.file("\($0).txt", $1) })
        let short = (0..<30).map { "short \($0)" }
        let mixed = try documents(mixture([(files, 1), (given(short), 5)], until: .all))
        #expect(mixed.filter { $0.utf8.count > 100 } == long)
        #expect(mixed.filter { $0.utf8.count <= 100 } == short)
        let first = try #require(mixed.firstIndex(of: long[0])), second = try #require(mixed.firstIndex(of: long[1]))
        #expect(second - first > 1)
    }

    @Test func mixturesFollowTheirWeights() throws {
        let a = given((0..<3000).map { "a\($0)" }), b = given((0..<1000).map { "b\($0)" })
        let mixed = try documents(mixture([(a, 2), (b, 1)], until: .first))
        let shares = mixed.prefix(1500).count { $0.hasPrefix("a") }
        // 1,500 draws at odds of 2 to 1: 1,000 expected, with a standard deviation of 18.
        #expect(abs(shares - 1000) < 100)
        #expect(mixed.filter { $0.hasPrefix("a") } == (0..<mixed.count { $0.hasPrefix("a") }).map { "a\($0)" })
        // It ends when the first source is exhausted.
        #expect((mixed.count { $0.hasPrefix("b") } == 1000) != (mixed.count { $0.hasPrefix("a") } == 3000))
        #expect(try documents(mixture([(a, 2), (b, 1)], until: .first)) == mixed)
        #expect(try documents(mixture([(a, 2), (b, 1)], until: .first, seed: 1)) != mixed)
        let all = try documents(mixture([(a, 2), (b, 1)], until: .all))
        #expect(all.count == 4000 && Array(all.prefix(mixed.count)) == mixed)
    }
}
