import LatheReports
import LatheResults
import LatheSweeps
import LatheSystem

/// Shows a sweep's progress: one line redrawn in place on a terminal, plain lines elsewhere.
final class SweepDisplay: SweepObserver {
    private let isQuiet: Bool
    private var isDrawn = false
    private var lastDrawn = 0.0

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func happened(_ event: SweepEvent, label: String) {
        if event.event == .started && Console.redraws { return }
        if event.event == .failed || event.event == .diverged {
            clear()
            Console.error("trial \(event.trial) (\(label)) \(event.event.rawValue): \(event.message ?? "")")
        } else {
            say("trial \(event.trial) (\(label)) \(event.event.rawValue)" + (event.message.map { ": \($0)" } ?? ""))
        }
    }

    func noted(_ message: String) { say(message) }

    func progressed(_ progress: SweepProgress) {
        let now = MonotonicClock.seconds
        guard !isQuiet, now - lastDrawn >= (Console.redraws ? 0.25 : 10) else { return }
        // Without a terminal, the first progress line is skipped: the events already show the start.
        defer { lastDrawn = now }
        if Console.redraws {
            Console.draw("\r" + TextWidth.truncated(progress.text, to: max(1, Console.columns - 1)) + "\u{1B}[K")
            isDrawn = true
        } else if lastDrawn > 0 {
            Console.error(progress.text)
        }
    }

    func say(_ line: String) {
        clear()
        if !isQuiet { Console.error(line) }
    }

    func finish() { clear() }

    private func clear() {
        if isDrawn { Console.draw(ProgressLine.clear) }
        isDrawn = false
    }
}
