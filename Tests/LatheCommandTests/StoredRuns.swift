import Foundation
import LatheResults
import LatheSystem

/// Run folders written without training, for commands that read many runs.
struct StoredRuns {
    /// Text that would be markup, end a script or break a line if it were not escaped.
    static let hostile = "</script><script>window.hit=1</script><img src=x onerror=window.hit=1><!--'\"`"

    let results: String

    /// Writes a run whose validation falls from 4 to `end` bits/byte; a failed one ends after a third of its steps.
    @discardableResult
    func add(
        _ name: String, _ configuration: [String: String], seed: UInt64, end: Double, steps: Int = 1000,
        interval: Int = 50, status: RunStatus = .completed, overfits: Bool = false, text: String = "Text.\n"
    ) throws -> RunFolder {
        var record = RunRecord(
            name: name, identity: "", seed: seed, latheVersion: "1",
            configuration: configuration.merging(["seed": String(seed), "name": name]) { $1 },
            created: Timestamp(milliseconds: Int(seed) * 1000))
        let key = configuration.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        record.identity = String(repeating: "0", count: 8) + key + " \(seed)"
        record.hashes = HashesRecord(data: "d", validation: "v", tokenizer: "t", configuration: key)
        record.status = status
        record.failure = status == .failed ? "went wrong: \(text)" : nil
        let folder = try RunFolder.create(in: results, record: record).folder
        var random = SeededGenerator(seed: seed &* 7919 &+ UInt64(key.utf8.count))
        var metrics: [MetricRecord] = [], timing: [TimingRecord] = []
        for step in 1...(status == .failed ? steps / 3 : steps) {
            let share = Double(step) / Double(steps)
            let bits = end + (4 - end) * exp(-6 * share), noise = Double.random(in: -0.1...0.1, using: &random)
            metrics.append(
                MetricRecord(
                    step: step, tokens: step * 768, split: .train,
                    values: [
                        MetricName.trainLoss: bits * 0.7 + noise, MetricName.learningRate: 1e-3 * (1 - share * 0.9),
                        MetricName.gradientNorm: 0.5 + noise,
                    ]))
            timing.append(TimingRecord(step: step, phase: .train, seconds: 0.01 + noise * 0.01))
            guard step % interval == 0 else { continue }
            let worse = overfits ? max(0, share - 0.5) : 0
            metrics.append(
                MetricRecord(
                    step: step, tokens: step * 768, split: .train,
                    values: [MetricName.trainBitsPerByte: bits - 0.02 - worse]))
            metrics.append(
                MetricRecord(
                    step: step, tokens: step * 768, split: .validation,
                    values: [
                        MetricName.validationBitsPerByte: bits + worse, MetricName.validationLoss: (bits + worse) * 0.7,
                    ]))
        }
        try write(metrics.map(\.line), to: folder.metrics)
        try write(timing.map(\.line), to: folder.timing)
        for step in stride(from: 500, through: steps, by: 500) {
            try DurableFolder.create(folder.samples)
            try write([text], to: folder.sample(step: step))
        }
        try write(["step 1", text], to: folder.log)
        guard status == .completed else { return folder }
        var summary = RunSummary(
            metrics: metrics, timing: timing, nats: nil, seconds: 12, parameters: 400_000)
        summary.floorBitsPerByte = 0.6
        if overfits { summary.verdict = OverfittingVerdict(kind: .overfitting, text: "overfitting") }
        try summary.write(to: folder.summary)
        return folder
    }

    private func write(_ lines: [String], to path: String) throws {
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
    }
}
