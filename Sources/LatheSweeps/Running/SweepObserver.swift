import LatheResults

/// Follows a sweep, for example to display it.
public protocol SweepObserver: AnyObject {
    func happened(_ event: SweepEvent, label: String)
    /// A message for the user.
    func noted(_ message: String)
    /// Called several times a second.
    func progressed(_ progress: SweepProgress)
}

public struct SweepProgress: Sendable, Equatable {
    public var name: String
    public var trials = 0
    /// Completed or pruned trials.
    public var done = 0
    /// Trials running here or in another process.
    public var running = 0
    public var failed = 0
    public var best: (trial: Int, value: Double)?
    /// Summed over all trials.
    public var steps: (done: Int, wanted: Int) = (0, 0)
    /// Estimated; nil if unknown.
    public var secondsLeft: Double?

    public init(name: String) { self.name = name }

    /// For example `sweep lr  5/8 done  2 running  1 failed  best 1.2345 (trial 3)  1m20s left`.
    public var text: String {
        var parts = ["sweep \(name)", "\(done)/\(trials) done"]
        if running > 0 { parts.append("\(running) running") }
        if failed > 0 { parts.append("\(failed) failed") }
        if let best { parts.append("best \(NumberText.loss(best.value)) (trial \(best.trial))") }
        if let secondsLeft { parts.append("\(NumberText.duration(seconds: secondsLeft)) left") }
        return parts.joined(separator: "  ")
    }

    public static func == (left: SweepProgress, right: SweepProgress) -> Bool {
        left.text == right.text && left.steps == right.steps
    }
}
