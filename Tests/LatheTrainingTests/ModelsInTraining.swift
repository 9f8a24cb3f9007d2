import LatheComponents
import LatheGraph
import LatheKernels
import LatheTraining

extension ModelInTraining {
    /// - Parameter weightSeed: the recipe's, which is that of dropout, if nil.
    convenience init(
        _ architecture: any Architecture, vocabulary: Int, recipe: StepRecipe, batches: any BatchSequence, steps: Int,
        threads: Int = 2, weightSeed: UInt64? = nil
    ) throws {
        try self.init(
            architecture, vocabulary: vocabulary, recipe: recipe, batches: batches, steps: steps,
            seed: weightSeed ?? recipe.seed, pool: ThreadPool(threadCount: threads))
    }

    func weights(_ segment: ParameterSegment) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: parameters.weights.base + segment.offset, count: segment.count)
    }

    /// Of the last step, before clipping.
    func gradient(_ segment: ParameterSegment) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: parameters.gradients.base + segment.offset, count: segment.count)
    }

    var bits: [UInt32] { (0..<parameters.layout.flatCount).map { parameters.weights.base[$0].bitPattern } }
}

/// Precomputed batches: windows of T + 1 ids, step by step and row by row.
struct GivenBatches: BatchSequence {
    var windows: [Int32]
    /// Whether each row continues where it ended in the previous batch.
    var continues = false

    /// Windows of seeded random ids, many of which depend on their predecessor.
    static func seeded(_ shape: BatchShape, vocabulary: Int, steps: Int, continues: Bool = false) -> GivenBatches {
        let stream = RandomStream(seed: 5, stream: "batches")
        var last: Int32 = 0
        return GivenBatches(
            windows: (0..<steps * shape.rows * (shape.context + 1)).map { index in
                last =
                    stream.uniform(2 * index) < 0.7
                    ? (3 * last + 1) % Int32(vocabulary) : Int32(stream.integer(2 * index + 1, below: vocabulary))
                return last
            }, continues: continues)
    }

    var batchesPerEpoch: Int { 1 }

    func fill(_ batch: Batch, step: Int) {
        let shape = batch.shape, window = shape.context + 1
        let steps = windows.count / (shape.rows * window)
        for row in 0..<shape.rows {
            let start = ((step % steps) * shape.rows + row) * window
            for time in 0..<shape.context {
                batch.inputs[row * shape.context + time] = windows[start + time]
                batch.targets[row * shape.context + time] = windows[start + time + 1]
            }
            batch.continues[row] = continues && step > 0
        }
    }
}

/// `@unchecked Sendable`: written in `init` only.
final class TokenMemory: @unchecked Sendable {
    private let base: UnsafeMutablePointer<UInt16>

    private init(_ count: Int, below bound: Int) {
        base = .allocate(capacity: count)
        let stream = RandomStream(seed: 8, stream: "tokens")
        for i in 0..<count { base[i] = UInt16(stream.integer(i, below: bound)) }
    }

    deinit { base.deallocate() }

    static func tokens(_ count: Int, below bound: Int) -> TokenSequence {
        let memory = TokenMemory(count, below: bound)
        return TokenSequence(base: UnsafeRawPointer(memory.base), count: count, width: .two, owner: memory)
    }
}
