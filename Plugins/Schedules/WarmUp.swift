import LatheComponents
import LatheSpec

/// The rise to the peak rate: steps 0 ..< warmup yield (step + 1) / (warmup + 1), as nanoGPT does it.
func warmUp(step: Int, warmupSteps: Int) -> Double? {
    step < warmupSteps ? Double(step + 1) / Double(warmupSteps + 1) : nil
}

/// How far the part behind the warm-up has come: 0 at its first step, approaching 1 at the run's end.
func progress(step: Int, warmupSteps: Int, steps: Int) -> Double {
    Double(step - warmupSteps) / Double(max(1, steps - warmupSteps))
}

/// An error for a warm-up that is longer than the run.
func warmUpDiagnostics(_ warmupSteps: Int, mark: Mark?, in context: ExperimentContext) -> [Diagnostic] {
    guard let steps = context.steps, steps > 0, warmupSteps > steps else { return [] }
    return [
        Diagnostic(
            "warmup_steps \(warmupSteps) is longer than the run of \(steps) steps: the peak rate would never be reached; use at most \(steps)",
            at: mark)
    ]
}
