import LatheComponents
import LatheGraph
import LatheTraining
import LatheSpec
import TestSupport
import Testing

/// PyTorch's results, from a file that make_reference.py made.
struct Twin {
    struct Tensor {
        var shape: [Int]
        var values: [Float]
    }

    private let tensors: [String: Tensor]

    init(_ name: String) throws {
        let folder = String(#filePath.prefix(through: try #require(#filePath.lastIndex(of: "/"))))
        tensors = try Safetensors.read("\(folder)References/\(name).safetensors") { tensors in
            tensors.mapValues { Tensor(shape: $0.shape, values: Array($0.values)) }
        }
    }

    func callAsFunction(_ name: String) throws -> Tensor { try #require(tensors[name], "no tensor '\(name)'") }

    /// The names of tensors with this prefix, without it.
    func names(_ prefix: String) -> Set<String> {
        Set(tensors.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
    }

    /// The model in its initial state, with the script's optimizer, clipping, schedule and batches.
    func fixture(
        _ architecture: any Architecture, vocabulary: Int, rate: Double, continues: Bool = false, microBatch: Int? = nil
    ) throws -> ModelInTraining {
        let tokens = try self("tokens")
        let (steps, rows, window) = (tokens.shape[0], tokens.shape[1], tokens.shape[2])
        let spec = try experiment(
            """
            optimizer: {type: adamw, learning_rate: \(rate), betas: [0.9, 0.99], weight_decay: 0.1}
            schedule: {type: cosine, warmup_steps: 7, final_fraction: 0.1}
            clipping: {type: global_norm, maximum: 1}
            """)
        let recipe = try StepRecipe(
            shape: BatchShape(rows: rows, context: window - 1), microBatch: microBatch ?? rows, seed: 1,
            optimizer: spec.optimizer.make(), schedule: spec.schedule.make(), clipping: spec.clipping.make())
        let fixture = try ModelInTraining(
            architecture, vocabulary: vocabulary, recipe: recipe,
            batches: GivenBatches(windows: tokens.values.map { Int32($0) }, continues: continues), steps: steps)
        let segments = fixture.parameters.layout.segments
        #expect(Set(segments.map(\.name)) == names("initial."))
        for segment in segments {
            let initial = try self("initial.\(segment.name)")
            try #require(initial.shape == segment.shape.sizes, "\(segment.name)")
            _ = fixture.weights(segment).update(fromContentsOf: initial.values)
        }
        return fixture
    }

    /// Steps the model as the script did, and compares gradients, losses, learning rates and norms with the file's.
    func compare(_ fixture: ModelInTraining) throws {
        let losses = try self("losses").values, rates = try self("learning_rates").values
        let norms = try self("gradient_norms").values
        #expect(losses.count == 50)
        for step in losses.indices {
            let outcome = try fixture.step(step)
            if step == 0 { try compareGradients(fixture) }
            #expect(
                abs(outcome.loss - Double(losses[step])) <= 1e-3 * Double(losses[step]),
                "loss of step \(step + 1): \(outcome.loss), PyTorch \(losses[step])")
            #expect(
                abs(outcome.gradientNorm - Double(norms[step])) <= 5e-3 * Double(norms[step]),
                "gradient norm of step \(step + 1): \(outcome.gradientNorm), PyTorch \(norms[step])")
            #expect(abs(outcome.rate - Double(rates[step])) <= 1e-6 * Double(rates[step]), "rate of step \(step + 1)")
        }
    }

    /// ‖g - g*‖ ≤ 1e-4 · max(‖g*‖, 1e-6 · the norm of all gradients), tensor by tensor.
    private func compareGradients(_ fixture: ModelInTraining) throws {
        let global = norm(try names("gradient.").flatMap { try self("gradient.\($0)").values.map(Double.init) })
        for segment in fixture.parameters.layout.segments {
            let expected = try self("gradient.\(segment.name)").values.map(Double.init)
            let difference = norm(zip(fixture.gradient(segment), expected).map { Double($0) - $1 })
            let allowed = 1e-4 * max(norm(expected), 1e-6 * global)
            #expect(
                difference <= allowed,
                "gradient of \(segment.name): off by \(difference) of \(norm(expected)), allowed \(allowed)")
        }
    }

    private func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
