import Foundation
import LatheReports
import LatheResults
import LatheSystem
import Testing

@Suite struct RunTablesTests {
    private func run(
        _ id: String, seed: UInt64, _ configuration: [String: String], bits: Double, parameters: Int
    ) -> RunDigest {
        let summary = RunSummary(
            steps: 2000, tokens: 1_536_000,
            final: [MetricName.validationBitsPerByte: bits, MetricName.validationLoss: bits + 0.01],
            best: [MetricName.validationBitsPerByte: bits - 0.05, MetricName.validationLoss: bits - 0.04],
            bestStep: 1750,
            verdict: OverfittingVerdict(kind: .overfitting, text: ""), seconds: 73.4, parameters: parameters)
        var figures = RunFigures(summary: summary)
        figures.gapToTraining = 0.1234
        figures.tokensPerSecond = 61_234
        figures.floorBitsPerByte = 1.5
        var record = RunRecord(
            name: "exp", identity: id, seed: seed, latheVersion: "1", configuration: configuration,
            created: Timestamp(milliseconds: 0))
        record.hashes = HashesRecord(data: "d", validation: "v", tokenizer: "t")
        return RunDigest(record: record, status: .completed, path: "results/exp/\(id)", figures: figures)
    }

    private let lstm = ["model.type": "lstm", "training.context": "64"]
    private let transformer = ["model.type": "transformer", "model.heads": "4", "training.context": "128"]

    private var comparison: RunComparison {
        RunComparison(
            [2.05, 2.06, 2.04].enumerated().map { index, bits in
                run("lstm-\(index)", seed: UInt64(index), lstm, bits: bits, parameters: 123_456)
            }
                + [1.95, 1.96, 1.93].enumerated().map { index, bits in
                    run("gpt-\(index)", seed: UInt64(index), transformer, bits: bits, parameters: 801_280)
                })
    }

