import LatheResults
import LatheSystem
import Testing

/// What `check` and the start of a run say.
@Suite struct CheckTests {
    /// Prompts are encoded before the first step, not when the first sample is due.
    @Test(arguments: ["check", "run"]) func promptsAreEncodedFirst(_ command: String) throws {
        let sandbox = try Sandbox()
        let changes = ["tokenizer={type: char, unknown: false}", "samples.prompt=the Ω", "samples.every=1000"]
        let outcome = try sandbox.start([command, "gpt.yaml"] + changes).wait()
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("samples.prompt cannot be encoded: "), "\(outcome.errors)")
        #expect(outcome.errors.contains("'Ω' (U+03A9)"), "\(outcome.errors)")
        #expect(!sandbox.exists("results"))
        #expect(try sandbox.start([command, "gpt.yaml"] + changes + ["samples.tokens=0"]).wait().code == 0)
    }

    /// A short run of a spec with a long warm-up is a smoke test, not a mistake.
    @Test func runsWithinTheirWarmUpAreWarnedOf() throws {
        let sandbox = try Sandbox()
        let changes = ["schedule={type: cosine, warmup_steps: 6}", "training.steps=6"]
        let outcome = try sandbox.start(["run", "gpt.yaml"] + changes).wait()
        #expect(outcome.code == 0)
        #expect(
            outcome.errors.contains(
                "warning: warmup_steps 6 in a run of 6 steps: the rate rises from 1/7 to 6/7 of the peak and never "
                    + "reaches it; use at most 5\n"), "\(outcome.errors)")
        let rates = try #require(sandbox.runs.last).readMetrics().compactMap { $0.values[MetricName.learningRate] }
        for (index, rate) in rates.enumerated() { #expect(abs(rate / 1e-3 - Double(index + 1) / 7) < 1e-12) }
        let enough = try sandbox.done("run", "gpt.yaml", "schedule={type: cosine, warmup_steps: 5}", "training.steps=6")
        #expect(!enough.errors.contains("warning"))
    }

    @Test func everyTensorHasItsLayer() throws {
        let sandbox = try Sandbox()
        let output = try sandbox.done("check", "lstm.yaml").output
        #expect(output.contains("input.weight 96x16, hidden.weight 96x24, bias 96"), "\(output)")
        #expect(!output.contains("0.bias"))
        let json = try JSONValue(parsing: Array(try sandbox.done("check", "lstm.yaml", "--json").output.utf8))
        guard case .array(let layers)? = json["layers"] else { throw RecordError(path: "check", problem: "no layers") }
        #expect(layers.compactMap { $0["parameters"]?.integer }.reduce(0, +) == json["parameters"]?.integer)
    }

    /// The memory that `check` says is what the process takes.
    @Test(arguments: ["gpt.yaml", "lstm.yaml"]) func memoryIsThatOfTheProcess(_ spec: String) throws {
        let sandbox = try Sandbox()
        let changes = ["model.layers=6", "training.steps=3", "training.batch_size=96", "training.micro_batch_size=96"]
        let check = try sandbox.start(["check", spec, "--json"] + changes).wait()
        let process = try #require(try JSONValue(parsing: Array(check.output.utf8))["memory"]?["process"]?.integer)
        let outcome = try sandbox.start(["run", spec, "--quiet"] + changes).wait()
        #expect(outcome.code == 0, "\(outcome.errors)")
        let run = try #require(sandbox.runs.last)
        let summary = try #require(try run.readSummary())
        let peak = try #require(summary.peakMegabytes), said = Double(process) / 1_048_576
        #expect(abs(said - peak) < 12, "said \(said), took \(peak)")
        let planned = try #require(summary.plannedMegabytes)
        #expect(planned < said)
    }

    @Test func roundedScopeIsSaid() throws {
        let sandbox = try Sandbox()
        let output = try sandbox.done("check", "gpt.yaml", "validation.scope={bytes: 100}").output
        #expect(output.contains("bytes: scope.bytes 100 in whole segments of 1 KiB"), "\(output)")
    }

    @Test func identicalRunsAreNamed() throws {
        let sandbox = try Sandbox()
        let run = try sandbox.run("gpt.yaml", "training.steps=2")
        let again = try sandbox.done("run", "gpt.yaml", "training.steps=2", "compute.threads=1")
        #expect(
            again.errors.contains(
                "note: results/gpt/\(run.name) is an identical run (completed); this one will give the same results\n"),
            "\(again.errors)")
        #expect(try !sandbox.done("run", "gpt.yaml", "training.steps=3").errors.contains("identical"))
    }
}
