import ArgumentParser
import LatheComponents
import LatheGraph
import LatheKernels
import LatheReports
import LatheResults
import LatheSpec
import LatheSystem
import LatheTraining

struct Bench: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time the steps of an experiment, and show where the time goes.",
        discussion:
            "Trains briefly and writes nothing. Rates are compared with this machine's limits, which are measured too."
    )

    @OptionGroup var spec: SpecOptions
    @Option(help: "Seconds to train.")
    var seconds = 5.0
    @Option(help: "Maximum number of steps to time (default: as many as the seconds allow).")
    var steps: Int?
    @Flag(inversion: .prefixedNo, help: "Profile a few more steps after the timed ones.")
    var profile = true
    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        guard seconds > 0, seconds <= 3600 else {
            throw ValidationError("--seconds \(seconds): must be above 0 and at most 3600")
        }
        guard steps.map({ $0 > 0 }) ?? true else { throw ValidationError("--steps must be at least 1") }
    }

    func run(_ registry: Registry) throws {
        let loaded = try LoadedExperiment(spec.path, overrides: spec.overrides, registry: registry)
        let data = try loaded.prepare(isQuiet: json)
        let plan = try loaded.plan(data)
        let pool = loaded.pool()
        let benchmark = try StepBenchmark(
            plan, pool: pool, seconds: seconds, limit: steps ?? .max, profiled: profile ? 5 : 0)
        let report = BenchReport(
            plan: plan, benchmark: benchmark, precision: pool.precision, threads: pool.threadCount,
            generation: profile ? try GenerationBenchmark(plan, pool: pool) : nil,
            ceilings: profile ? MachineCeilings(threads: pool.threadCount) : nil)
        if json { print(report.json.text(indented: true)) } else { Console.output(report.text) }
    }
}

private struct BenchReport {
    let plan: RunPlan
    let benchmark: StepBenchmark
    let precision: ProductPrecision
    let threads: Int
    let generation: GenerationBenchmark?
    let ceilings: MachineCeilings?

    private var tokens: Int { plan.experiment.spec.training.shape.tokens }
    private var tokensPerSecond: Double { Double(tokens) / benchmark.median }
    /// GFLOPS over the whole step.
    private var rate: Double { plan.operationsPerToken * tokensPerSecond / 1e9 }
    /// GFLOPS of large matrix products at this precision.
    private var ceiling: Double? {
        ceilings.flatMap { precision == .bfloat16 ? $0.bfloat16Products : $0.products }
    }

    /// Sums the parts with equal keys, slowest first.
    private func gathered(_ key: (StepBenchmark.Part) -> String) -> [(name: String, part: StepBenchmark.Part)] {
        var sums: [String: StepBenchmark.Part] = [:], order: [String] = []
        for part in benchmark.parts {
            let name = key(part)
            guard var sum = sums[name] else {
                sums[name] = part
                order.append(name)
                continue
            }
            sum.forward += part.forward
            sum.backward += part.backward
            sum.operations += part.operations
            sum.bytes += part.bytes
            sums[name] = sum
        }
        return order.compactMap { name in sums[name].map { (name, $0) } }.sorted { $0.part.seconds > $1.part.seconds }
    }

    private func table(_ title: String, _ rows: [(name: String, part: StepBenchmark.Part)]) -> Table {
        var table = Table(columns: [
            .init(title, alignment: .left), .init("ms"), .init("share"), .init("forward_ms", title: "forward"),
            .init("backward_ms", title: "backward"), .init("gflops", title: "GFLOPS"),
            .init("share_of_ceiling", title: "of ceiling"), .init("gb_per_second", title: "GB/s"),
            .init("bound_by", title: "bound by", alignment: .left),
        ])
        let whole = benchmark.parts.reduce(0) { $0 + $1.seconds }
        for (name, part) in rows {
            let flops = part.operations / part.seconds / 1e9, bytes = part.bytes / part.seconds / 1e9
            let share = ceiling.map { flops / $0 }
            table.append([
                .text(name), milliseconds(part.seconds),
                .number(part.seconds / whole, NumberText.percent), milliseconds(part.forward),
                milliseconds(part.backward),
                .number(part.operations > 0 ? flops : nil) { NumberText.decimals($0, 0) },
                .number(part.operations > 0 ? share : nil, NumberText.percent),
                .number(part.bytes > 0 ? bytes : nil) { NumberText.decimals($0, 0) },
                .text(bound(products: part.operations > 0 ? share ?? 0 : 0, bytes: bytes)),
            ])
        }
        return table
    }

    private func milliseconds(_ seconds: Double) -> Table.Cell {
        .number(seconds * 1e3) { NumberText.decimals($0, $0 < 10 ? 3 : 1) }
    }

