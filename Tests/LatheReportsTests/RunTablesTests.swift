import Foundation
import LatheReports
import LatheResults
import Testing

@Suite struct RunTablesTests {
    private func row(
        _ id: String, _ configuration: [String: String], bits: Double, parameters: Int
    ) -> RunComparison.Row {
        let summary = RunSummary(
            steps: 2000, tokens: 1_536_000,
            final: [MetricName.validationBitsPerByte: bits + 0.05, MetricName.validationLoss: bits + 0.01],
            best: [MetricName.validationBitsPerByte: bits, MetricName.validationLoss: bits - 0.04], bestStep: 1750,
            verdict: OverfittingVerdict(kind: .overfitting, text: ""), seconds: 73.4, parameters: parameters)
        var figures = RunFigures(summary: summary)
        figures.gapToTraining = 0.1234
        figures.tokensPerSecond = 61_234
        figures.floorBitsPerByte = 1.5
        return .init(
            id: id, name: "exp", status: .completed, configuration: configuration, figures: figures)
    }

    private var comparison: RunComparison {
        RunComparison(rows: [
            row(
                "20260301-093000-aaaaaaaa", ["model.type": "lstm", "training.context": "64"], bits: 2,
                parameters: 123_456),
            row(
                "20260301-093100-bbbbbbbb",
                ["model.type": "transformer", "model.heads": "4", "training.context": "128"],
                bits: 1.9, parameters: 801_280),
        ])
    }

    @Test func aFewRunsAreComparedInColumns() {
        #expect(
            ComparisonTable.text(comparison) == """
                run               20260301-093000-aaaaaaaa  20260301-093100-bbbbbbbb
                ────────────────  ────────────────────────  ────────────────────────
                experiment                             exp                       exp
                status                           completed                 completed
                best bits/byte                      2.0000                    1.9000
                final bits/byte                     2.0500                    1.9500
                known floor                         1.5000                    1.5000
                best loss                           1.9600                    1.8600
                final loss                          2.0100                    1.9100
                gap to training                    +0.1234                   +0.1234
                best step                            1,750                     1,750
                final step                           2,000                     2,000
                verdict                        overfitting               overfitting
                parameters                         123,456                   801,280
                tok/s                                61.2k                     61.2k
                time                                 1m13s                     1m13s
                memory                                   –                         –
                model.heads                              –                         4
                model.type                            lstm               transformer
                training.context                        64                       128

                warning: the runs differ in context (64, 128 tokens): a longer one sees more text before each token

                """)
    }

    @Test func programsGetARowForEachRun() throws {
        let json = ComparisonTable.json(comparison)
        #expect(json["differing_keys"]?.text() == #"["model.heads","model.type","training.context"]"#)
        guard case .array(let runs)? = json["runs"], case .array(let warnings)? = json["warnings"] else {
            Issue.record("\(json.text())")
            return
        }
        #expect(runs.count == 2 && warnings.count == 1)
        #expect(runs[1]["best_bits_per_byte"] == .number(1.9) && runs[1]["model.heads"] == .string("4"))
        #expect(runs[0]["model.heads"] == .null && runs[0]["parameters"] == .integer(123_456))
        #expect(
            ComparisonTable.table(comparison).csv().hasPrefix(
                "run,experiment,status,best_bits_per_byte,final_bits_per_byte,floor_bits_per_byte,best_loss,final_loss,"
                    + "gap_to_training,best_step,final_step,verdict,parameters,tokens_per_second,seconds,peak_rss_mb,"
                    + "model.heads,model.type,training.context\r\n"))
    }

    @Test func manyRunsAreComparedInRows() {
        let rows = (0..<5).map { row("run-\($0)", [:], bits: 2, parameters: 1) }
        let lines = ComparisonTable.text(RunComparison(rows: rows)).split(separator: "\n")
        #expect(lines[0].hasPrefix("run    experiment  status") && lines[6].hasPrefix("run-4  exp"))
        #expect(lines.last == "No configuration key differs.")
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
        var problems: [String] = []
        let table = RunsTable.table(ResultsFolder(path: folder).scan().runs) { problems.append("\($0)") }
        let lines = table.text(maximumCellColumns: 30).split(separator: "\n").map { $0.split(separator: " ") }
        #expect(
            lines[2].dropLast() == [
                "20260301-093000-abcdef01", "exp", "completed", "18446744073709551615", "2026-03-01", "09:30", "5", "5",
                "2.5000", "2.5000", "1.7500", "–", "–", "–",
            ])
        #expect(lines[3][2] == "interrupted")
        #expect(problems == ["\(broken.metrics):1: not JSON: expected null at byte 1"])
        #expect(table.csv().contains(",18446744073709551615,2026-03-01T09:30:00.250Z,5,5,2.5,2.5,1.75,"))
    }
}
