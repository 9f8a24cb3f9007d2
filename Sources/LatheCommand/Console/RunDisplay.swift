import LatheReports
import LatheResults
import LatheSystem
import LatheTraining

/// Shows a run's progress: one line redrawn in place on a terminal, plain lines elsewhere. Messages also go to the
/// run's log.
final class RunDisplay: TrainingObserver {
    private let log: LineWriter?
    private let isQuiet: Bool
    private var lastDrawn = 0.0
    private var shown: RunProgress?
    private var bitsPerByte: Double?
    private var isDrawn = false

    init(log path: String?, isQuiet: Bool = false) {
        log = path.flatMap { try? LineWriter(appendingTo: $0) }
        self.isQuiet = isQuiet
    }

    func stepped(_ progress: TrainingProgress) {
        var shown = RunProgress(step: progress.step, totalSteps: progress.steps)
        shown.trainLoss = progress.loss
        shown.validationLoss = progress.validationLoss
        shown.bitsPerByte = bitsPerByte
        shown.tokensPerSecond = progress.tokensPerSecond
        shown.secondsLeft = progress.secondsLeft
        self.shown = shown
        let now = MonotonicClock.seconds, isLast = progress.step == progress.steps
        guard isLast || now - lastDrawn >= (Console.redraws ? 0.1 : 10) else { return }
        draw(shown, at: now)
    }

    func validating(share: Double) {
        let now = MonotonicClock.seconds
        guard var shown, now - lastDrawn >= (Console.redraws ? 0.1 : 10) else { return }
        shown.phase = .validation
        shown.phaseShare = share
        draw(shown, at: now)
    }

    private func draw(_ shown: RunProgress, at now: Double) {
        lastDrawn = now
        guard !isQuiet else { return }
        if Console.redraws {
            Console.draw(ProgressLine.terminal(shown, columns: Console.columns))
            isDrawn = true
        } else {
            Console.draw(ProgressLine.plain(shown))
        }
    }

    func validated(_ record: MetricRecord, isBest: Bool) {
        bitsPerByte = record.values[MetricName.validationBitsPerByte]
        var line =
            "step \(record.step): validation loss \(NumberText.loss(record.values[MetricName.validationLoss] ?? .nan))"
        if let bitsPerByte { line += ", \(NumberText.loss(bitsPerByte)) bits/byte" }
        say(line + (isBest ? ", the best so far" : ""))
    }

    func sampled(step: Int, text: String) {
        let lines = text.split(separator: "\n").map { TextWidth.printable(String($0)) }
        say("step \(step): sample")
        for line in lines.prefix(12) { say("  | " + line) }
        if lines.count > 12 { say("  | … (\(lines.count - 12) more lines in samples/)") }
    }

    func noted(_ message: String) { say(message) }

    /// Prints a line and appends it to the log.
    ///
    /// - Parameter always: print it even when quiet, for warnings and failures.
    func say(_ line: String, always: Bool = false) {
        // Names from a spec or a path may contain control characters.
        let line = TextWidth.printable(line)
        if isDrawn {
            Console.draw(ProgressLine.clear)
            isDrawn = false
        }
        if always || !isQuiet { Console.error(line) }
        try? log?.append(line)
    }
}
