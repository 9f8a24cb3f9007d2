import Foundation
import LatheCleaning
import LatheComponents
import LatheData
import LatheSpec
import LatheSystem
import LatheTokenizers
import Testing

/// The documents that a step keeps, and the number of changes that it reports.
private func clean(_ step: any CleaningStep, _ documents: [String]) throws -> (kept: [String], changes: [String: Int]) {
    var cleaner = step.makeCleaner()
    var kept: [String] = []
    for document in documents {
        // Cut in the middle of a document, so that each step must keep state.
        let scalars = Array(document.unicodeScalars)
        func text(_ part: ArraySlice<Unicode.Scalar>) -> String {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: part)
            return String(view)
        }
        var first = Passage(text: text(scalars[..<(scalars.count / 2)]), endsDocument: false)
        var second = Passage(text: text(scalars[(scalars.count / 2)...]), endsDocument: true)
        try cleaner.clean(&first)
        try cleaner.clean(&second)
        if !second.dropsDocument { kept.append(first.text + second.text) }
    }
    return (kept, Dictionary(uniqueKeysWithValues: cleaner.changes.map { ($0.name, $0.count) }))
}

@Suite struct CleaningStepTests {
    @Test(arguments: [
        (UnicodeForm.Form.nfc, "é ﬁ ² 한 Å"), (.nfd, "e\u{301} ﬁ ² \u{1112}\u{1161}\u{11ab} A\u{30a}"),
        (.nfkc, "é fi 2 한 Å"), (.nfkd, "e\u{301} fi 2 \u{1112}\u{1161}\u{11ab} A\u{30a}"),
    ]) func unicodeForms(_ form: UnicodeForm.Form, _ expected: String) throws {
        var config = UnicodeForm.Config()
        config.form = form
        let mixed = "e\u{301} ﬁ ² \u{1112}\u{1161}\u{11ab} \u{212b}"
        let cleaned = try clean(UnicodeForm(config), [mixed, "plain", expected])
        #expect(cleaned.kept.map { Array($0.utf8) } == [expected, "plain", expected].map { Array($0.utf8) })
        #expect(cleaned.changes == ["documents_changed": 1])
    }

    /// The values are those of Python 3.11's str.lower.
    @Test(arguments: [
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"), ("ΣΑΣ. Σ Σ.Α", "σας. σ σ.α"), ("ΑΣ'Α ΑΣ' Σ", "ασ'α ας' σ"), ("Σ", "σ"), ("1Σ", "1σ"),
        ("ΑΣ\u{301}", "ας\u{301}"), ("ΑΣ\u{301}Α", "ασ\u{301}α"), ("İΣ", "i\u{307}ς"),
        ("ΑΣ\u{ad} ΑΣ\u{ad}Α", "ας\u{ad} ασ\u{ad}α"), ("ΑΣ\nΑΣ", "ας\nας"),
    ]) func finalSigma(_ text: String, _ expected: String) throws {
        #expect(try clean(Lowercase(.init()), [text, text]).kept == [expected, expected])
    }

    @Test func replacementsLeaveLineEndsAlone() throws {
        var config = Replace.Config()
        config.pattern = "a$"
        config.with = "X"
        #expect(try clean(Replace(config), ["aa\r\na\nba", "a\r\n"]).kept == ["aX\r\nX\nbX", "X\r\n"])
        config.pattern = "(a)|(b)"
        config.with = "[$1$2]"  // as in Python's re.sub, a group that took no part is empty
        #expect(try clean(Replace(config), ["abc"]).kept == ["[a][b]c"])
    }

    @Test func equalDocumentsGo() throws {
        let cleaned = try clean(Deduplicate(.init()), ["one", "two", "one", "", "", "One", "two"])
        #expect(cleaned.kept == ["one", "two", "", "", "One"])
        #expect(cleaned.changes == ["documents_dropped": 2])
    }

    /// Documents dropped by an earlier step are neither counted nor remembered.
    @Test func documentsThatAreDroppedAlreadyAreLeftAlone() throws {
        var cleaner = Deduplicate(.init()).makeCleaner()
        var dropped: [Bool] = []
        for (text, isDropped) in [("a", true), ("a", true), ("a", false), ("a", false), ("a", true)] {
            var passage = Passage(text: text, endsDocument: true)
            passage.dropsDocument = isDropped
            try cleaner.clean(&passage)
            dropped.append(passage.dropsDocument)
        }
        #expect(dropped == [true, true, false, true, true])
        #expect(cleaner.changes.map(\.count) == [1])
    }

