import Foundation
import LatheReports
import LatheResults
import LatheSystem
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct LossCurvesTests {
    private let metrics: [MetricRecord] = [0, 50, 100, 150, 200].flatMap { step -> [MetricRecord] in
        let loss = [0: 4.0, 50: 2.5, 100: 2.0, 150: 2.1, 200: 2.3][step]!
        return [
            MetricRecord(step: step, tokens: 0, split: .train, values: [MetricName.trainLoss: loss - 0.2]),
            MetricRecord(
                step: step, tokens: 0, split: .validation,
                values: [MetricName.validationLoss: loss, MetricName.validationBitsPerByte: loss / 2]),
        ]
    }

    /// The texts and elements of an SVG; nil if it is not well-formed XML.
    private func parse(_ svg: String) -> SVGReader? {
        let reader = SVGReader()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = reader
        return parser.parse() ? reader : nil
    }

    private final class SVGReader: NSObject, XMLParserDelegate {
        var counts: [String: Int] = [:]
        var texts: [String] = []
        var attributes: [[String: String]] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String] = [:]
        ) {
            counts[name, default: 0] += 1
            self.attributes.append(attributes)
            texts.append("")
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            texts[texts.count - 1] += text.trimmingCharacters(in: .newlines)
        }

        func points(_ style: String) -> Int {
            attributes.filter { $0["class"] == "curve \(style)" }.compactMap { $0["points"] }
                .reduce(0) { $0 + $1.split(separator: " ").count }
        }
    }

    private var chart: LineChart {
        LossCurves.loss(
            metrics: metrics, title: "quickstart", subtitle: "20260301-093000-abcdef01 · level", floorBitsPerByte: 0.75,
            bestStep: 100)
    }

    @Test func theDrawingIsAsItWas() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("References/LatheReports/loss.svg")
        if ProcessInfo.processInfo.environment["LATHE_UPDATE_REFERENCES"] != nil {
            try chart.svg().write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(chart.svg() == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test func itShowsBothCurvesFloorAndBestStep() throws {
        let drawing = try #require(parse(chart.svg()))
        #expect(drawing.points("training") == 5 && drawing.points("validation") == 5)
        for text in [
            "quickstart", "step", "loss (nats per token)", "training", "validation", "known floor",
            "best 2.0000 at step 100",
            "0", "200", "2.0",
        ] {
            #expect(drawing.texts.contains(text), "\(text)")
        }
        // 0.75 bits/byte, at 2 nats/token per bit/byte.
        #expect(chart.levels == [.init(name: "known floor", y: 1.5)])
        let bits = LossCurves.bitsPerByte(metrics: metrics, title: "t", floorBitsPerByte: 0.75, bestStep: 100)
        #expect(bits?.levels.first?.y == 0.75 && bits?.markers.first?.point == .init(100, 1))
        #expect(LossCurves.bitsPerByte(metrics: metrics.filter { $0.split == .train }, title: "t") == nil)
    }

    @Test func textIsNeverMarkup() throws {
        var chart = chart
        let hostile = "</text><script>alert(1)</script>\"&amp;\u{1B}\u{FFFF}\u{0}"
        chart.title = hostile
        chart.subtitle = hostile
        chart.xTitle = hostile
        chart.yTitle = hostile
        chart.series[0].name = hostile
        chart.levels[0].name = hostile
        chart.markers[0].text = hostile
        let drawing = try #require(parse(chart.svg()))
        #expect(drawing.counts["script"] == nil)
        #expect(drawing.texts.contains { $0.hasPrefix("</text><script>alert(1)</script>\"&amp;\u{FFFD}") })
    }

    @Test(arguments: [AxisKind.linear, .logarithmic])
    func strangeValuesAreLeftOutAndNothingTraps(kind: AxisKind) throws {
        let extremes: [[Double]] = [
            [], [.nan], [.infinity, -.infinity], [0], [3], [3, 3, 3], [-1, 0, 1], [1e-300, 1e300],
            [-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude], [.leastNonzeroMagnitude, 0],
            [1, .nan, 2, .infinity, 3],
            [1, 1 + 1e-12], [9.99e5, 1e6], [0.1, 0.11],
        ]
        for values in extremes {
            var chart = LineChart(title: "t", xTitle: "x", yTitle: "y")
            chart.xKind = kind
            chart.yKind = kind
            chart.series = [
                .init(name: "a", points: values.enumerated().map { .init(Double($0), $1) }, style: .validation),
                .init(name: "b", points: values.map { .init($0, $0) }, style: .other(-3)),
            ]
            chart.levels = values.map { .init(name: "l", y: $0) }
            chart.markers = values.map { .init(text: "m", point: .init($0, $0)) }
            let svg = chart.svg()
            let drawing = try #require(parse(svg), "\(values)")
            #expect(!svg.contains("\"nan") && !svg.contains("\"inf") && !svg.contains(",nan"), "\(values)")
            #expect(chart.isEmpty == drawing.texts.contains("nothing to plot: no finite values"), "\(values)")
        }
    }

    @Test func longCurvesAreThinnedWithoutLosingPeaks() throws {
        var chart = LineChart(title: "t", xTitle: "x", yTitle: "y")
        let points = (0..<100_000).map { LineChart.Point(Double($0), $0 == 54_321 ? 9 : 1) }
        chart.series = [.init(name: "a", points: points, style: .training)]
        let svg = chart.svg()
        #expect(svg.utf8.count < 60_000)
        chart.series[0].points[54_321].y = 1
        #expect(chart.svg() != svg)
    }

    @Test func aRunsCurvesAreWrittenIntoItsFolder() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let record = RunRecord(name: "exp", identity: "abcdef0123", seed: 1, latheVersion: "1")
        let run = try RunFolder.create(in: folder, record: record).folder
        let lines = try LineWriter(appendingTo: run.metrics)
        for record in metrics { try lines.append(record.line) }
        try LossCurves.write(into: run)
        #expect(try DurableFolder.names(in: run.plots) == ["bits_per_byte.svg", "loss.svg"])
        let text = try String(contentsOfFile: run.plots + "/loss.svg", encoding: .utf8)
        #expect(text.contains("best 2.0000 at step 100"))
    }
}
