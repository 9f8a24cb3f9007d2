import Foundation
import LatheResults
import Testing

/// Runs whose text and vocabulary are gone or elsewhere, and results folders on another machine.
@Suite struct MovedRunTests {
    /// Everything that needs no text works from the results folder alone: another root, no cache, no data.
    @Test(arguments: ["gpt.yaml", "lstm.yaml"]) func copiedResultsWork(_ spec: String) throws {
        let home = try Sandbox(), away = try Sandbox()
        let run = try home.run(spec, "training.steps=4"), other = try home.run(spec, "training.steps=4", "seed=8")
        let loss = try home.done("evaluate", run.path, "--json").output
        let text = try home.done("generate", run.path, "--tokens", "20").output
        let ids = try home.done("tokenize", run.path, input: "the cat").output
        for name in ["a.txt", spec] { try FileManager.default.removeItem(atPath: away.file(name)) }
        try FileManager.default.copyItem(atPath: home.file("results"), toPath: away.file("results"))
        try FileManager.default.moveItem(atPath: home.file("a.txt"), toPath: away.file("elsewhere.txt"))

        #expect(try away.done("runs").output.contains(run.name))
        #expect(try away.done("compare", run.name, other.name).output.contains("seed"))
        try away.done("report", "--output", "report.html")
        #expect(away.exists("report.html"))
        #expect(try away.done("generate", run.name, "--tokens", "20").output == text)
        #expect(try away.done("tokenize", run.name, input: "the cat").output == ids)

        let missing = try away.lathe("evaluate", run.name)
        #expect(missing.code == 2)
        #expect(missing.errors.contains("'--set data.source.path=PATH' says where it is now"), "\(missing.errors)")
        let moved = ["evaluate", run.name, "--json", "--set", "data.source.path=elsewhere.txt"]
        #expect(try away.start(moved).wait().output == loss)
    }

    /// What `--set` names must have the same contents, and may change nothing but a path.
    @Test func movedFilesAreChecked() throws {
        let sandbox = try Sandbox()
        let run = try sandbox.run("gpt.yaml", "training.steps=4")
        try run.updateRecord { $0.status = .interrupted }
        for step in try run.checkpointSteps() { try run.removeCheckpoint(step: step) }
        let text = try sandbox.text("a.txt"), metrics = try sandbox.bytes(run.metrics)
        try FileManager.default.removeItem(atPath: sandbox.file("a.txt"))
        try sandbox.write(text + "More.\n", to: "other.txt")
        let other = try sandbox.lathe("resume", "last", "--set", "data.source.path=other.txt")
        #expect(other.code == 2)
        #expect(other.errors.contains("the text or split has changed since the run began"), "\(other.errors)")
        let change = try sandbox.lathe("resume", "last", "--set", "training.steps=9")
        #expect(change.code == 2)
        #expect(change.errors.contains("may only say where a file of the run is now"), "\(change.errors)")
        #expect(try sandbox.bytes(run.metrics) == metrics)
        try sandbox.write(text, to: "moved/a.txt")
        try sandbox.done("resume", "last", "--set", "data.source.path=moved/a.txt")
        #expect(try run.readRecord().status == .completed)
        #expect(try sandbox.bytes(run.metrics) == metrics)
    }

    /// A run has its own copy of a published vocabulary.
    @Test func vocabularyFileIsNotNeeded() throws {
        let sandbox = try Sandbox()
        try sandbox.write("#version: 0.2\nt h\nth e\n", to: "vocab.bpe")
        let run = try sandbox.run("gpt.yaml", "tokenizer={type: gpt2, path: vocab.bpe}", "training.steps=4")
        let loss = try sandbox.done("evaluate", "last", "--json").output
        try FileManager.default.removeItem(atPath: sandbox.file("vocab.bpe"))
        try FileManager.default.removeItem(atPath: sandbox.file("cache"))
        #expect(try sandbox.done("evaluate", "last", "--json").output == loss)
        try sandbox.done("generate", "last", "--tokens", "5")
        #expect(try sandbox.done("tokenize", "last", input: "the").output == "257\n")
        let metrics = try sandbox.bytes(run.metrics)
        try run.updateRecord { $0.status = .interrupted }
        for step in try run.checkpointSteps() { try run.removeCheckpoint(step: step) }
        try sandbox.done("resume", "last")
        #expect(try sandbox.bytes(run.metrics) == metrics)
    }
}
