import Foundation
import LatheResults
import LatheSystem
import Testing

/// Checks against the real jsonschema, PyYAML and safetensors, run by the Python in LATHE_INTEROP_PYTHON.
@Suite(.enabled(if: Interop.python != nil, "needs LATHE_INTEROP_PYTHON; make test-interop sets it"))
struct CommandInteropTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL.path

    private static var experiments: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root + "/experiments")) ?? [])
            .filter { $0.hasSuffix(".yaml") }.sorted().map { root + "/experiments/" + $0 }
    }

    @Test func everyExperimentFollowsTheSchema() throws {
        let sandbox = try Sandbox()
        try sandbox.write(try sandbox.done("schema").output, to: "schema.json")
        try #require(Self.experiments.count >= 5)
        let folder = try sandbox.run("gpt.yaml", "training.steps=0")
        try sandbox.done("init", "started.yaml")
        let good = Self.experiments + [folder.configuration, sandbox.file("gpt.yaml"), sandbox.file("started.yaml")]
        let outcome = try Interop.run(["schema", sandbox.file("schema.json")] + good, in: sandbox)
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test func everySweepFollowsTheSchema() throws {
        let sandbox = try Sandbox()
        try sandbox.write(try sandbox.done("schema", "--sweep").output, to: "schema.json")
        try sandbox.done("init", "--sweep", "started.yaml")
        let good = [Self.root + "/experiments/sweeps/quickstart.yaml", sandbox.file("started.yaml")]
        let outcome = try Interop.run(["schema", sandbox.file("schema.json")] + good, in: sandbox)
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test(arguments: [
        ("parameters: {seed: 3}\n", "3"), ("base: x.yaml\nparameters: {seed: []}\n", "[]"),
        ("base: x.yaml\nrepeat: 0\n", "0"), ("base: x.yaml\nstrategy: {type: asha, trails: 3}\n", "trails"),
        ("base: x.yaml\nparameters: {model.dropout: {from: 0, too: 1}}\n", "too"),
    ])
    func wrongSweepsBreakTheSchema(text: String, found: String) throws {
        let sandbox = try Sandbox()
        try sandbox.write(try sandbox.done("schema", "--sweep").output, to: "schema.json")
        try sandbox.write(text, to: "wrong.yaml")
        let outcome = try Interop.run(["schema", sandbox.file("schema.json"), sandbox.file("wrong.yaml")], in: sandbox)
        #expect(outcome.code == 1)
        #expect(outcome.output.contains(found), "\(outcome.output)")
    }

    @Test(arguments: [
        ("model: {type: transformer, layrs: 2}\n", "layrs"), ("model: {type: transformr}\n", "transformr"),
        ("model: {type: lstm, dropout: 1.5}\n", "1.5"), ("model: lstm\ntrainig: {steps: 2}\n", "trainig"),
        ("model: lstm\ntraining: {steps: many}\n", "many"),
    ])
    func wrongSpecsBreakTheSchema(text: String, found: String) throws {
        let sandbox = try Sandbox()
        try sandbox.write(try sandbox.done("schema").output, to: "schema.json")
        try sandbox.write(text, to: "wrong.yaml")
        let outcome = try Interop.run(["schema", sandbox.file("schema.json"), sandbox.file("wrong.yaml")], in: sandbox)
        #expect(outcome.code == 1)
        #expect(outcome.output.contains(found), "\(outcome.output)")
    }

    /// A model that safetensors has read and rewritten is the same model: its validation loss is bit-identical.
    @Test(arguments: ["gpt.yaml", "lstm.yaml"])
    func checkpointsGoThroughSafetensors(spec: String) throws {
        let sandbox = try Sandbox()
        let folder = try sandbox.run(spec, "training.steps=10")
        let before = try sandbox.done("evaluate", folder.path, "--json").output
        let files = ["model", "optimizer"].map { folder.checkpoints + "/last/\($0).safetensors" }
        let outcome = try Interop.run(["safetensors"] + files, in: sandbox)
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("token_embedding.weight"))
        #expect(try sandbox.done("evaluate", folder.path, "--json").output == before)
    }

    /// docs/model-files.md says all that a second implementation needs: twin.py was written from it, in NumPy and
    /// double precision. 1e-5 is what single precision leaves of a mean of some hundred nats.
    @Test(arguments: [
        ["gpt.yaml"], ["gpt.yaml", "model.biases=false", "model.tied_embeddings=false"], ["lstm.yaml"],
        ["lstm.yaml", "model.state=reset", "loader=random_windows"],
        ["lstm.yaml", "model.embedding_size=24", "model.tied_embeddings=true"],
    ]) func aTwinFromTheDocsAgrees(_ spec: [String]) throws {
        let sandbox = try Sandbox()
        let changes = spec.dropFirst() + ["training.steps=20"]
        let outcome = try sandbox.start(["run", spec[0], "--quiet"] + changes).wait()
        try #require(outcome.code == 0, "\(outcome.errors)")
        let run = try #require(sandbox.runs.last)
        let export = ["prepare", spec[0], "--format", "nanogpt", "--output", "export", "--quiet"]
        #expect(try sandbox.start(export + changes).wait().code == 0)
        let json = try sandbox.done("evaluate", run.path, "--json").output
        let loss = try #require(try JSONValue(parsing: Array(json.utf8))["loss"]?.double)
        let twin = try Interop.run([run.path, sandbox.file("export/val.bin")], script: "twin.py", in: sandbox)
        let theirs = try #require(Double(twin.output.trimmingCharacters(in: .newlines)), "\(twin.errors)")
        #expect(abs(theirs - loss) < 1e-5 * loss, "\(theirs) and \(loss)")
    }
}

/// Python with the packages of Tests/interop-requirements.txt.
enum Interop {
    static let python = ProcessInfo.processInfo.environment["LATHE_INTEROP_PYTHON"]

    /// Runs a script from Tests/References/LatheCommand.
    static func run(_ arguments: [String], script: String = "interop.py", in sandbox: Sandbox) throws -> CommandOutcome
    {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../References/LatheCommand/\(script)").standardizedFileURL.path
        return try RunningCommand(try #require(python), [path] + arguments, in: sandbox).wait()
    }
}
