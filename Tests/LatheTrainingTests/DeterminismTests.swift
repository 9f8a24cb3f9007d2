import LatheComponents
import LatheGraph
import LatheTraining
import LatheSpec
import TestSupport
import Testing

/// The same bits for any number of threads and in any run; the same numbers, up to float accumulation, for any
/// micro-batch size.
struct DeterminismTests {
    private static let vocabulary = 301

    /// Models with dropout, large enough that work is split into many slices.
    enum Model: String, CaseIterable, Sendable {
        case transformer, lstm, lstmCarried

        var knobs: String {
            switch self {
            case .transformer: "transformer, layers: 2, heads: 4, width: 68, dropout: 0.2"
            case .lstm: "lstm, layers: 2, embedding_size: 47, hidden_size: 65, dropout: 0.2"
            case .lstmCarried: "lstm, layers: 2, embedding_size: 47, hidden_size: 65, dropout: 0.2, state: carry"
            }
        }
    }

    private func fixture(
        _ model: Model, microBatch: Int = 12, threads: Int = 2, seed: UInt64 = 21, dropoutSeed: UInt64? = nil,
        continues: Bool? = nil, learningRate: Double = 1e-3
    ) throws -> ModelInTraining {
        let shape = BatchShape(rows: 12, context: 37)
        let spec = try experiment(
            "model: {type: \(model.knobs)}\noptimizer: {type: adamw, learning_rate: \(learningRate)}")
        let recipe = try StepRecipe(
            shape: shape, microBatch: microBatch, seed: dropoutSeed ?? seed, optimizer: spec.optimizer.make(),
            schedule: spec.schedule.make(), clipping: spec.clipping.make())
        return try ModelInTraining(
            spec.model.make(), vocabulary: Self.vocabulary, recipe: recipe,
            batches: GivenBatches.seeded(
                shape, vocabulary: Self.vocabulary, steps: 6, continues: continues ?? (model == .lstmCarried)),
            steps: 6, threads: threads, weightSeed: seed)
    }

    /// The bits of losses, gradient norms and weights after six steps.
    private func train(_ model: Model, threads: Int, seed: UInt64 = 21) throws -> [[UInt64]] {
        let fixture = try fixture(model, threads: threads, seed: seed)
        var outcomes: [[UInt64]] = []
        for step in 0..<6 {
            let outcome = try fixture.step(step)
            outcomes.append([outcome.loss.bitPattern, outcome.gradientNorm.bitPattern])
        }
        return outcomes + [fixture.bits.map(UInt64.init)]
    }

    @Test(arguments: Model.allCases) func anyNumberOfThreadsGivesTheSameBits(_ model: Model) throws {
        let one = try train(model, threads: 1)
        for threads in [1, 2, 3] { #expect(try train(model, threads: threads) == one, "\(threads) threads") }
        #expect(try train(model, threads: 1, seed: 22) != one)
    }

    /// Rows that do not continue begin with a zero state, whatever the previous batch left; rows that continue do not.
    @Test func rowsThatDoNotGoOnBeginAtZero() throws {
        func losses(_ model: Model, continues: Bool) throws -> [Double] {
            let fixture = try fixture(model, continues: continues)
            return try (0..<3).map { try fixture.step($0).loss }
        }
        let reset = try losses(.lstm, continues: false), carried = try losses(.lstmCarried, continues: true)
        #expect(try losses(.lstmCarried, continues: false) == reset)
        #expect(carried[0] == reset[0] && carried[1] != reset[1] && carried[2] != reset[2])
    }

    /// The same batch and weights that a step is too small to change: only the dropout masks differ between steps.
    @Test(arguments: [Model.transformer, .lstm]) func eachStepHasItsOwnMasks(_ model: Model) throws {
        let fixture = try fixture(model, learningRate: 1e-30)
        let first = try fixture.step(0).loss, later = try fixture.step(6).loss
        #expect(try fixture.step(0).loss == first)
        #expect(abs(later - first) > 1e-4 * first)
    }

    /// Losses agree within float accumulation error. Other masks would move them a thousand times further.
    @Test(arguments: Model.allCases, [3, 4]) func microBatchesChangeNothing(_ model: Model, size: Int) throws {
        let whole = try fixture(model), parts = try fixture(model, microBatch: size)
        for step in 0..<6 {
            let expected = try whole.step(step), found = try parts.step(step)
            #expect(
                abs(expected.loss - found.loss) <= 2e-6 * expected.loss,
                "step \(step + 1): \(found.loss), \(expected.loss)")
            guard step == 0 else { continue }
            for segment in whole.parameters.layout.segments {
                let a = whole.gradient(segment), b = parts.gradient(segment)
                let difference = zip(a, b).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }.squareRoot()
                let norm = a.reduce(0) { $0 + Double($1 * $1) }.squareRoot()
                #expect(difference <= 1e-5 * norm, "gradient of \(segment.name): \(difference) of \(norm)")
            }
        }
        // The same weights with other masks.
        let first = try fixture(model).step(0).loss, other = try fixture(model, dropoutSeed: 22).step(0).loss
        #expect(abs(other - first) > 1e-4 * first)
    }
}
