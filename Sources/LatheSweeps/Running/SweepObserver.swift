import LatheResults

/// Follows a sweep: a display, say.
public protocol SweepObserver: AnyObject {
    /// Something happened to a trial.
    func happened(_ event: SweepEvent, label: String)
    /// Something worth a line happened.
    func noted(_ message: String)
    /// How things stand, several times a second.
    func progressed(_ progress: SweepProgress)
}

/// How a sweep stands.
public struct SweepProgress: Sendable, Equatable {
    /// The sweep.
    public var name: String
    /// Trials wanted.
    public var trials = 0
    /// Trials that are done: completed, pruned.
    public var done = 0
    /// Trials at work here or elsewhere.
    public var running = 0
    /// Trials that failed.
    public var failed = 0
    /// The trial with the best objective so far.
    public var best: (trial: Int, value: Double)?
    /// Steps done and wanted, those of all trials together.
    public var steps: (done: Int, wanted: Int) = (0, 0)
    /// Seconds until the end, where they can be guessed.
    public var secondsLeft: Double?

    /// The start of a sweep.
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

    /// Whether two moments read the same.
    public static func == (left: SweepProgress, right: SweepProgress) -> Bool {
        left.text == right.text && left.steps == right.steps
    }
}
