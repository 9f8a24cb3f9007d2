import LatheComponents
import LatheGraph
public import LatheKernels

/// How fast a model continues a text, one token after the other. Nothing is written.
public struct GenerationBenchmark: Sendable {
    /// Tokens that were made, each the likeliest.
    public let tokens: Int
    /// Tokens a second, after the first.
    public let tokensPerSecond: Double

    /// Makes `tokens` tokens with freshly initialised weights, or as many as the context holds if that is less.
    public init(_ plan: RunPlan, pool: ThreadPool, tokens: Int = 200) throws {
        let parameters = try ParameterStore(
            plan.training.program.graph.parameters, seed: plan.experiment.spec.seed, pool: pool)
        let arena = try FloatBuffer(count: plan.arenaCount)
        let generator = try Generator(
            plan.generation, architecture: plan.experiment.architecture, arena: arena, parameters: parameters,
            rounded: try RoundedWeights(parameters, pool: pool), pool: pool)
        let count = max(2, min(tokens, plan.experiment.spec.training.context - 1))
        var start = 0.0, made = 0
        // A round to warm up, and one that counts.
        for _ in 0..<2 {
            made = 0
            generator.generate(prompt: [0], count: count, rule: SamplingRule(temperature: 0), seed: 0) { _ in
                if made == 0 { start = StepClock.now() }
                made += 1
                return true
            }
        }
        self.tokens = made
        tokensPerSecond = Double(made - 1) / (StepClock.now() - start)
    }
}
