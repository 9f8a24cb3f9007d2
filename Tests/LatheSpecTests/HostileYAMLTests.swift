import LatheSpec
import TestSupport
import Testing

/// Broken or malicious YAML. The tests bound the work by the number of values, not by time.
@Suite struct HostileYAMLTests {
    private func expect(_ text: String, says expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
        do throws(Diagnostics) {
            let node = try Node(parsing: SourceText(text, name: "x.yaml"))
            Issue.record("read as \(node.yaml)", sourceLocation: sourceLocation)
        } catch {
            expectText(error.description, expected, sourceLocation: sourceLocation)
        }
    }

    private func messages(_ text: String) -> [String] {
        do throws(Diagnostics) {
            _ = try Node(parsing: SourceText(text, name: "x.yaml"))
            return []
        } catch {
            return error.list.map(\.message)
        }
    }

    @Test func aliases() throws {
        let node = try Node(parsing: SourceText("a: &x {b: [1]}\nc: *x\nd: &x 2\ne: *x", name: "x.yaml"))
        #expect(node.yaml == "a:\n  b: [1]\nc:\n  b: [1]\nd: 2\ne: 2\n")
        #expect(node["c"]?.mark?.line == 2)
    }

    @Test func aliasBomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...20 {
            let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        #expect(messages(text) == ["more than 100000 values once the alias '*a3' is expanded"])
    }

    @Test func recursiveAlias() {
        expect(
            "a: &a [1, *a]",
            says: """
                x.yaml:1:11: error: the alias '*a' refers to the value that contains it
                    1 | a: &a [1, *a]
                      |           ^
                """)
        expect(
            "a: *b",
            says: """
                x.yaml:1:4: error: no '&b' above this alias
                    1 | a: *b
                      |    ^
                """)
    }

    @Test(arguments: [("[", 10_000), ("{a: ", 10_000), ("- ", 10_000), ("? ", 10_000), ("[", 4 << 20), ("- ", 2 << 20)])
    func deepNesting(_ opening: String, _ count: Int) {
        #expect(messages(String(repeating: opening, count: count)) == ["nested more than 64 levels deep"])
    }

