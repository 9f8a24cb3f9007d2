import LatheKernels
import LatheResults
import LatheSystem
import Testing

@Suite(.enabled(if: ProductPrecision.bfloat16.isAvailable, "this CPU has no AVX512-BF16"))
struct PrecisionTests {
    @Test(arguments: ["gpt.yaml", "lstm.yaml"]) func bf16LearnsAsWell(_ spec: String) throws {
        let sandbox = try Sandbox()
        let single = try sandbox.run(spec), mixed = try sandbox.run(spec, "compute.precision=bf16")
        #expect(try single.readRecord().identity != mixed.readRecord().identity)
        #expect(try mixed.readRecord().blas?.precision == "bf16" && single.readRecord().blas?.precision == "fp32")
        // Losses differ, but by no more than rounding factors to 8 significant bits explains.
        let exact = try single.trainLosses, rounded = try mixed.trainLosses
        #expect(exact != rounded)
        for (a, b) in zip(exact, rounded) { #expect(abs(a - b) < 0.02 * a) }
        for (a, b) in zip(try single.validationLosses, try mixed.validationLosses) { #expect(abs(a - b) < 0.01 * a) }
    }

    @Test(arguments: ["gpt.yaml", "lstm.yaml"]) func threadsChangeNoBit(_ spec: String) throws {
        let sandbox = try Sandbox()
        let runs = try ["1", "2", "3"].map {
            try sandbox.run(spec, "compute={precision: bf16_if_available, threads: \($0)}")
        }
        for run in runs.dropFirst() { try sandbox.expectSame(run, as: runs[0]) }
        #expect(try runs[0].readRecord().blas?.precision == "bf16")
    }
}

@Suite struct BenchTests {
    @Test func figuresOfASpec() throws {
        let sandbox = try Sandbox()
        let outcome = try sandbox.done("bench", "gpt.yaml", "--seconds", "0.2", "--json")
        let figures = try JSONValue(parsing: outcome.output)
        func number(_ key: String) -> Double { figures[key]?.double ?? -1 }
        for key in [
            "step_ms", "tokens_per_second", "peak_rss_mb", "first_step_ms", "gflops", "share_of_ceiling",
            "generation_tokens_per_second", "product_ceiling_gflops", "memory_ceiling_gb_per_second",
        ] { #expect(number(key) > 0, "\(key)") }
        #expect(abs(number("tokens") / number("step_ms") * 1e3 / number("tokens_per_second") - 1) < 1e-6)
        #expect(number("step_ms_minimum") <= number("step_ms") && number("step_ms") <= number("step_ms_maximum"))
        guard case .array(let rows) = figures["parts"] else {
            Issue.record("no parts in \(outcome.output)")
            return
        }
        let parts = rows.compactMap { $0["part"]?.string }
        #expect(Set(parts).isSuperset(of: ["linear", "attention", "cross_entropy", "optimizer", "batch"]))
        #expect(!sandbox.exists("results"))
        let text = try sandbox.done("bench", "lstm.yaml", "--seconds", "0.1").output
        #expect(text.contains("lstm") && text.contains("optimizer"))
    }

    @Test func wrongArguments() throws {
        let sandbox = try Sandbox()
        for (arguments, says) in [
            (["bench", "gpt.yaml", "--seconds", "0"], "--seconds 0.0: must be above 0 and at most 3600"),
            (["bench", "gpt.yaml", "--steps", "0"], "--steps must be at least 1"),
            (["bench", "missing.yaml"], "missing.yaml"),
        ] {
            let outcome = try sandbox.start(arguments).wait()
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains(says), "\(outcome.errors)")
        }
    }
}
