import LatheComponents
import LatheGraph
public import LatheKernels
import LatheSystem

/// Speed of token-by-token generation. Writes nothing.
public struct GenerationBenchmark: Sendable {
    /// Tokens generated, greedily.
    public let tokens: Int
    /// Tokens per second, after the first.
    public let tokensPerSecond: Double

    /// Generates `tokens` tokens with freshly initialised weights, or as many as the context holds.
    public init(_ plan: RunPlan, pool: ThreadPool, tokens: Int = 200) throws {
        let parameters = try ParameterStore(
            plan.training.program.graph.parameters, seed: plan.experiment.spec.seed, pool: pool)
        let arena = try FloatBuffer(count: plan.arenaCount)
        let generator = try TokenGenerator(
            plan.generation, architecture: plan.experiment.architecture, arena: arena, parameters: parameters,
            rounded: try RoundedWeights(parameters, pool: pool), pool: pool)
        let count = max(2, min(tokens, plan.experiment.spec.training.context - 1))
        var start = 0.0, made = 0
        // One warm-up round, then the measured one.
        for _ in 0..<2 {
            made = 0
            generator.generate(prompt: [0], count: count, rule: SamplingRule(temperature: 0), seed: 0) { _ in
                if made == 0 { start = MonotonicClock.seconds }
                made += 1
                return true
            }
        }
        self.tokens = made
        tokensPerSecond = Double(made - 1) / (MonotonicClock.seconds - start)
    }
}
