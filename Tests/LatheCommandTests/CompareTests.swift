import Foundation
import LatheResults
import LatheSystem
import Testing

@Suite struct CompareTests {
    /// Two learning rates, two seeds each, in `results/`.
    private func sweep() throws -> Sandbox {
        let sandbox = try Sandbox()
        try sandbox.write(
            """
            name: rates
            base: gpt.yaml
            set: {training.steps: 20}
            parameters:
              optimizer.learning_rate: [1e-4, 1e-2]
            repeat: 2
            """, to: "rates.yaml")
        try sandbox.done("sweep", "run", "rates.yaml", "--quiet", "--workers", "1")
        return sandbox
    }

    private func json(_ sandbox: Sandbox, _ arguments: String...) throws -> JSONValue {
        let outcome = try sandbox.start(arguments).wait()
        #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
        return try JSONValue(parsing: outcome.output)
    }

    private func items(_ value: JSONValue?) -> [JSONValue] {
        if case .array(let items)? = value { items } else { [] }
    }

    @Test func aSweepIsComparedByConfigurations() throws {
        let sandbox = try sweep()
        let result = try json(sandbox, "compare", "rates", "--json")
        let rows = items(result["configurations"])
        #expect(
            rows.map { $0["label"]?.string } == ["learning_rate 0.01", "learning_rate 0.0001"])
        #expect(rows.map { $0["seeds"] } == [.integer(2), .integer(2)])
        #expect(rows[1]["test"] == .string("paired") && rows[1]["verdict"] == .string("worse"))
        #expect(result["metric"]?["name"] == .string("validation/bits_per_byte"))
        let runs = items(rows[0]["runs"])
        let values = try runs.map { run in
            try RunFolder(path: sandbox.file(run["path"]?.string ?? "")).readSummary()?.final[
                MetricName.validationBitsPerByte]
        }
        #expect(runs.map { $0["value"]?.double } == values)
        #expect(rows[0]["mean"]?.double == SampleStatistics.mean(values.compactMap { $0 }))
        // Every way to name the runs gives the same comparison.
        let text = try sandbox.done("compare", "rates").output
        for address in [["results/sweeps/rates"], ["results/rates"], ["results"], [], ["rates", "results", "last"]] {
            let outcome = try sandbox.start(["compare"] + address).wait()
            #expect(outcome.output == text && outcome.code == 0, "\(address): \(outcome.errors)")
        }
        #expect(try sandbox.done("compare", sandbox.file("results")).output == text)
    }

    @Test func runsAreFilteredSortedAndShown() throws {
        let sandbox = try sweep()
        let list = try sandbox.done(
            "runs", "--where", "optimizer.learning_rate>1e-3", "--where=seed!=7", "--columns",
            "optimizer.learning_rate,seed, status", "--csv"
        ).output
        #expect(list == "optimizer.learning_rate,seed,status,duplicate_of\r\n0.01,8,completed,\r\n")
        let sorted = try sandbox.done(
            "runs", "--sort", "optimizer.learning_rate", "--descending", "--columns", "seed,optimizer.learning_rate")
        #expect(
            sorted.output == """
                seed  optimizer.learning_rate
                ────  ───────────────────────
                   7                     0.01
                   8                     0.01
                   7                   0.0001
                   8                   0.0001

                """)
        let one = try json(sandbox, "compare", "rates", "--where", "optimizer.learning_rate=1e-2", "--json")
        #expect(items(one["configurations"]).count == 1 && one["reference"] == .null)
        let table = try sandbox.done(
            "compare", "rates", "--sort", "optimizer.learning_rate", "--columns", "seed,steps", "--csv"
        ).output.split(whereSeparator: \.isNewline)
        #expect(table[0] == "configuration,runs,mean,difference,verdict,seed,steps")
        #expect(table[1].hasPrefix("learning_rate 0.0001,2 seeds,") && table[1].hasSuffix(",\"7, 8\",20"))
        let speed = try json(
            sandbox, "compare", "rates", "--metric", "training.context", "--goal", "maximize", "--json")
        #expect(speed["metric"]?["goal"] == .string("maximize"))
        #expect(items(speed["configurations"]).map { $0["mean"] } == [.number(16), .number(16)])
    }

    @Test func equalCostIsInterpolated() throws {
        let sandbox = try sweep()
        _ = try sandbox.run("gpt.yaml", "name=longer", "training.steps=25", "validation.every=5")
        let result = try json(sandbox, "compare", "--align", "step", "--json")
        #expect(result["align"]?["axis"] == .string("step") && result["align"]?["cost"] == .number(20))
        let longer = items(result["configurations"]).flatMap { items($0["runs"]) }.first {
            $0["path"]?.string?.hasPrefix("results/longer") == true
        }
        let folder = RunFolder(path: sandbox.file(try #require(longer?["path"]?.string)))
        let atTwenty = try folder.readMetrics().last { $0.step == 20 && $0.split == .validation }
        #expect(longer?["value"]?.double == atTwenty?.values[MetricName.validationBitsPerByte])
        let text = try sandbox.done("compare", "--align", "tokens").output
        #expect(
            text.contains(
                "\nAt equal cost: 3,840 tokens, the largest that all runs reached; values between validations"))
        let unknown = try sandbox.lathe("compare", "--align", "step", "--metric", "validation/los")
        #expect(
            unknown.errors
                == "error: --align step: no completed run has validation/los by step to align on\n")
        #expect(unknown.code == 2)
    }

    @Test func wrongKeysAndNamesAreSaid() throws {
        let sandbox = try sweep()
        let known = """

              a key is a spec key (as in config.yaml: model.type), a metric (validation/loss), or one of:
              id, run, name, experiment, status, seed, created, ended, identity, path, failure, parent, steps, best_step, tokens, best_bits_per_byte, \
            final_bits_per_byte, floor_bits_per_byte, best_loss, final_loss, gap_to_training, verdict, accepted_share, parameters, flops_per_token, \
            bytes_per_token, tokens_per_second, seconds, peak_rss_mb

            """
        for (arguments, message) in [
            (["--where", "modle.type=lstm"], "--where: unknown key 'modle.type'; did you mean 'model.type'?" + known),
            (["--where", "lr=3"], "--where: unknown key 'lr'; did you mean 'optimizer.learning_rate'?" + known),
            (["--sort", "final_los"], "--sort: unknown key 'final_los'; did you mean 'final_loss'?" + known),
            (["--columns", "id,qqqqqq"], "--columns: unknown key 'qqqqqq'" + known),
            (
                ["--metric", "validation/los"],
                "--metric: unknown key 'validation/los'; did you mean 'validation/loss'?" + known
            ),
            (["--metric", "model.type"], "--metric: 'model.type' is not a number in any of the runs\n"),
            (["--where", "model.type=lstm"], "no run matches model.type=lstm\n"),
        ] {
            let outcome = try sandbox.start(["compare"] + arguments).wait()
            #expect(outcome.errors == "error: " + message)
            #expect(outcome.code == 2 && outcome.output.isEmpty)
        }
        let newest = sandbox.runs.suffix(3).reversed().map(\.name).joined(separator: ", ")
        let outcome = try sandbox.lathe("compare", "rate")
        #expect(
            outcome.errors == """
                error: 'rate' is not a run, sweep, experiment or folder of runs in results; did you mean 'rates'?
                  experiments: rates
                  sweeps: rates
                  newest runs: \(newest)

                """)
        #expect(outcome.code == 2)
        #expect(try sandbox.done("runs", "--where", "model.type=lstm").output == "no run matches model.type=lstm\n")
    }

    @Test func whatIsMissingOrDamagedIsToldAndTheRestGoesOn() throws {
        let sandbox = try sweep()
        let runs = sandbox.runs
        try DurableFile.write("{\"half", to: runs[0].record)
        let folder = try sandbox.done("compare", "results/rates")
        #expect(
            folder.errors == "warning: results/rates/\(runs[0].name)/run.json: not valid JSON (truncated or edited?)\n")
        #expect(folder.output.contains("seed noise unknown"))
        let sweep = try sandbox.done("compare", "rates", "--json")
        #expect(sweep.errors.contains("warning: sweep 'rates': 1 of 4 trials has not run yet: "))
        guard case .array(let problems)? = try JSONValue(parsing: sweep.output)["problems"] else {
            Issue.record("no problems: \(sweep.output)")
            return
        }
        #expect(problems.count == 2)
        let address = try sandbox.lathe("compare", runs[1].name, runs[2].name, "gone", runs[0].path)
        #expect(address.code == 2)
        #expect(address.output.contains("verdict"))
        let lines = address.errors.split(separator: "\n")
        #expect(lines.first == "error: 'gone' is not a run, sweep, experiment or folder of runs in results")
        #expect(lines.last == "error: \(runs[0].record): not valid JSON (truncated or edited?)")
        // A run without a summary is still listed, but not ranked.
        try DurableFile.write("", to: runs[1].summary)
        let unranked = try sandbox.done("compare", runs[1].name, runs[2].name)
        #expect(
            unranked.errors
                == "warning: results/rates/\(runs[1].name)/summary.json: not valid JSON (truncated or edited?)\n"
        )
        #expect(
            unranked.output.contains("1 not ranked")
                && unranked.output.contains("has no finite validation/bits_per_byte"))
    }

    @Test func runsThatAreNotCompletedAreShownAndNotRanked() throws {
        let sandbox = try sweep()
        let run = sandbox.runs[0]
        try run.updateRecord { $0.status = .failed }
        let rows = items(try json(sandbox, "compare", "rates", "--json")["configurations"])
        let states = rows.flatMap { items($0["runs"]) }
        #expect(states.filter { $0["status"] == .string("failed") }.map { $0["counted"] } == [.bool(false)])
        #expect(try sandbox.done("compare", "rates").output.contains(", 1 failed"))
        let lock = try run.lock()
        try run.updateRecord { $0.status = .running }
        #expect(try sandbox.done("compare", "rates").output.contains(", 1 running"))
        withExtendedLifetime(lock) {}
    }

    @Test func whatDiffersBetweenTwoRunsIsShown() throws {
        let sandbox = try Sandbox()
        let steps = ["training.steps=20"]
        let first = try sandbox.run("gpt.yaml", steps[0])
        let same = try sandbox.run("gpt.yaml", steps[0], "name=other")
        let seed = try sandbox.run("gpt.yaml", steps[0], "seed=8")
        let longer = try sandbox.run("gpt.yaml", "training.steps=25")
        // Ids may repeat across experiments, because two runs can start in the same second.
        func relative(_ run: RunFolder) -> String { String(run.path.dropFirst(sandbox.path.count + 1)) }
        func diff(_ other: RunFolder) throws -> [Substring] {
            let text = try sandbox.done("diff", relative(first), relative(other)).output
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return try #require(lines.count > 5 ? lines : nil)
        }
        let equal = try diff(same)
        #expect(
            equal == [
                "A  results/gpt/\(first.name)", "B  results/other/\(same.name)", "", "part  key   A    B",
                "────  ────  ───  ─────", "spec  name  gpt  other", "", "Identical: code, data, tokenizer, machine.",
                "",
                "The curves are bit-identical up to step 20.", "",
            ])
        let other = try diff(seed)
        #expect(other[5] == "spec  seed  7  8")
        #expect(other.contains { $0.hasPrefix("The curves first differ at step 1: gradient_norm is ") })
        #expect(try diff(longer).contains("The curves are bit-identical up to step 20; B continues to step 25."))
        let value = try json(sandbox, "diff", first.path, seed.path, "--json")
        #expect(value["same_identity"] == .bool(false))
        #expect(value["differences"]?["spec"]?.text() == #"{"seed":["7","8"]}"#)
        #expect(value["curves"]?["part"]?["step"] == .integer(1))
        let metrics = try [first, seed].map { try $0.readMetrics()[0].values["gradient_norm"] }
        #expect(items(value["curves"]?["part"]?["values"]).map(\.double) == metrics)
        #expect(try sandbox.lathe("diff", relative(first), "nothing").code == 2)
        // A rerun of the same spec differs only in its folder.
        let again = try sandbox.run("gpt.yaml", steps[0])
        #expect(try diff(again).contains("Spec, code, data, tokenizer and machine are the same."))
    }

    /// Results of two machines copied into one folder.
    @Test func resultsThatAreCopiedTogetherAreOne() throws {
        let sandbox = try sweep()
        try FileManager.default.moveItem(atPath: sandbox.file("results"), toPath: sandbox.file("here"))
        // Run ids have a resolution of one second.
        Thread.sleep(forTimeInterval: 1.1)
        try sandbox.done("sweep", "run", "rates.yaml", "--quiet", "--workers", "1", "--results", "there")
        try sandbox.done("run", "gpt.yaml", "training.steps=3", "seed=99", "--quiet", "--results", "there")
        try sandbox.done("runs", "--results", "there")
        for machine in ["there", "here"] {
            let copy = Process()
            copy.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            // `cp -a` does the same where rsync is not installed.
            let command = "command -v rsync > /dev/null && rsync -a \(machine)/ results || cp -a \(machine)/. results"
            copy.arguments = ["sh", "-c", "mkdir -p results && " + command]
            copy.currentDirectoryURL = URL(fileURLWithPath: sandbox.path)
            try copy.run()
            copy.waitUntilExit()
            #expect(copy.terminationStatus == 0)
        }
        let list = items(try json(sandbox, "runs", "--json"))
        #expect(list.count == 9)
        let duplicates = list.filter { $0["duplicate_of"] != .null }
        #expect(duplicates.count == 4)
        // Of runs with the same identity, the earliest counts.
        let here = Set(sandbox.names("here/rates"))
        #expect(duplicates.allSatisfy { !here.contains($0["id"]?.string ?? "") })
        let result = try json(sandbox, "compare", "rates", "--json")
        #expect(items(result["configurations"]).map { $0["seeds"] } == [.integer(2), .integer(2)])
        let counted = items(result["configurations"]).flatMap { items($0["runs"]) }.compactMap { $0["id"]?.string }
        #expect(Set(counted) == here)
        #expect(items(result["duplicates"]).count == 4)
        let status = try json(sandbox, "sweep", "status", "rates", "--json")
        let trials = items(status["trials"])
        #expect(trials.allSatisfy { $0["status"] == .string("completed") })
        #expect(Set(trials.compactMap { $0["run"]?.string }) == Set(here.map { "results/rates/\($0)" }))
        try sandbox.done("sweep", "run", "rates.yaml", "--quiet", "--workers", "1")
        #expect(sandbox.runs.count == 9)
    }
}
