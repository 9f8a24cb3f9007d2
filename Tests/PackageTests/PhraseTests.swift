import Foundation
import Testing

/// Phrases that a native speaker would not use, each with a better one, found in earlier versions of this project.
@Suite struct PhraseTests {
    private static let phrases: [(pattern: String, better: String)] = [
        ("gone on with|go(es)? on (where|from there)|run goes on|went on (where|as)", "resumes where it stopped"),
        ("to the bit", "bit-for-bit"),
        ("kill(ed)? at any moment", "however it is interrupted"),
        (
            "(?<!there )\\bis no (address|checkpoint|experiment|file|folder|metric|model|name|news|number|page|run|spec"
                + "|sweep|text|tokenizer|url)",
            "is not a …"
        ),
        ("no run fulfils|that fulfil\\b", "no run matches"),
        ("(held|holds?|holding) [a-z0-9 /]{0,20}against", "compare"),
        ("what came of|came of each", "the result of each"),
        ("which tells it|tells which it is", "with a warning; says which"),
        ("for what (it is|they are)\\b", "say what happens"),
        ("what becomes of", "what happens to; if it fails: …"),
        ("chosen before looking|before one looked", "fixed in advance"),
        ("than (it|they) had been", "above their best"),
        ("(is|was) called only where|difference is called", "is reported only if"),
        ("\\bsittings?\\b", "session"),
        ("\\ban own\\b", "a custom; its own"),
        ("of so many\\b|so many (bytes|runs|seconds|steps|tokens|values)", "this many; one in N"),
        ("for the moment\\b", "transient; for now"),
        ("(can|could|may) (not )?be had|cannot be had|to be had", "available; fails"),
        ("(is|are) told (of|from) ", "receives; is separated from"),
        ("taken apart", "profiled"),
        ("how .{0,30} are tamed", "clipping"),
        ("divides the logits|takes the likeliest", "sampling temperature; greedy"),
        ("who asks\\b", "User-Agent"),
        ("apart from the gradient", "decoupled"),
        ("follow their gradients", "optimizer update rule"),
        ("that differ in [a-z ]{1,20} (only|alone)\\b", "that differ only in …"),
        ("curves part\\b", "curves diverge"),
        ("comes to the same|come to the same", "reaches the same"),
        ("(as|since) they (are|stand|come) in\\b", "say what happens"),
        ("so far (it|they) (was|were)", "before, …"),
        ("what there is to", "the available …"),
        ("are said to be what|for whatever it", "recognised as"),
        ("asked for again|asks for it again", "fetched again; retried"),
        ("are not hurried|is not hurried", "waits between requests"),
        ("worker s bed|a worker's bed", "say what happens"),
        ("who(m|ever) asked", "by any thread"),
        ("user can mend|can be mended", "user can fix"),
        ("what it is, in a line|///? (the defaults|its knobs|itself|as configured)\\.", "no such comment"),
        ("did not pay\\b", "did not help"),
        ("which idea gave", "which optimizations helped"),
    ]

    /// Texts for readers, and code; not data and not this list.
    private static let folders = [
        "Benchmarks", "Plugins", "Sources", "Tests", "docs", "experiments", "scripts", "README.md", "CONTRIBUTING.md",
        "CHANGELOG.md", "results/README.md", "Makefile", "Dockerfile", "Package.swift", ".ci/run",
    ]
    private static let skipped = ["Tests/References/", "Tests/PackageTests/PhraseTests.swift", "Tests/Pages/"]

    @Test func textsUseNoTranslatedPhrases() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
        let expressions = try Self.phrases.map {
            (try NSRegularExpression(pattern: $0.pattern, options: .caseInsensitive), $0.better)
        }
        var count = 0
        for path in Self.files(under: root) {
            guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8) else { continue }
            count += 1
            // Phrases may span lines of a comment. Names of tests and types are read as words.
            let flat = text.replacing(#/\n[ \t]*(?:///?|#|\*)?[ \t]*/#, with: " ")
            for text in [flat, flat.replacing(#/([a-z])([A-Z])/#) { "\($0.1) \($0.2)" }] {
                for (expression, better) in expressions {
                    let whole = NSRange(text.startIndex..., in: text)
                    guard let match = expression.firstMatch(in: text, range: whole),
                        let range = Range(match.range, in: text)
                    else { continue }
                    let end = text.index(range.upperBound, offsetBy: 30, limitedBy: text.endIndex) ?? text.endIndex
                    Issue.record("\(path): “\(text[range.lowerBound..<end])”; better: \(better)")
                }
            }
        }
        #expect(count > 400)
    }

    private static func files(under root: URL) -> [String] {
        let manager = FileManager.default
        return folders.flatMap { folder in
            [folder] + (manager.subpaths(atPath: root.appending(path: folder).path) ?? []).map { folder + "/" + $0 }
        }
        .filter { path in !skipped.contains { path.hasPrefix($0) } && !path.contains("__pycache__") }
    }
}
