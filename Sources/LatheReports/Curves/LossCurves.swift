public import LatheResults
import LatheSystem

/// The curves of one run: `plots/loss.svg` in nats per token, and `plots/bits_per_byte.svg` if bits per byte are
/// measured.
public enum LossCurves {
    /// Training and validation loss by step, with the known floor and the best step.
    ///
    /// - Parameter floorBitsPerByte: the corpus's entropy. It is converted to nats per token by the ratio of loss to
    ///   bits per byte of the last validation: ln 2 times the bytes of an average token.
    public static func loss(
        metrics: [MetricRecord], title: String, subtitle: String = "", floorBitsPerByte: Double? = nil,
        bestStep: Int? = nil
    ) -> LineChart {
        var chart = LineChart(title: title, subtitle: subtitle, xTitle: "step", yTitle: "loss (nats per token)")
        add(MetricName.trainLoss, "training", .training, of: .train, metrics, to: &chart)
        add(MetricName.validationLoss, "validation", .validation, of: .validation, metrics, to: &chart)
        if let floorBitsPerByte, let natsPerBit = natsPerTokenForBitPerByte(metrics) {
            chart.levels.append(.init(name: "known floor", y: floorBitsPerByte * natsPerBit))
        }
        mark(bestStep, MetricName.validationLoss, metrics, in: &chart)
        return chart
    }

    /// Bits per byte by step; nil if they are not measured.
    public static func bitsPerByte(
        metrics: [MetricRecord], title: String, subtitle: String = "", floorBitsPerByte: Double? = nil,
        bestStep: Int? = nil
    ) -> LineChart? {
        var chart = LineChart(title: title, subtitle: subtitle, xTitle: "step", yTitle: "bits per byte")
        add(MetricName.trainBitsPerByte, "training", .training, of: .train, metrics, to: &chart)
        let trained = chart.series.count
        add(MetricName.validationBitsPerByte, "validation", .validation, of: .validation, metrics, to: &chart)
        guard chart.series.count > trained else { return nil }
        if let floorBitsPerByte { chart.levels.append(.init(name: "known floor", y: floorBitsPerByte)) }
        mark(bestStep, MetricName.validationBitsPerByte, metrics, in: &chart)
        return chart
    }

    /// Draws a run's curves into its `plots/`, from its metrics and its summary if it has one.
    ///
    /// - Throws: ``FileError``, ``RecordError``.
    public static func write(into folder: RunFolder) throws {
        let metrics = try folder.readMetrics()
        let record = try folder.readRecord()
        let figures: RunFigures
        var subtitle = folder.name
        if let summary = try folder.readSummary() {
            figures = RunFigures(summary: summary)
            subtitle += " · " + summary.verdict.text
        } else {
            figures = RunFigures(metrics: metrics, timing: [])
        }
        try DurableFolder.create(folder.plots)
        let loss = loss(
            metrics: metrics, title: record.name, subtitle: subtitle, floorBitsPerByte: figures.floorBitsPerByte,
            bestStep: figures.bestStep)
        try DurableFile.write(loss.svg(), to: folder.plots + "/loss.svg")
        let bits = bitsPerByte(
            metrics: metrics, title: record.name, subtitle: subtitle, floorBitsPerByte: figures.floorBitsPerByte,
            bestStep: figures.bestStep)
        if let bits { try DurableFile.write(bits.svg(), to: folder.plots + "/bits_per_byte.svg") }
    }

    private static func add(
        _ metric: String, _ name: String, _ style: LineChart.Style, of split: MetricSplit, _ metrics: [MetricRecord],
        to chart: inout LineChart
    ) {
        let points = metrics.compactMap { record -> LineChart.Point? in
            guard record.split == split, let value = record.values[metric] else { return nil }
            return LineChart.Point(Double(record.step), value)
        }
        if !points.isEmpty { chart.series.append(.init(name: name, points: points, style: style)) }
    }

    private static func mark(_ step: Int?, _ metric: String, _ metrics: [MetricRecord], in chart: inout LineChart) {
        guard let step,
            let record = metrics.last(where: { $0.step == step && $0.split == .validation && $0.values[metric] != nil }
            ),
            let value = record.values[metric], value.isFinite
        else { return }
        chart.markers.append(
            .init(text: "best \(NumberText.loss(value)) at step \(step)", point: .init(Double(step), value)))
    }

    private static func natsPerTokenForBitPerByte(_ metrics: [MetricRecord]) -> Double? {
        for record in metrics.reversed() where record.split == .validation {
            if let loss = record.values[MetricName.validationLoss], loss.isFinite,
                let bits = record.values[MetricName.validationBitsPerByte], bits.isFinite, bits > 0
            {
                return loss / bits
            }
        }
        return nil
    }
}
