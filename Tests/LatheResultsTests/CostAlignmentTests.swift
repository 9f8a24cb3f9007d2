import LatheResults
import LatheSystem
import Testing

@Suite struct CostAlignmentTests {
    private let folder: TemporaryFolder
    private let metric = MetricName.validationBitsPerByte

    init() throws { folder = try TemporaryFolder() }

    /// A completed run with these validations, ten tokens and half a second per step.
    private func run(_ kind: String, seed: UInt64, _ points: [(step: Int, bits: Double)], tokens: Int = 10) throws
        -> RunDigest
    {
        let path = folder.file("\(kind)\(seed)")
        try DurableFolder.create(path)
        let folder = RunFolder(path: path)
        let metrics = try LineWriter(appendingTo: folder.metrics), timing = try LineWriter(appendingTo: folder.timing)
        for step in 1...points.last!.step {
            try timing.append(TimingRecord(step: step, phase: .train, seconds: 0.5).line)
            guard let point = points.first(where: { $0.step == step }) else { continue }
            try timing.append(TimingRecord(step: step, phase: .validation, seconds: 100).line)
            let record = MetricRecord(
                step: step, tokens: step * tokens, split: .validation, values: [metric: point.bits])
            try metrics.append(record.line)
        }
        var result = digest(
            "\(kind)\(seed)", seed: seed, bits: points.last!.bits, configuration: ["model.type": kind])
        result.path = path
        result.figures.flopsPerToken = 3
        result.figures.bytesPerToken = 4
        return result
    }

    private func align(_ runs: [RunDigest], _ axis: CostAxis) throws -> CostAlignment {
        var problems: [String] = []
        let alignment = try CostAlignment(runs, metric: metric, axis: axis, problems: &problems)
        #expect(problems.isEmpty)
        return alignment
    }

    @Test func valuesAreTakenAtTheLargestCommonCost() throws {
        let short = try run("gpt", seed: 1, [(10, 4), (20, 3)])
        let long = try run("lstm", seed: 1, [(5, 5), (15, 4), (25, 2)], tokens: 20)
        let steps = try align([short, long], .step)
        #expect(steps.range == 10...20 && steps.cost == 20)
        #expect(steps.value(short) == 3 && steps.value(long) == 3)
        // 200 tokens: the end of one run, ten steps of the other.
        let tokens = try align([short, long], .tokens)
        #expect(tokens.cost == 200 && tokens.value(short) == 3 && tokens.value(long) == 4.5)
        #expect(try align([short, long], .bytes).cost == 800 && align([short, long], .flops).cost == 600)
        // Validation time does not count as training time.
        #expect(try align([short, long], .seconds).cost == 10)
        let comparison = RunComparison([short, long], nats: { _ in nil }, value: tokens.value)
        #expect(comparison.configurations.map(\.values) == [[3], [4.5]])
    }

    @Test func crossingsOfMeanCurvesAreFound() throws {
        let fast = try [1, 2].map { seed in
            try run("fast", seed: UInt64(seed), [(10, 3), (20, 2.9), (40, 2.8)])
        }
        let slow = try [1, 2].map { seed in
            try run("slow", seed: UInt64(seed), [(10, 4), (20, 3.1), (40, 2.5)])
        }
        let alignment = try align(fast + slow, .step)
        let comparison = RunComparison(fast + slow, value: alignment.value)
        #expect(comparison.configurations.map(\.label) == ["slow", "fast"])
        // From 0.2 behind at step 20 to 0.3 ahead at step 40.
        let crossing = try #require(alignment.crossings(comparison).first)
        #expect(abs(crossing.cost - 28) < 1e-9 && abs(crossing.value - 2.86) < 1e-9)
        #expect(comparison.configurations[crossing.before].label == "fast")
        #expect(comparison.configurations[crossing.after].label == "slow")
        #expect(alignment.crossings(comparison).count == 1)
        let same = try align([fast[0], try run("same", seed: 1, [(10, 3), (20, 2.9), (40, 2.7)])], .step)
        let touching = RunComparison([fast[0], try run("same", seed: 2, [(10, 3)])], nats: { _ in nil })
        #expect(same.crossings(touching).isEmpty)
    }

    @Test func whatHasNoCommonCostIsSaid() throws {
        let early = try run("gpt", seed: 1, [(10, 4), (20, 3)])
        let late = try run("lstm", seed: 1, [(30, 4)])
        func message(_ runs: [RunDigest], _ axis: CostAxis) -> String {
            do { return "\(try align(runs, axis).cost)" } catch { return "\(error)" }
        }
        #expect(
            message([early, late], .step)
                == "no cost is common to all runs: \(late.path) was first measured at 30 steps, \(early.path) last at 20 steps"
        )
        var unknown = early
        unknown.figures.flopsPerToken = nil
        #expect(
            message([unknown], .flops) == "no completed run has validation/bits_per_byte by flops to align on")
        // An unfinished run does not limit the others.
        var running = try run("gpt", seed: 2, [(10, 4)])
        running.status = .running
        #expect(try align([early, running], .step).cost == 20)
    }

    @Test func curvesAreStraightBetweenMeasurements() {
        let curve = CostCurve([(1, 10), (3, 20), (3, 30), (7, 10)])
        #expect(curve.value(at: 1) == 10 && curve.value(at: 2) == 20 && curve.value(at: 3) == 30)
        #expect(curve.value(at: 4) == 25 && curve.value(at: 7) == 10)
        #expect(curve.value(at: 0.5) == nil && curve.value(at: 7.5) == nil && CostCurve([]).value(at: 0) == nil)
    }
}
