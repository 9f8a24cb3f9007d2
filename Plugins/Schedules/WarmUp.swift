import LatheComponents
import LatheSpec

/// (step + 1) / (warmupSteps + 1) for steps `0 ..< warmupSteps`, as in nanoGPT; nil after the warm-up.
func warmUp(step: Int, warmupSteps: Int) -> Double? {
    step < warmupSteps ? Double(step + 1) / Double(warmupSteps + 1) : nil
}

/// Progress after the warm-up: 0 at its first step, one step short of 1 at the run's last.
func progress(step: Int, warmupSteps: Int, steps: Int) -> Double {
    Double(step - warmupSteps) / Double(max(1, steps - warmupSteps))
}

func warmUpDiagnostics(_ warmupSteps: Int, mark: Mark?, in context: ExperimentContext) -> [Diagnostic] {
    guard let steps = context.steps, steps > 0, warmupSteps > steps else { return [] }
    return [
        Diagnostic(
            "warmup_steps \(warmupSteps) is longer than the run of \(steps) steps: the peak rate would never be "
                + "reached; use at most \(steps)",
            at: mark)
    ]
}
