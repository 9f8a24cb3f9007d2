import LatheComponents
import LatheData
import LatheGraph
import LatheKernels
import LatheSystem

/// The result of scoring a text once.
public struct Evaluation: Sendable, Equatable {
    /// Nats of each segment, including the cost of spelling unknown words.
    public var segmentNats: [Double]
    public var tokens: Int
    /// The sum of the tokens' nats, without spellings.
    public var tokenNats: Double
    /// Bytes that the scored tokens stand for.
    public var bytes: Int
    /// Why bits per byte are unknown; nil if they are known.
    public var lossReason: String?

    /// Mean nats per token.
    public var loss: Double { tokenNats / Double(max(1, tokens)) }
    /// exp(loss).
    public var perplexity: Double { Math.exponential(loss) }
    /// Total nats, including spellings.
    public var nats: Double { segmentNats.reduce(0, +) }
    /// Code length of the text in bits, divided by its bytes; nil if the tokens cannot reproduce the text.
    public var bitsPerByte: Double? {
        lossReason == nil && bytes > 0 ? nats / (Double(bytes) * 0.693147180559945309) : nil
    }
}

/// Scores a text: each token once, in consecutive windows. The first token has no context and is not scored; the last
/// window may be short.
///
/// The windows are distributed over lanes, each a contiguous part of the text. If the model carries its state, a lane's
/// state starts at zero and carries from window to window, as in training; otherwise lanes have no effect. Their number
/// depends only on the experiment, not on the machine or the micro-batch, so that sums are bit-identical.
final class Evaluator {
    private let text: ScoredText
    private let executor: Executor
    private let nats: UnsafeMutablePointer<Float>
    private let states: StateStore
    private let batch: BatchBuffers
    private let rows: Int
    private let lanes: [Range<Int>]
    private let context: Int

    init(
        _ text: ScoredText, experiment: Experiment, program: ScoringProgram, arena: FloatBuffer,
        parameters: ParameterStore,
        pool: ThreadPool
    ) throws {
        let shape = experiment.spec.training.shape
        self.text = text
        context = shape.context
        rows = experiment.spec.training.microBatch
        let windows = (max(0, text.count - 1) + context - 1) / context
        // Carrying a state pays off only over many windows: at least 16 per lane.
        let most = experiment.architecture.carriesState ? max(1, windows / 16) : max(1, windows)
        let count = min(shape.rows, most)
        lanes = (0..<count).map { windows * $0 / count..<windows * ($0 + 1) / count }
        let padded = (count + rows - 1) / rows * rows
        batch = BatchBuffers(BatchShape(rows: padded, context: context))
        states = try StateStore(program.program.graph, rows: padded)
        executor = Executor(
            program.program, arena: arena, parameters: parameters, states: states,
            inputs: [batch.batch.inputs, batch.batch.targets], pool: pool)
        nats = executor.numbers(of: program.nats)
    }

    /// - Parameter proceed: receives the share that is done, before each program run; returns false to leave early.
    /// - Returns: nil if it was left early.
    func run(_ proceed: (Double) -> Bool) -> Evaluation? {
        var result = Evaluation(
            segmentNats: text.segments.spellingNats, tokens: max(0, text.count - 1), tokenNats: 0,
            bytes: text.scoredBytes, lossReason: text.lossReason)
        states.reset()
        let turns = lanes.map(\.count).max() ?? 0
        for turn in 0..<turns {
            for first in stride(from: 0, to: batch.batch.shape.rows, by: rows) {
                guard proceed((Double(turn) + Double(first) / Double(batch.batch.shape.rows)) / Double(turns)) else {
                    return nil
                }
                fill(first..<first + rows, turn: turn)
                executor.run(RunState(firstRow: first))
                for lane in first..<min(first + rows, lanes.count) where turn < lanes[lane].count {
                    add(window: lanes[lane].lowerBound + turn, nats: nats + (lane - first) * context, to: &result)
                }
            }
        }
        return result
    }

    /// The targets of a window: `context`, or fewer in the last.
    private func targets(_ window: Int) -> Range<Int> {
        window * context + 1..<min((window + 1) * context + 1, text.count)
    }

    private func fill(_ laneRange: Range<Int>, turn: Int) {
        let inputs = batch.batch.inputs, outputs = batch.batch.targets
        for lane in laneRange {
            let offset = lane * context
            var count = 0
            if lane < lanes.count, turn < lanes[lane].count {
                let range = targets(lanes[lane].lowerBound + turn)
                count = range.count
                text.tokens.copy(from: range.lowerBound - 1, count: count, to: inputs + offset)
                text.tokens.copy(from: range.lowerBound, count: count, to: outputs + offset)
            }
            for index in count..<context {
                inputs[offset + index] = 0
                outputs[offset + index] = Batch.ignored
            }
        }
    }

    private func add(window: Int, nats: UnsafeMutablePointer<Float>, to result: inout Evaluation) {
        let range = targets(window)
        var segment = text.segments.segment(ofToken: range.lowerBound)
        for (index, token) in range.enumerated() {
            while token >= text.segments.firstTokens[segment + 1] { segment += 1 }
            let value = Double(nats[index])
            result.segmentNats[segment] += value
            result.tokenNats += value
        }
    }
}
