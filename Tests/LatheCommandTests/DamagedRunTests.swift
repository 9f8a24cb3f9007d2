import Foundation
import LatheResults
import Testing

/// Damage to a run that is about to resume: what can be rebuilt from the rest of the run does not stop it; for
/// everything else the message gives the remedy.
@Suite struct DamagedRunTests {
    private static let keepsAll = "checkpoints={every: 15, keep: 20}"

    /// A run stopped right after its last step.
    private func stopped(in sandbox: Sandbox, rate: String = "1e-3") throws -> RunFolder {
        let run = try sandbox.run("gpt.yaml", Self.keepsAll, "optimizer.learning_rate=\(rate)")
        try run.updateRecord { $0.status = .interrupted }
        return run
    }

    private func undisturbed(rate: String = "1e-3") throws -> (sandbox: Sandbox, run: RunFolder) {
        let sandbox = try Sandbox()
        return (sandbox, try sandbox.run("gpt.yaml", Self.keepsAll, "optimizer.learning_rate=\(rate)"))
    }

    private func cut(_ path: String, in sandbox: Sandbox) throws {
        let bytes = try sandbox.bytes(path)
        try Data(bytes.prefix(bytes.count / 2)).write(to: URL(filePath: path))
    }

    @Test func theRemedyIsSaidAndHelps() throws {
        let sandbox = try Sandbox(), run = try stopped(in: sandbox), shown = "results/gpt/\(run.name)"
        let checkpoint = run.checkpoint(step: 60)
        let before = try #require(try run.checkpointSteps().dropLast().last)
        for (file, change, part) in [
            ("model.safetensors", "cut", "tensor '"), ("optimizer.safetensors", "cut", "tensor '"),
            ("optimizer.safetensors", "remove", "No such file or directory"),
            ("trainer.json", "cut", "not a valid trainer state"),
            ("trainer.json", "remove", "No such file or directory"),
            ("trainer.json", "\"step\" : 61", "says step 61, but its folder is step-60"),
            ("validation_nats.bin", "cut", "not a validation nats file"),
        ] {
            let path = checkpoint + "/" + file, whole = try sandbox.bytes(path)
            switch change {
            case "cut": try cut(path, in: sandbox)
            case "remove": try FileManager.default.removeItem(atPath: path)
            default:
                // The last occurrence; earlier ones belong to validations.
                let text = try sandbox.text(path),
                    old = try #require(text.range(of: "\"step\" : 60", options: .backwards))
                try text.replacingCharacters(in: old, with: change).write(
                    toFile: path, atomically: true, encoding: .utf8)
            }
            let outcome = try sandbox.lathe("resume", "last")
            #expect(outcome.code == 2, "\(file), \(change): \(outcome.errors)")
            #expect(outcome.isWithoutTrace)
            #expect(outcome.errors.contains("\(shown)/checkpoints/step-60/\(file): "), "\(outcome.errors)")
            #expect(outcome.errors.contains(part), "\(outcome.errors)")
            #expect(
                outcome.errors.hasSuffix(
                    "; restore it from a copy, or remove the folder \(shown)/checkpoints/step-60: "
                        + "'lathe resume \(shown)' then resumes from step \(before)\n"), "\(outcome.errors)")
            try Data(whole).write(to: URL(filePath: path))
        }
        try FileManager.default.removeItem(atPath: checkpoint)
        try sandbox.done("resume", "last", "--quiet")
        let expected = try undisturbed()
        try sandbox.expectSame(run, as: expected.run)
    }

    @Test func theFirstCheckpointMayGoToo() throws {
        let sandbox = try Sandbox(), run = try stopped(in: sandbox), shown = "results/gpt/\(run.name)"
        for step in try run.checkpointSteps().dropLast() { try run.removeCheckpoint(step: step) }
        try cut(run.checkpoint(step: 60) + "/model.safetensors", in: sandbox)
        let outcome = try sandbox.lathe("resume", "last")
        #expect(outcome.code == 2)
        #expect(
            outcome.errors.hasSuffix(
                "or remove the folder \(shown)/checkpoints/step-60: 'lathe resume \(shown)' then starts the run over, "
                    + "as there is no earlier checkpoint\n"), "\(outcome.errors)")
        #expect(try run.readRecord().exitCode == 2)
        try FileManager.default.removeItem(atPath: run.checkpoint(step: 60))
        try sandbox.done("resume", "last", "--quiet")
        let expected = try undisturbed()
        try sandbox.expectSame(run, as: expected.run)
    }

    /// A fork that lost its checkpoints must not restart as if it were its parent.
    @Test func aForkIsMadeAgain() throws {
        let sandbox = try Sandbox(), parent = try sandbox.run("gpt.yaml", "training.steps=30")
        let output = try sandbox.done("fork", parent.name, "training.steps=60", "--quiet").output
        let fork = RunFolder(path: sandbox.file(output.trimmingCharacters(in: .newlines)))
        try fork.updateRecord { $0.status = .interrupted }
        for step in try fork.checkpointSteps().dropLast() { try fork.removeCheckpoint(step: step) }
        let metrics = try sandbox.bytes(fork.metrics)
        try cut(fork.checkpoint(step: 60) + "/optimizer.safetensors", in: sandbox)
        let damaged = try sandbox.lathe("resume", fork.path)
        #expect(damaged.code == 2)
        #expect(
            damaged.errors.hasSuffix("or create the fork again: 'lathe fork \(parent.name)@30'\n"), "\(damaged.errors)")
        try fork.removeCheckpoint(step: 60)
        let gone = try sandbox.lathe("resume", fork.path)
        #expect(gone.code == 2)
        #expect(
            gone.errors.hasSuffix(
                "/checkpoints: has no checkpoint, and a fork starts from one; create it again: 'lathe fork \(parent.name)@30'\n"
            ), "\(gone.errors)")
        #expect(try sandbox.bytes(fork.metrics) == metrics)
    }

    /// A reader may fall back to another checkpoint; a fork needs an intact one.
    @Test func anotherCheckpointIsNamed() throws {
        let sandbox = try Sandbox(), run = try stopped(in: sandbox), shown = "results/gpt/\(run.name)"
        let before = try #require(try run.checkpointSteps().dropLast().last)
        let checkpoint = run.checkpoint(step: 60)
        for (file, commands) in [
            (
                "model.safetensors",
                [["generate", "last@60"], ["evaluate", "last@60"], ["fork", "last@60", "training.steps=90"]]
            ),
            ("optimizer.safetensors", [["fork", "last@60", "training.steps=90"]]),
            ("trainer.json", [["fork", "last@60", "training.steps=90"]]),
        ] {
            let path = checkpoint + "/" + file, whole = try sandbox.bytes(path)
            for isCut in [true, false] {
                if isCut { try cut(path, in: sandbox) } else { try FileManager.default.removeItem(atPath: path) }
                for command in commands {
                    let outcome = try sandbox.start(command).wait()
                    #expect(outcome.code == 2 && outcome.isWithoutTrace, "\(command): \(outcome.errors)")
                    #expect(
                        outcome.errors.contains("error: \(shown)/checkpoints/step-60/\(file): "), "\(outcome.errors)")
                    #expect(
                        outcome.errors.hasSuffix(
                            "; restore it from a copy, or use another checkpoint: \(shown)@\(before)\n"),
                        "\(outcome.errors)")
                }
            }
            try Data(whole).write(to: URL(filePath: path))
        }
        #expect(sandbox.runs.count == 1)
        try FileManager.default.removeItem(atPath: checkpoint + "/optimizer.safetensors")
        try sandbox.done("generate", "last@60", "--tokens", "5")
        try sandbox.done("generate", "\(shown)@\(before)", "--tokens", "5")
        for step in try run.checkpointSteps().dropLast() { try run.removeCheckpoint(step: step) }
        try cut(checkpoint + "/model.safetensors", in: sandbox)
        let last = try sandbox.lathe("generate", "last@60")
        #expect(
            last.errors.hasSuffix("or train again: the run has no other intact checkpoint\n"), "\(last.errors)")
    }

    /// A damaged checkpoint is never suggested; a folder's name may contain an @.
    @Test func aWholeCheckpointIsNamed() throws {
        let sandbox = try Sandbox()
        let keep = "checkpoints={every: 10, keep: 4}"
        try sandbox.done("run", "gpt.yaml", "training.steps=40", keep, "--quiet", "--results", "a@b")
        let path = try #require(sandbox.names("a@b/gpt").first.map { "a@b/gpt/\($0)" })
        let run = RunFolder(path: sandbox.file(path)), steps = try run.checkpointSteps()
        try #require(steps.count >= 3)
        for step in steps.dropFirst() { try cut(run.checkpoint(step: step) + "/model.safetensors", in: sandbox) }
        let outcome = try sandbox.lathe("generate", "\(path)@\(steps[1])", "--results", "a@b")
        #expect(outcome.code == 2)
        #expect(outcome.errors.hasSuffix("or use another checkpoint: \(path)@\(steps[0])\n"), "\(outcome.errors)")
        try sandbox.done("generate", "\(path)@\(steps[0])", "--tokens", "5", "--results", "a@b")
    }

    /// A different model or text is not reported as damage, and a different optimizer is not an error.
    @Test func whatIsAnotherIsNotDamaged() throws {
        let sandbox = try Sandbox(), run = try sandbox.run("gpt.yaml", "training.steps=20", "checkpoints.every=20")
        let model = try sandbox.lathe("fork", "last@20", "training.steps=30", "model.width=24")
        #expect(model.code == 2 && model.errors.contains(" has shape "), "\(model.errors)")
        #expect(!model.errors.contains("bring it back"))
        let note = "note: the optimizer differs from the parent's: its state starts at zero\n"
        let momentum = "optimizer={type: sgd, learning_rate: 0.01, momentum: 0.9}"
        #expect(try !sandbox.done("fork", "\(run.name)@20", "training.steps=21", "--quiet").errors.contains("note: "))
        #expect(
            try sandbox.done("fork", "\(run.name)@20", "training.steps=22", momentum, "--quiet").errors.contains(note))
        try cut(run.checkpoint(step: 20) + "/optimizer.safetensors", in: sandbox)
        #expect(
            try sandbox.done("fork", "\(run.name)@20", "training.steps=23", momentum, "--quiet").errors.contains(note))
        #expect(try sandbox.lathe("fork", "\(run.name)@20", "training.steps=24", "--quiet").code == 2)

        try sandbox.write(Texts.sentences(7000, seed: 9), to: "a.txt")
        let other = try sandbox.done("evaluate", run.name)
        #expect(
            other.errors
                == "warning: the text or split has changed since the run began; this score is for a different text\n")
        let words = try sandbox.run("gpt.yaml", "tokenizer=word", "training.steps=2")
        try sandbox.write("quite other words\n" + Texts.sentences(7000, seed: 8), to: "a.txt")
        let changed = try sandbox.lathe("evaluate", words.name)
        #expect(changed.code == 2)
        #expect(
            changed.errors.contains("the text or the tokenizer has changed since the run began"), "\(changed.errors)")
    }

    /// Each checkpoint keeps its own copy, even of old validations. The learning rate is too small to move a weight, so
    /// the first validation stays the best.
    @Test func natsBesideTheCheckpointsAreWrittenAnew() throws {
        let sandbox = try Sandbox(), run = try stopped(in: sandbox, rate: "1e-30")
        #expect(try run.readValidationNats()?.evaluations.map(\.step) == [10, 60])
        try run.removeCheckpoint(step: 60)
        try cut(run.validationNats, in: sandbox)
        try sandbox.done("resume", "last", "--quiet")
        let expected = try undisturbed(rate: "1e-30")
        try sandbox.expectSame(run, as: expected.run)
    }
}