    /// The resource of which a part uses the larger share of its ceiling.
    private func bound(products: Double, bytes: Double) -> String {
        guard let ceilings else { return "–" }
        // Cached data moves faster than memory; above the memory ceiling, memory is not the bottleneck.
        let memory = min(1, bytes / ceilings.memory)
        if products >= 0.5 || (products > memory && products > 0.25) { return "products" }
        if memory > 0.4 { return bytes > 1.2 * ceilings.memory ? "cache" : "memory" }
        return products > memory ? "small products" : "latency, arithmetic"
    }

    var text: String {
        let spec = plan.experiment.spec
        var text = "\(spec.name): \(spec.model.name), \(NumberText.grouped(plan.layout.parameterCount)) parameters, "
        text +=
            "\(spec.training.batchSize) x \(spec.training.context) tokens per step, \(precision.name), \(threads) "
            + "thread\(threads == 1 ? "" : "s"), \(Machine.processor)\n"
        func line(_ name: String, _ value: String) {
            text += name + String(repeating: " ", count: max(1, 20 - name.count)) + value + "\n"
        }
        let steps = benchmark.steps
        let ms = { (seconds: Double) in NumberText.decimals(seconds * 1e3, seconds < 0.1 ? 2 : 1) }
        line(
            "step",
            "\(ms(benchmark.median)) ms, the median of \(steps.count) (\(ms(steps[steps.count / 20])) to "
                + "\(ms(steps[steps.count - 1 - steps.count / 20])), 5 to 95 %)"
        )
        line("tokens", "\(NumberText.grouped(Int(tokensPerSecond))) per second")
        line(
            "operations",
            "\(NumberText.decimals(rate, 0)) GFLOPS"
                + (ceiling.map {
                    ", \(NumberText.percent(rate / $0)) of the \(NumberText.decimals($0, 0)) that large products "
                        + "reach here"
                } ?? ""))
        if let ceilings { line("memory bandwidth", "\(NumberText.decimals(ceilings.memory, 0)) GB/s") }
        line("peak memory", NumberText.memory(mebibytes: benchmark.peakMegabytes))
        line("first step", "after \(ms(benchmark.firstStep)) ms, including allocation and initial weights")
        if let generation {
            line(
                "generation",
                "\(NumberText.grouped(Int(generation.tokensPerSecond))) tokens per second, over \(generation.tokens)")
        }
        guard !benchmark.parts.isEmpty else { return text }
        text += "\n" + table("part", gathered { $0.kind }).text()
        text += "\n" + table("layer", gathered { Self.layer($0) }).text()
        return text
    }

    /// The part's layer: `blocks.0` for `blocks.0.attention.qkv`.
    private static func layer(_ part: StepBenchmark.Part) -> String {
        if part.layer.isEmpty { return part.kind }
        let names = part.layer.split(separator: ".")
        let depth = names.firstIndex { $0.allSatisfy(\.isNumber) }.map { $0 + 1 } ?? 1
        return names.prefix(depth).joined(separator: ".")
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("name", .string(plan.experiment.spec.name)),
            .init("precision", .string(precision.name)), .init("threads", .integer(threads)),
            .init("parameters", .integer(plan.layout.parameterCount)), .init("tokens", .integer(tokens)),
            .init("step_ms", .number(benchmark.median * 1e3)),
            .init("step_ms_minimum", .number((benchmark.steps.first ?? 0) * 1e3)),
            .init("step_ms_maximum", .number((benchmark.steps.last ?? 0) * 1e3)),
            .init("steps", .integer(benchmark.steps.count)),
            .init("tokens_per_second", .number(tokensPerSecond)), .init("gflops", .number(rate)),
            .init("peak_rss_mb", .number(benchmark.peakMegabytes)),
            .init("planned_mb", .number(Double(plan.memory.total) / 1048576)),
            .init("first_step_ms", .number(benchmark.firstStep * 1e3)),
        ]
        if let generation {
            members.append(.init("generation_tokens_per_second", .number(generation.tokensPerSecond)))
        }
        if let ceilings {
            members += [
                .init("product_ceiling_gflops", .number(ceilings.products)),
                .init("bf16_product_ceiling_gflops", ceilings.bfloat16Products.map { .number($0) } ?? .null),
                .init("memory_ceiling_gb_per_second", .number(ceilings.memory)),
                .init("share_of_ceiling", ceiling.map { .number(rate / $0) } ?? .null),
                .init("parts", table("part", gathered { $0.kind }).json()),
                .init("layers", table("layer", gathered { Self.layer($0) }).json()),
            ]
        }
        return .object(members)
    }
}
