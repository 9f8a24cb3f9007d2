import Foundation
import LatheResults
import LatheSystem
import Testing

/// Commands that only report: check, components, schema, init, runs, compare, prepare, help.
@Suite struct CatalogueTests {
    @Test func checkTellsWhatARunWouldDo() throws {
        let sandbox = try Sandbox()
        let text = try sandbox.done("check", "gpt.yaml").output
        for part in [
            "type: transformer", "heads: 2", "parameters              10,944", "FLOPs, forward and backward",
            "planned memory", "5,4", "batches per epoch", "of 12 x 16", "steps                   60, 2.", "epochs",
        ] { #expect(text.contains(part), "\(part) in \(text)") }
        #expect(!sandbox.exists("results"))
        let outcome = try sandbox.done("check", "gpt.yaml", "--json")
        let json = try JSONValue(parsing: Array(outcome.output.utf8))
        #expect(json["parameters"]?.integer == 10944)
        #expect(json["steps"]?.integer == 60)
        #expect(json["vocabulary"]?.integer == 256)
        for key in [
            "name", "layers", "flops_per_token", "memory", "train_tokens", "validation_tokens", "batches_per_epoch",
            "epochs", "floor_bits_per_byte",
        ] { #expect(json[key] != nil, "\(key)") }
        #expect(outcome.errors.isEmpty)
    }

    @Test func componentsAndSchema() throws {
        let sandbox = try Sandbox()
        let all = try sandbox.done("components").output
        for name in [
            "lstm", "transformer", "byte", "char", "word", "adamw", "cosine", "patience", "contiguous_streams",
        ] {
            #expect(all.contains(name))
        }
        #expect(try sandbox.done("components", "adamw").output.contains("learning_rate"))
        #expect(try sandbox.done("components", "optimizer").output.contains("sgd"))
        _ = try JSONValue(parsing: Array(try sandbox.done("components", "--json").output.utf8))
        let schema = try JSONValue(parsing: Array(try sandbox.done("schema").output.utf8))
        #expect(schema["$schema"]?.string == "http://json-schema.org/draft-07/schema#")
        #expect(schema["additionalProperties"] == .bool(false))
    }

    /// The README's examples match what the command prints.
    @Test func examplesAreTrue() throws {
        let sandbox = try Sandbox()
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let readme = try String(contentsOf: package.appending(path: "README.md"), encoding: .utf8)
        let knobs = try sandbox.done("components", "adamw").output
        #expect(readme.contains("\n```\n$ lathe components adamw\n\(knobs)```\n"), "\(knobs)")
        try sandbox.write(
            """
            name: bad
            model:
              type: transformr
            optimizer:
              type: adamw
              lerning_rate: 3e-4
            training:
              steps: -1
            """, to: "bad.yaml")
        let mistakes = try sandbox.lathe("check", "bad.yaml").errors
        #expect(readme.contains("\n```\n$ lathe check bad.yaml\n\(mistakes)```\n"), "\(mistakes)")
    }

    /// The remedy names only options that these commands have.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/sys/kernel"))) func filesThatCannotBeWritten() throws {
        let sandbox = try Sandbox()
        let written = try sandbox.lathe("init", "/sys/kernel/x.yaml")
        #expect(written.code != 0 && written.errors.hasSuffix(", or name another file)\n"), "\(written.errors)")
        _ = try sandbox.run("gpt.yaml", "training.steps=1")
        let report = try sandbox.lathe("report", "-o", "/sys/kernel/x.html")
        #expect(
            report.code != 0 && report.errors.hasSuffix(", or choose another file with --output)\n"), "\(report.errors)"
        )
    }

