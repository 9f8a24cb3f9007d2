import Foundation
import LatheResults
import LatheSystem
import Testing

/// What a newcomer looks up: sections, schemas, pages, starting files, environment variables.
@Suite struct DiscoveryTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL.path

    @Test(arguments: [
        ("lathe.schema.json", "schema", "make schema"), ("lathe-sweep.schema.json", "schema --sweep", "make schema"),
        ("docs/spec.md", "schema --markdown", "make docs"),
        ("docs/sweeps.md", "schema --sweep --markdown", "make docs"),
    ])
    func committedFilesAreCurrent(file: String, command: String, remedy: String) throws {
        let sandbox = try Sandbox()
        let outcome = try sandbox.start(command.split(separator: " ").map(String.init)).wait()
        #expect(outcome.code == 0)
        #expect(try sandbox.text(Self.root + "/" + file) == outcome.output, "run '\(remedy)' and commit \(file)")
    }

    @Test(arguments: [
        ("training", "\n  batch_size "), ("data", "\n  split.train "), ("split", "\n  train "),
        ("data.split", "\n  train "), ("validation", "\n  scope.bytes "), ("samples", "\n  top_k "),
        ("checkpoints", "\n  keep "), ("compute", "\n  precision "), ("sweep", "\n  objective.metric "),
        ("range", "\n  scale "), ("experiment", "\n  training.context "), ("mixture", " sources[].weight "),
    ])
    func sectionsListTheirKeys(name: String, key: String) throws {
        let sandbox = try Sandbox()
        let outcome = try sandbox.done("components", name)
        #expect(outcome.output.contains(key), "\(outcome.output)")
        #expect(try sandbox.done("components").output.contains(name))
        _ = try JSONValue(parsing: Array(try sandbox.done("components", name, "--json").output.utf8))
    }

    @Test func initWritesASweepThatRuns() throws {
        let sandbox = try Sandbox()
        let outcome = try sandbox.done("init", "--sweep")
        #expect(
            outcome.output == """
                wrote sweep.yaml; 'lathe sweep plan sweep.yaml' shows its trials, 'lathe sweep run sweep.yaml' runs them
                its base does not exist yet: 'lathe init experiment.yaml' writes it

                """)
        let mine = try sandbox.done("init", "mine.yaml", "--sweep", "--base", "gpt.yaml")
        #expect(mine.output.split(separator: "\n").count == 1)
        let done = try sandbox.done("sweep", "run", "mine.yaml", "set.training.steps=2", "repeat=1", "--quiet")
        #expect(sandbox.runs.count == 4, "\(done.output)\(done.errors)")
    }

    @Test func initSuitsOnesOwnText() throws {
        let sandbox = try Sandbox()
        try sandbox.done("init", "mine.yaml", "--text", "a.txt")
        let text = try sandbox.text("mine.yaml")
        #expect(text.contains("path: a.txt") && text.contains("type: char"), "\(text)")
        let run = try sandbox.run("mine.yaml", "training.steps=2", "schedule.warmup_steps=0")
        #expect(try run.readRecord().status == .completed)
        // From another folder, and with a name that YAML must quote.
        let line = Texts.sentences(20000, seed: 2).replacing("\n", with: " ")
        try sandbox.write("{\"text\": \"\(line)\"}\n", to: "b: c.jsonl")
        try sandbox.write("", to: "specs/keep")
        let outcome = try sandbox.done("init", "specs/other.yaml", "--text", "b: c.jsonl")
        #expect(outcome.output.contains("\nb: c.jsonl: "), "\(outcome.output)")
        #expect(try sandbox.text("specs/other.yaml").contains("type: jsonl"))
        try sandbox.done("check", "specs/other.yaml")
        // Short, and without a line end.
        try sandbox.write(String(repeating: "abc ", count: 150), to: "short.txt")
        try sandbox.done("init", "short.yaml", "--text", "short.txt")
        _ = try sandbox.run("short.yaml", "training.steps=2", "schedule.warmup_steps=0")
    }

    /// Rare characters are read byte by byte, and much text is cut into pairs.
    @Test func initChoosesTheTokenizer() throws {
        let sandbox = try Sandbox()
        let letters = (0..<3000).map { String(UnicodeScalar(0x4E00 + $0)!) }.joined()
        try sandbox.write(letters, to: "rare.txt")
        try sandbox.write(Texts.sentences(4_100_000, seed: 2), to: "long.txt")
        for (file, tokenizer) in [("rare", "byte"), ("long", "bpe")] {
            try sandbox.done("init", file + ".yaml", "--text", file + ".txt")
            #expect(try sandbox.text(file + ".yaml").contains("type: \(tokenizer)"), "\(file)")
            try sandbox.done("check", file + ".yaml")
        }
    }

    @Test(arguments: [
        (["--text", "missing.txt"], "FOLDER/missing.txt: there is no such file; check the path\n"),
        (["--text", "tiny.txt"], "error: tiny.txt: 9 bytes of text are too few to train and validate on\n"),
    ])
    func initRefuses(arguments: [String], message: String) throws {
        let sandbox = try Sandbox()
        try sandbox.write("too short", to: "tiny.txt")
        let outcome = try sandbox.start(["init", "new.yaml"] + arguments).wait()
        #expect(outcome.code == 2)
        #expect(outcome.errors.replacing(sandbox.path, with: "FOLDER").hasSuffix(message), "\(outcome.errors)")
        #expect(!sandbox.exists("new.yaml"))
    }

    @Test func environmentVariablesAreInOnePlace() throws {
        let sandbox = try Sandbox()
        let listed = try sandbox.done("help", "environment").output
        let page = try sandbox.text(Self.root + "/docs/spec.md")
        var found: Set<String> = []
        for folder in ["Sources", "Plugins"] {
            let files = try #require(FileManager.default.enumerator(atPath: Self.root + "/" + folder))
            for case let file as String in files where file.hasSuffix(".swift") {
                let text = try sandbox.text("\(Self.root)/\(folder)/\(file)")
                for match in text.matches(of: /value\("([A-Z_]{3,})"\)/) { found.insert(String(match.1)) }
            }
        }
        #expect(found.isSuperset(of: ["LATHE_CACHE", "NO_COLOR", "HOME"]))
        for name in found {
            #expect(listed.contains(name), "'\(name)' is missing in EnvironmentVariable.all")
            #expect(page.contains(name), "\(name)")
        }
    }

    @Test func helpKnowsItsCommands() throws {
        let sandbox = try Sandbox()
        #expect(try sandbox.done("help", "run").output.contains("USAGE: lathe run"))
        #expect(try sandbox.done("help", "sweep", "plan").output.contains("USAGE: lathe sweep plan"))
        #expect(try sandbox.done("help").output.contains("lathe help environment"))
    }

    @Test func homeFoldersAndHyphens() throws {
        let sandbox = try Sandbox()
        try sandbox.write(Texts.sentences(6000, seed: 2), to: "home/texts/b.txt")
        let outcome = try sandbox.lathe(
            "run", "gpt.yaml", "data.source.path=~/texts/b.txt", "training.steps=1", "--quiet",
            environment: ["HOME": sandbox.file("home")])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let text = try sandbox.done("generate", "last", "--prompt", "-x", "--tokens", "1").output
        #expect(text.hasPrefix("-x"))
        let short = try sandbox.lathe("run", "gpt.yaml", "training.steps=1,2", "-m", "--quiet")
        #expect(short.code == 0, "\(short.errors)")
        #expect(sandbox.runs.count == 3)
    }
}