    @Test func manyDocumentsAreRemembered() throws {
        var cleaner = Deduplicate(.init()).makeCleaner()
        // Enough to make the step spill its hashes to a file.
        let count = 800_000
        for number in Array(0..<count) + stride(from: 0, to: count, by: 1000) {
            var passage = Passage(text: String(number), endsDocument: true)
            try cleaner.clean(&passage)
        }
        #expect(cleaner.changes.map(\.count) == [800])
    }

    @Test func equalParagraphsGo() throws {
        var config = Deduplicate.Config()
        config.by = .paragraphs
        let cleaned = try clean(
            Deduplicate(config), ["a\nb\n\nc\n\na\nb\n\n\nd", "c\n \ne\n\nc", "a\nb"])
        #expect(cleaned.kept == ["a\nb\n\nc\n\nd", "e\n\n", ""])
        #expect(cleaned.changes == ["paragraphs_dropped": 4])
        let long = String(repeating: "x", count: (1 << 20) + 1)
        #expect(try clean(Deduplicate(config), [long, long]).kept == [long, long])
        // The documents after a long one are compared again.
        let after = try clean(Deduplicate(config), [long + "\n\nsame\n\nsame\n\nend"])
        #expect(after.kept == [long + "\n\nsame\n\nend"])
    }

    /// A CR that ends one document and an LF that begins the next are not one line end.
    @Test func lineEndsAreThoseOfADocument() throws {
        let cleaned = try clean(Whitespace(.init()), ["a\r\nb\r", "\nc\r", "\r\n\r\nd\r\n\r\n\r\ne"])
        #expect(cleaned.kept == ["a\nb\n", "c\n", "d\n\ne"])
        #expect(cleaned.changes == ["white_space_dropped": 10])
    }

    @Test func lengthsAreInCharacters() throws {
        var config = LengthFilter.Config()
        (config.minimum, config.maximum) = (2, 4)
        let cleaned = try clean(LengthFilter(config), ["é", "éé", "中文中文", "中文中文!", ""])
        #expect(cleaned.kept == ["éé", "中文中文"])
        #expect(cleaned.changes == ["documents_too_short": 2, "documents_too_long": 1])
    }

    @Test func matchesAreReplacedByLine() throws {
        var config = Replace.Config()
        (config.pattern, config.with) = (#"^(\w+)@(\w+)$"#, "$2 at $1, $$1 $0")
        let cleaned = try clean(Replace(config), ["a@b\nc d@e\r\nf@g"])
        #expect(cleaned.kept == ["b at a, $1 a@b\nc d@e\r\ng at f, $1 f@g"])
        #expect(cleaned.changes == ["matches_replaced": 2])
        (config.pattern, config.with) = ("e\u{301}", "E")
        #expect(try clean(Replace(config), ["cafe\u{301}s"]).kept == ["cafEs"])
    }

    /// A document that is dropped at its end is taken back, however much of it has been written.
    @Test func longDocumentsAreTakenBack() throws {
        let folder = TemporaryFolder()
        let long = String(repeating: "a line that comes again\n", count: 200_000)  // 4.8 MB
        let documents = ["first\n", long, "second\n", long, "third\n", long + "!", "first\n"]
        var request = DataRequest(
            source: CountedSource.chosen(documents), cleaning: [Chosen(Deduplicate.self, .init())],
            tokenizer: choose(ByteTokenizer.self, .init()))
        request.split = SplitConfig(train: 0.5, validation: 0.5)
        let data = try DataPreparation(request, cache: folder.cache).run()
        let kept = ["first\n", long, "second\n", "third\n", long + "!"]
        #expect(data.text.map { Array($0.bytes) } == Array(kept.joined().utf8))
        #expect(data.documentEnds?.count == 5 && data.card.text?.droppedDocuments == 2)
        #expect(data.card.cleaning.map { "\($0.step) \($0.what) \($0.count)" } == ["deduplicate documents_dropped 2"])
        #expect(data.dataHash == ContentHashes.hash(of: kept.joined()))
        #expect(data.train.characters == kept.joined().count / 2)
    }
}