    @Test func aFewConfigurationsAreComparedInColumns() {
        #expect(
            ComparisonTable.text(comparison) == """
                configuration         transformer              lstm
                ────────────────  ───────────────  ────────────────
                runs                      3 seeds           3 seeds
                bits/byte         1.9467 ± 0.0379   2.0500 ± 0.0248
                difference              reference  +0.1033 ± 0.0143
                verdict                         –             worse
                known floor                1.5000            1.5000
                loss                       1.9567            2.0600
                gap to training           +0.1234           +0.1234
                best step                   1,750             1,750
                last step                   2,000             2,000
                overfitting           overfitting       overfitting
                parameters                801,280           123,456
                tok/s                       61.2k             61.2k
                time                        1m13s             1m13s
                memory                          –                 –
                model.heads                     4                 –
                model.type            transformer              lstm
                training.context              128                64

                lstm against transformer: worse (+0.1033 bits/byte, 95 % interval +0.0890 to +0.1177, p = 0.0010)

                Tested: means over seeds of validation/bits_per_byte at the last step, paired t test (all seeds shared), two-sided, 5 %. ± is Student's 95 % interval.

                warning: the runs differ in context length (128, 64 tokens): a longer context sees more text before each token

                """)
    }

    @Test func oneSeedEachGivesNoVerdict() {
        let runs = [
            run("20260301-093000-aaaaaaaa", seed: 1, lstm, bits: 2, parameters: 123_456),
            run("20260301-093100-bbbbbbbb", seed: 1, transformer, bits: 1.9, parameters: 801_280),
        ]
        let comparison = RunComparison(runs) { run in
            var nats = ValidationNats(segmentLength: 8, segmentBytes: [8, 8, 8])
            nats.record(step: 2000, nats: run.id.hasSuffix("a") ? [8, 9, 7] : [7, 9, 6.5])
            return nats
        }
        #expect(
            ComparisonSentences(comparison).findings == [
                "lstm against transformer: no verdict: seed noise unknown; on this text +0.0902 ± 0.0521 bits/byte, text uncertainty only"
            ])
        #expect(
            ComparisonSentences(comparison).method == [
                "The text uncertainty (one standard error) comes from the segments of the validation text. It covers the difference between these two models on such text, not variation across seeds: a verdict needs at least two seeds of each."
            ])
    }

    @Test func programsGetTheWholeStory() throws {
        let json = ComparisonTable.json(comparison)
        #expect(json["differing_keys"]?.text() == #"["model.heads","model.type","training.context"]"#)
        guard case .array(let configurations)? = json["configurations"], case .array(let warnings)? = json["warnings"]
        else {
            Issue.record("\(json.text())")
            return
        }
        #expect(configurations.count == 2 && warnings.count == 1)
        let (first, second) = (configurations[0], configurations[1])
        #expect(first["label"] == .string("transformer") && first["verdict"] == nil)
        #expect(first["configuration"]?["model.heads"] == .string("4"))
        #expect(second["configuration"]?["model.heads"] == .null && second["verdict"] == .string("worse"))
        #expect(second["test"] == .string("paired") && second["seeds"] == .integer(3))
        #expect(second["p_holm"] == second["p"] && json["correction"] == .null && json["tests"] == .integer(1))
        #expect(
            ComparisonTable.table(comparison).csv().hasPrefix(
                "configuration,runs,mean,difference,verdict,floor_bits_per_byte,final_loss,gap_to_training,best_step,final_step,"
                    + "overfitting,parameters,tokens_per_second,seconds,peak_rss_mb,model.heads,model.type,training.context\r\n"
            ))
    }

    @Test func manyConfigurationsAreComparedInRows() {
        let runs = (0..<5).map {
            run("run-\($0)", seed: 1, ["width": "\($0)"], bits: 2 + Double($0), parameters: 1)
        }
        let lines = ComparisonTable.text(RunComparison(runs) { _ in nil }).split(separator: "\n")
        #expect(lines[0].hasPrefix("configuration  runs   bits/byte") && lines[6].hasPrefix("width 4        run-4"))
    }

    @Test func theListOfRunsShowsWhatIsThere() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var record = RunRecord(
            name: "exp", identity: "abcdef0123", seed: .max, latheVersion: "1",
            created: Timestamp(milliseconds: 1_772_357_400_250))
        record.status = .completed
        let run = try RunFolder.create(in: folder, record: record).folder
        record.created = Timestamp(milliseconds: 1_772_357_460_250)
        record.status = .running
        let broken = try RunFolder.create(in: folder, record: record).folder
        try DurableFile.write("nonsense\n", to: broken.metrics)
        let metric = MetricRecord(
            step: 5, tokens: 10, split: .validation,
            values: [MetricName.validationBitsPerByte: 2.5, MetricName.validationLoss: 1.75])
        try LineWriter(appendingTo: run.metrics).append(metric.line)
        let contents = ResultsIndex(ResultsFolder(path: folder)).look()
        let table = RunsTable.table(contents.runs, duplicates: contents.runs.duplicates)
        let lines = table.text(maximumCellColumns: 30).split(separator: "\n").map { $0.split(separator: " ") }
        #expect(
            lines[2].dropLast(2) == [
                "20260301-093000-abcdef01", "exp", "completed", "18446744073709551615", "2026-03-01", "09:30", "5", "5",
                "2.5000", "2.5000", "1.7500", "–", "–", "–",
            ])
        #expect(lines[3][2] == "interrupted")
        #expect(contents.problems.map(\.message) == ["\(broken.metrics):1: not JSON: expected null at byte 1"])
        #expect(table.csv().contains(",18446744073709551615,2026-03-01T09:30:00.250Z,5,5,2.5,2.5,1.75,"))
        // Both have the same identity, and the completed one counts.
        #expect(table.rows.map { $0.last?.value } == [.null, .string(run.path)])
        let chosen = RunsTable.table(contents.runs, keys: ["seed", "validation/loss", "nothing"])
        #expect(
            chosen.csv() == "seed,validation/loss,nothing\r\n18446744073709551615,1.75,\r\n18446744073709551615,,\r\n")
    }
}