    @Test func initWritesAnExperimentThatRuns() throws {
        let sandbox = try Sandbox()
        let outcome = try sandbox.done("init", "mine.yaml")
        #expect(outcome.output.hasPrefix("wrote mine.yaml; "))
        let text = try sandbox.text("mine.yaml")
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.allSatisfy { $0.contains("  # ") })
        #expect(lines.allSatisfy { $0.count <= 200 })
        try sandbox.done("check", "mine.yaml", "data.source.characters=20000")
        let run = try sandbox.run(
            "mine.yaml", "data.source.characters=20000", "training.steps=2", "schedule.warmup_steps=1")
        #expect(try run.readRecord().status == .completed)
        #expect(try run.readSummary()?.floorBitsPerByte != nil)
        let again = try sandbox.lathe("init", "mine.yaml")
        #expect(again.code == 2)
        #expect(again.errors == "error: mine.yaml: already exists; name another file\n")
        #expect(try sandbox.text("mine.yaml") == text)
        #expect(try sandbox.lathe("init", "no/folder.yaml").code == 2)
        #expect(try sandbox.done("init").output.hasPrefix("wrote experiment.yaml"))
    }

    @Test func runsAreListedAndCompared() throws {
        let sandbox = try Sandbox()
        #expect(try sandbox.done("runs").output == "no runs in results; start one with 'lathe run SPEC'\n")
        let first = try sandbox.run("gpt.yaml"), second = try sandbox.run("lstm.yaml", "seed=9")
        let table = try sandbox.done("runs").output
        #expect(table.contains(first.name) && table.contains(second.name))
        let list = try JSONValue(parsing: Array(try sandbox.done("runs", "--json").output.utf8))
        guard case .array(let rows) = list else {
            Issue.record("no list: \(list)")
            return
        }
        #expect(rows.map { $0["id"]?.string } == [first.name, second.name])
        #expect(try sandbox.done("runs", "--csv").output.split(whereSeparator: \.isNewline).count == 3)

        let text = try sandbox.done("compare", "gpt/last", "lstm/last").output
        for part in ["bits/byte", "parameters", "model.type", "transformer", "seed noise unknown", "tok/s"] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(!text.contains("optimizer.epsilon"))  // equal in both
        let json = try JSONValue(
            parsing: Array(try sandbox.done("compare", first.name, second.name, "--json").output.utf8))
        #expect(json.text().contains("\"model.type\""))
        #expect(
            try sandbox.done("compare", "gpt/last", "lstm/last", "--csv").output.split(whereSeparator: \.isNewline)
                .count == 3)
        #expect(try sandbox.lathe("compare", "gpt/last", "nothing").code == 2)
    }

    /// A damaged record is a warning, not an error.
    @Test func damagedRunsAreWarnedOf() throws {
        let sandbox = try Sandbox()
        let first = try sandbox.run("gpt.yaml", "training.steps=1"),
            second = try sandbox.run("gpt.yaml", "training.steps=1")
        try Data("{\"half".utf8).write(to: URL(fileURLWithPath: first.record))
        let outcome = try sandbox.done("runs")
        #expect(outcome.errors.hasPrefix("warning: "))
        #expect(outcome.output.contains(second.name))
        #expect(try sandbox.done("evaluate", "last").code == 0)
    }

    @Test func preparedDataIsReused() throws {
        let sandbox = try Sandbox()
        let first = try sandbox.done("prepare", "gpt.yaml")
        #expect(first.errors.contains("data: prepared "))
        #expect(first.output.contains("\ntrain ") && first.output.hasSuffix("data-card.md\n"))
        let second = try sandbox.done("run", "gpt.yaml", "training.steps=1")
        #expect(second.errors.contains("data: reusing "))
        for change in ["tokenizer=char", "data.split={train: 0.5, validation: 0.5}", "data.cleaning=[lowercase]"] {
            #expect(try sandbox.done("prepare", "gpt.yaml", change).errors.contains("data: prepared "), "\(change)")
        }
        try sandbox.write(Texts.sentences(6000, seed: 2), to: "a.txt")
        #expect(try sandbox.done("prepare", "gpt.yaml").errors.contains("data: prepared "))
    }

    /// When several processes need the same text at once, one of them prepares it.
    @Test func preparationIsDoneOnce() throws {
        let sandbox = try Sandbox()
        try sandbox.write(Texts.sentences(2_000_000, seed: 3), to: "a.txt")
        let commands = try (0..<4).map { _ in try sandbox.start(["prepare", "gpt.yaml", "tokenizer=word"]) }
        let outcomes = try commands.map { try $0.wait() }
        #expect(outcomes.allSatisfy { $0.code == 0 })
        #expect(outcomes.count { $0.errors.contains("data: prepared ") } == 1)
        #expect(outcomes.count { $0.errors.contains("data: reusing ") } == 3)
        #expect(Set(outcomes.map(\.output)).count == 1)
    }

    @Test func helpEndsWell() throws {
        let sandbox = try Sandbox()
        for command in [
            [], ["run"], ["resume"], ["fork"], ["check"], ["init"], ["runs"], ["compare"], ["evaluate"], ["generate"],
            ["prepare"], ["tokenize"], ["components"], ["schema"],
        ] {
            let outcome = try sandbox.start(command + ["--help"]).wait()
            #expect(outcome.code == 0)
            #expect(outcome.output.contains("USAGE: lathe"))
            #expect(outcome.errors.isEmpty)
        }
        let version = try sandbox.done("--version").output
        #expect(version.firstMatch(of: /^\d+\.\d+\.\d+\n$/) != nil)
    }
}
