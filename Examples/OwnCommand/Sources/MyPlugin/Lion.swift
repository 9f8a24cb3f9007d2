import LatheComponents
import LatheGraph
import LatheSpec

/// Steps by the sign of a smoothed gradient (Chen et al., "Symbolic discovery of optimization algorithms", 2023).
struct Lion: Optimizer {
    struct Config: ComponentConfig {
        @Field("Peak learning rate; the schedule multiplies it.", above: 0) var learningRate = 1e-3
        @Field("Decay rates: for the step, and for the average that is kept.", each: 0..<1, count: 2...2)
        var betas: [Float] = [0.9, 0.99]
    }

    static let name = "lion"
    static let summary = "Steps by the sign of a smoothed gradient."
    private let config: Config

    init(_ config: Config) { self.config = config }

    var learningRate: Double { config.learningRate }

    func slots(for segment: ParameterSegment) -> [StateSlot] { [StateSlot("average", count: segment.count)] }

    /// w = w - rate · sign(β₁ m + (1 - β₁) g); m = β₂ m + (1 - β₂) g.
    func update(_ step: OptimizerStep) {
        let (beta1, beta2) = (config.betas[0], config.betas[1])
        for segment in step.segments {
            let average = segment.state[0], limit = segment.limit
            for i in 0..<segment.segment.count {
                let gradient = min(max(segment.gradients[i] * limit.scale, -limit.clamp), limit.clamp)
                let smooth = beta1 * average[i] + (1 - beta1) * gradient
                segment.weights[i] -= smooth == 0 ? 0 : step.rate * (smooth > 0 ? 1 : -1)
                average[i] = beta2 * average[i] + (1 - beta2) * gradient
            }
        }
    }
}
