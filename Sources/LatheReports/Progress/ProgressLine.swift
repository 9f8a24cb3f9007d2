public import LatheResults

/// What the progress line shows.
public struct RunProgress: Sendable, Equatable {
    public var step: Int
    public var totalSteps: Int
    /// Recent training loss, nats per token.
    public var trainLoss: Double?
    /// At the last validation, nats per token.
    public var validationLoss: Double?
    /// At the last validation.
    public var bitsPerByte: Double?
    /// Recent training throughput.
    public var tokensPerSecond: Double?
    /// Seconds until the planned end.
    public var secondsLeft: Double?
    /// The current activity if it is not training.
    public var phase: TimingPhase?
    /// The share of the activity that is done, from 0 to 1.
    public var phaseShare: Double?

    public init(step: Int, totalSteps: Int) {
        self.step = step
        self.totalSteps = totalSteps
    }
}

/// Formats progress; the caller writes it.
public enum ProgressLine {
    /// For example `step  250/2000   12%  train 2.4310  validation 2.3998  3.1208 bits/byte  12.3k tok/s  1m52s left`.
    public static func text(_ progress: RunProgress) -> String {
        let total = String(progress.totalSteps)
        let step = String(progress.step)
        let padding = String(repeating: " ", count: max(0, total.count - step.count))
        var parts = ["step \(padding)\(step)/\(total)"]
        if progress.totalSteps > 0 {
            // Rounded down, so that 100% means done.
            let percent = String(
                min(100, Int((Double(progress.step) / Double(progress.totalSteps) * 100).rounded(.down))))
            parts.append(String(repeating: " ", count: 3 - percent.count) + percent + "%")
        }
        if let loss = progress.trainLoss { parts.append("train \(NumberText.loss(loss))") }
        if let loss = progress.validationLoss { parts.append("validation \(NumberText.loss(loss))") }
        if let bits = progress.bitsPerByte { parts.append("\(NumberText.loss(bits)) bits/byte") }
        if let speed = progress.tokensPerSecond { parts.append("\(NumberText.count(speed)) tok/s") }
        if let left = progress.secondsLeft { parts.append("\(NumberText.duration(seconds: max(0, left))) left") }
        switch progress.phase {
        case .validation:
            let share = progress.phaseShare.map { " \(Int(($0 * 100).rounded(.down)))%" }
            parts.append("validating" + (share ?? ""))
        case .checkpoint: parts.append("saving")
        case .sample: parts.append("sampling")
        case .train, nil: break
        }
        return parts.joined(separator: "  ")
    }

    /// For a terminal: overwrites the current line and stays on it. Truncated so that it never wraps.
    public static func terminal(_ progress: RunProgress, columns: Int) -> String {
        "\r" + TextWidth.truncated(text(progress), to: max(1, columns - 1)) + clearToEnd
    }

    /// Erases the progress line, before something else is printed.
    public static let clear = "\r" + clearToEnd

    /// For files and pipes: a complete line.
    public static func plain(_ progress: RunProgress) -> String { text(progress) + "\n" }

    private static let clearToEnd = "\u{1B}[K"
}
