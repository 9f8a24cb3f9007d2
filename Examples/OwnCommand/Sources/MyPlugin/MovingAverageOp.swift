import Foundation
import LatheGraph
import LatheKernels

/// An exponential moving average along time, with a learned decay for each channel.
///
/// `h_t = a h_{t-1} + (1 - a) x_t` with a = sigmoid(w): inputs x [B, T, C], w [C] and the state h [B, C]; output
/// [B, T, C]. The state is overwritten with the last average.
public struct MovingAverageOp: Op {
    /// Whether each run starts from the state instead of zero.
    public var startsFromState: Bool

    public init(startsFromState: Bool) { self.startsFromState = startsFromState }

    public var name: String { "moving_average" }

    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape {
        guard inputs[0].rank == 3, inputs[1].sizes == [inputs[0].width],
            inputs[2].sizes == [inputs[0][0], inputs[0].width]
        else {
            throw ShapeMismatch(
                op: name, "input \(inputs[0]), decay \(inputs[1]) and state \(inputs[2]) must be [B, T, C], [C], [B, C]"
            )
        }
        return inputs[0]
    }

    public var backwardReads: BackwardReads { BackwardReads(inputs: [0], output: true) }

    /// The states in which the sequences began.
    public func savedCount(_ inputs: [Shape]) -> Int { inputs[2].count }

    public func forward(_ run: OpRun) {
        let state = run.input(2), count = run.inputShapes[2].count
        if !startsFromState { state.update(repeating: 0, count: count) }
        if run.isTraining { run.saved.update(from: state, count: count) }
        run.pool.run(
            Forward(shape: run.outputShape, x: run.input(0), decay: run.input(1), y: run.output, state: state),
            slices: Channels.slices(run.outputShape))
    }

    public func backward(_ run: OpRun) {
        run.pool.run(
            Backward(
                shape: run.outputShape, x: run.input(0), decay: run.input(1), y: run.output, start: run.saved,
                dy: run.outputGradient, dx: run.gradient(0), dDecay: run.gradient(1), addsToX: run.accumulates(0),
                addsToDecay: run.accumulates(1)),
            slices: Channels.slices(run.outputShape))
    }
}

/// A thread takes 16 channels at a time, which is a cache line.
private enum Channels {
    static func slices(_ shape: Shape) -> Int { (shape.width + 15) / 16 }
    static func range(_ slice: Int, _ shape: Shape) -> Range<Int> { 16 * slice..<min(16 * slice + 16, shape.width) }
}

private struct Forward: SliceJob {
    let shape: Shape
    let x: Floats, decay: Floats, y: MutableFloats, state: MutableFloats

    func run(_ slice: Int) {
        let (rows, time, width) = (shape[0], shape[1], shape.width)
        for channel in Channels.range(slice, shape) {
            let a = sigmoid(decay[channel])
            for row in 0..<rows {
                var h = state[row * width + channel]
                for t in 0..<time {
                    let i = (row * time + t) * width + channel
                    h = a * h + (1 - a) * x[i]
                    y[i] = h
                }
                state[row * width + channel] = h
            }
        }
    }
}

/// dh_t = dy_t + a dh_{t+1}; dx_t = (1 - a) dh_t; da = Σ dh_t (h_{t-1} - x_t); dw = a (1 - a) da.
private struct Backward: SliceJob {
    let shape: Shape
    let x: Floats, decay: Floats, y: Floats, start: Floats, dy: Floats
    let dx: MutableFloats?, dDecay: MutableFloats?
    let addsToX: Bool, addsToDecay: Bool

    func run(_ slice: Int) {
        let (rows, time, width) = (shape[0], shape[1], shape.width)
        for channel in Channels.range(slice, shape) {
            let a = sigmoid(decay[channel])
            var da: Float = 0
            for row in 0..<rows {
                var dh: Float = 0
                for t in (0..<time).reversed() {
                    let i = (row * time + t) * width + channel
                    dh = dy[i] + a * dh
                    da += dh * ((t > 0 ? y[i - width] : start[row * width + channel]) - x[i])
                    if let dx { dx[i] = (1 - a) * dh + (addsToX ? dx[i] : 0) }
                }
            }
            if let dDecay { dDecay[channel] = a * (1 - a) * da + (addsToDecay ? dDecay[channel] : 0) }
        }
    }
}

private func sigmoid(_ x: Float) -> Float { 1 / (1 + expf(-x)) }