    @Test func deepBlocks() {
        let text = (0..<1000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(messages(text) == ["nested more than 64 levels deep"])
    }

    @Test func tooManyValues() {
        #expect(messages(String(repeating: "- 1\n", count: 200_000)) == ["more than 100000 values"])
        #expect(messages(String(repeating: " ", count: (4 << 20) + 1)) == ["larger than 4 MiB"])
    }

    @Test func manyDuplicatesAndTags() {
        #expect(messages(String(repeating: "a: 1\n", count: 40_000)).count == 39_999)
        #expect(messages(String(repeating: "- !t 1\n", count: 40_000)).count == 40_000)
    }

    @Test func manyUnknownKeys() {
        let text = (0..<45_000).map { "learning_rat\($0): 1\n" }.joined()
        #expect(load(text).problems.list.count == 45_003)
        #expect(load(String(repeating: "k", count: 4_000_000) + ": 1").problems.hasErrors)
    }

    @Test func tabs() {
        expect(
            "a:\n\tb: 1",
            says: """
                x.yaml:2:1: error: this line is indented with a tab; YAML requires spaces
                    2 | \tb: 1
                      | ^
                """)
        expect(
            "a:\n  \tb: 1",
            says: """
                x.yaml:2:3: error: this line is indented with a tab; YAML requires spaces
                    2 |   \tb: 1
                      |   ^
                """)
        #expect(messages("a:\t1\nb: [\t2]") == [])
    }

    @Test func duplicateKeysTagsAndMergeKeys() {
        expect(
            "{a: 1, a: 2, <<: {b: 1}, c: !x 3, d: !!int 4}",
            says: """
                x.yaml:1:8: error: duplicate key 'a', first on line 1
                    1 | {a: 1, a: 2, <<: {b: 1}, c: !x 3, d: !!int 4}
                      |        ^
                x.yaml:1:14: error: merge keys ('<<') are not supported; use 'extends'
                    1 | {a: 1, a: 2, <<: {b: 1}, c: !x 3, d: !!int 4}
                      |              ^
                x.yaml:1:29: error: the tag '!x' is not supported: remove it
                    1 | {a: 1, a: 2, <<: {b: 1}, c: !x 3, d: !!int 4}
                      |                             ^
                x.yaml:1:38: error: the tag '!!int' is not supported: remove it
                    1 | {a: 1, a: 2, <<: {b: 1}, c: !x 3, d: !!int 4}
                      |                                      ^
                """)
    }

    @Test func severalDocuments() {
        let second = "a second document starts here; a file can contain only one"
        #expect(messages("a: 1\n---\nb: 1\n") == [second])
        #expect(messages("a: 1\n...\nb: 1\n") == [second])
        #expect(messages("---\na: 1\n...\n") == [])
    }

    @Test func whatIsNotClosed() {
        expect(
            "a: [1, 2\nb: 3\n",
            says: """
                x.yaml:1:4: error: this '[' is not closed, or a ',' is missing after an item
                    1 | a: [1, 2
                      |    ^
                      = noticed on line 2
                """)
        expect(
            "a: {b: 1]",
            says: """
                x.yaml:1:4: error: this '{' is not closed, or a ',' is missing after an item
                    1 | a: {b: 1]
                      |    ^
                """)
        expect(
            "a: 'b\nc: 1",
            says: """
                x.yaml:1:4: error: this quotation mark is not closed
                    1 | a: 'b
                      |    ^
                      = noticed on line 2
                """)
    }

    @Test func misplacedText() {
        expect(
            "a: b: c",
            says: """
                x.yaml:1:5: error: unexpected ':'
                    1 | a: b: c
                      |     ^
                      = text that contains ': ' needs quotes; a key must line up with the keys above it
                """)
        expect(
            "a:\n  b: 1\n c: 2",
            says: """
                x.yaml:3:2: error: expected a key here
                    3 |  c: 2
                      |  ^
                      = all keys of a mapping start in the same column
                """)
        expect(
            "a: @b",
            says: """
                x.yaml:1:4: error: this character cannot start a value
                    1 | a: @b
                      |    ^
                      = put quotes around the text
                """)
        #expect(messages("[a, b]: 1") == ["a key must be a word"])
        #expect(messages("a: 1\nb") == ["expected 'key: value'"])
    }

    @Test func controlCharacters() throws {
        expect(
            "a: 1\nb: x\u{0}y",
            says: """
                x.yaml:2:5: error: a NUL character is not allowed in YAML
                    2 | b: x\u{FFFD}y
                      |     ^
                      = in double quotes, write it as \\x00
                """)
        #expect(messages("a: \u{1B}[31m") == ["the control character U+001B is not allowed in YAML"])
        let escaped = try Node(parsing: SourceText(#"a: "x\0y\e""#, name: "x.yaml"))
        #expect(escaped["a"]?.text == "x\u{0}y\u{1B}")
    }

    @Test func byteOrderMarkAndLineEnds() throws {
        let marked = try Node(parsing: SourceText("\u{FEFF}a: 1\r\nb:\r\n  c: 2\r", name: "x.yaml"))
        #expect(marked.entries?.first?.keyMark?.column == 1)
        #expect(marked["b"]?["c"]?.mark?.line == 3)
        expectText(
            load("\u{FEFF}sed: 1\r\nsede: 2\r\n").problems.list.last.map { Diagnostics([$0]).description } ?? "",
            """
            gpt.yaml:2:1: error: unknown key 'sede' in the spec; did you mean 'seed'?
                2 | sede: 2
                  | ^
            """)
    }

    @Test func longAndWideLinesAreCut() {
        let long = "{name: x, " + (0..<2000).map { "a\($0): 1, " }.joined() + "}"
        let lines = load(long).problems.description.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count < 260 })
        let wide = Diagnostics(load("{語語語: 1, sed: 2}").problems.list.filter { $0.message.contains("sed") })
        expectText(
            wide.description,
            """
            gpt.yaml:1:10: error: unknown key 'sed' in the spec; did you mean 'seed'?
                1 | {語語語: 1, sed: 2}
                  |             ^
            """)
    }

    @Test func folders() {
        #expect(throws: Diagnostics.self) { try Node(file: "/tmp") }
    }
}
