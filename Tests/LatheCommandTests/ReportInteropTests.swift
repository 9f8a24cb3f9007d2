import Foundation
import LatheResults
import LatheSystem
import Testing

/// Reports in real headless Chromium, driven by the Python in LATHE_INTEROP_PYTHON. Screenshots go to the folder in
/// LATHE_SCREENSHOTS, if set.
@Suite(.serialized, .enabled(if: Interop.python != nil, "needs LATHE_INTEROP_PYTHON; make test-interop sets it"))
struct ReportInteropTests {
    /// Two models at four rates, three seeds each; one run failed, some overfitted. The worst configuration has script
    /// in every field of a run that can hold text.
    private func store(in sandbox: Sandbox) throws -> RunFolder {
        let stored = StoredRuns(results: sandbox.file("results"))
        var best: RunFolder?
        for (kind, offset) in [("transformer", 0.0), ("lstm", 0.04)] {
            for (index, rate) in ["5.0e-4", "1.0e-3", "3.0e-3", "1.0e-2"].enumerated() {
                let isLast = kind == "lstm" && index == 3
                for seed: UInt64 in 1...(kind == "transformer" && index == 1 ? 1 : 3) {
                    let folder = try stored.add(
                        isLast ? StoredRuns.hostile : "quickstart",
                        ["model.type": kind, "optimizer.learning_rate": rate, "training.context": "64"], seed: seed,
                        end: 0.9 + offset + 0.06 * Double((index - 1) * (index - 1)) + 0.004 * Double(seed * seed),
                        status: isLast && seed == 3 ? .failed : .completed, overfits: kind == "lstm" && index == 2,
                        text: isLast ? StoredRuns.hostile : Texts.sentences(700, seed: seed))
                    if kind == "transformer", index == 1 { best = folder }
                }
            }
        }
        return try #require(best)
    }

    @Test func everyPartWorksAndNoTextRuns() throws {
        let sandbox = try Sandbox()
        let best = try store(in: sandbox)
        try sandbox.done("report")
        let first = try #require(try best.readMetrics().first { $0.split == .validation })
        let expected = JSONValue.object([
            .init("hostile", .string(StoredRuns.hostile)), .init("runs", .integer(22)),
            .init(
                "curve",
                .array([.integer(first.step), .number(first.values[MetricName.validationBitsPerByte] ?? .nan)])),
        ])
        try sandbox.write(expected.text(), to: "expected.json")
        var arguments = ["use", sandbox.file("report.html"), sandbox.file("expected.json")]
        if let folder = ProcessInfo.processInfo.environment["LATHE_SCREENSHOTS"] { arguments.append(folder) }
        let outcome = try Interop.run(arguments, script: "browser.py", in: sandbox)
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test func fiveHundredRunsOpen() throws {
        let sandbox = try Sandbox()
        try StoredRuns.many(in: sandbox)
        try sandbox.done("report")
        let outcome = try Interop.run(["open", sandbox.file("report.html"), "500"], script: "browser.py", in: sandbox)
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
        print("report of 500 runs of 1,000 points: \(outcome.output)")
    }
}
