import LatheResults
import LatheSystem

/// Times steps, for throughput and the remaining time. No compared result depends on it.
struct StepClock {
    /// Seconds spent on steps, including those before resuming.
    private(set) var seconds: Double
    private let tokens: Int
    private var started = 0.0
    private var recent: [Double] = []
    private var validation: Double?

    init(seconds: Double, tokens: Int) {
        self.seconds = seconds
        self.tokens = tokens
        recent.reserveCapacity(Self.window)
    }

    private static let window = 1024

    mutating func start() { started = MonotonicClock.seconds }

    mutating func stop(step: Int) -> TimingRecord {
        let duration = MonotonicClock.seconds - started
        seconds += duration
        if recent.count < Self.window { recent.append(duration) } else { recent[step % Self.window] = duration }
        return TimingRecord(step: step, phase: .train, seconds: duration, tokensPerSecond: Double(tokens) / duration)
    }

    mutating func validated(seconds: Double) { validation = seconds }

    func secondsLeft(steps: Int, validationInterval: Int) -> Double {
        let mean = recent.suffix(50).reduce(0, +) / Double(max(1, min(50, recent.count)))
        return Double(steps) * mean + (validation ?? 0) * Double(steps) / Double(validationInterval)
    }
}
