import LatheComponents
import LatheSpec

/// (step + 1) / (warmupSteps + 1) for steps `0 ..< warmupSteps`, as in nanoGPT; nil after the warm-up. The first step
/// after the warm-up is the first at the peak rate.
func warmUp(step: Int, warmupSteps: Int) -> Double? {
    step < warmupSteps ? Double(step + 1) / Double(warmupSteps + 1) : nil
}

/// Progress after the warm-up: 0 at its first step, one step short of 1 at the run's last.
func progress(step: Int, warmupSteps: Int, steps: Int) -> Double {
    Double(step - warmupSteps) / Double(max(1, steps - warmupSteps))
}

/// Warns of a run that ends within its warm-up, which never reaches the peak rate.
func warmUpDiagnostics(_ warmupSteps: Int, mark: Mark?, in context: ExperimentContext) -> [Diagnostic] {
    guard let steps = context.steps, steps > 0, warmupSteps >= steps else { return [] }
    return [
        Diagnostic(
            "warmup_steps \(warmupSteps) in a run of \(steps) step\(steps == 1 ? "" : "s"): the rate rises from "
                + "1/\(warmupSteps + 1) to \(steps)/\(warmupSteps + 1) of the peak and never reaches it; "
                + (steps > 1 ? "use at most \(steps - 1)" : "use 0"),
            at: mark, severity: .warning)
    ]
}
