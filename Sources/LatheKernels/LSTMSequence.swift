import CKernels

// B sequences, T steps, I inputs, H hidden units; gates in PyTorch's order i, f, g, o.

/// One layer of an LSTM over a sequence. Hochreiter, Schmidhuber, 1997; with forget gates, Gers et al., 2000.
///
/// i, f, o = s(x Wi^T + h Wh^T + b), g = tanh(...), c = f c' + i g, h = o tanh c.
///
/// What the backward pass needs is kept time-major: gates [T, B, 4H], c [T + 1, B, H], h before the first step [B, H].
public enum LSTMSequence {
    /// y [B, T, H] from x [B, T, I], weightInput [4H, I], weightHidden [4H, H], bias [4H].
    ///
    /// - Parameters:
    ///   - hState: [B, H], the state before the first step; becomes that after the last; `cState` likewise.
    ///   - saved: `savedCount(...)` floats for `backward`; nil when there will be none.
    ///   - scratch: `forwardScratch(..., saved:)` floats.
    public static func forward(
        _ pool: ThreadPool, x: Floats, weightInput: Floats, weightHidden: Floats, bias: Floats?, hState: MutableFloats,
        cState: MutableFloats, y: MutableFloats, saved: MutableFloats?, scratch: MutableFloats, batch: Int, time: Int,
        inputs: Int, hidden: Int
    ) {
        let layout = Layout(batch: batch, time: time, inputs: inputs, hidden: hidden)
        let state = batch * hidden
        let timeMajor = scratch, kept = saved ?? scratch + layout.timeMajor
        let gates = kept, cells = gates + layout.gates, firstH = cells + layout.cells
        cells.update(from: cState, count: state)
        firstH.update(from: hState, count: state)
        transpose(pool, from: x, to: timeMajor, rows: batch, columns: time, width: inputs)
        Linear.forward(
            pool, x: timeMajor, weight: weightInput, bias: bias, y: gates, rows: time * batch, inputs: inputs,
            outputs: 4 * hidden)
        for t in 0..<time {
            let step = gates + t * 4 * state
            Product.multiply(
                pool, m: batch, n: 4 * hidden, k: hidden, a: hState, lda: hidden, transposeA: false, b: weightHidden,
                ldb: hidden, transposeB: true, c: step, ldc: 4 * hidden, accumulate: true)
            let cut = Cut(batch, grain: 4)
            let job = CellForward(
                kernels: pool.kernels, cut: cut, gates: step, before: cells + t * state, after: cells + (t + 1) * state,
                h: hState, y: y + t * hidden, yStride: time * hidden, hidden: hidden)
            pool.run(job, slices: cut.slices)
        }
        cState.update(from: cells + time * state, count: state)
    }

    /// Gradients of x and of the parameters; none flows into the state before the first step.
    ///
    /// - Parameters:
    ///   - saved: of `forward`; its gates are overwritten by their gradients.
    ///   - dx: [B, T, I] or nil, overwritten, or added to with `accumulateInput`.
    ///   - dWeightInput: [4H, I], overwritten, or added to with `accumulateParameters`; `dWeightHidden` [4H, H], `dBias` [4H] likewise.
    ///   - scratch: `backwardScratch(...)` floats.
    public static func backward(
        _ pool: ThreadPool, x: Floats, weightInput: Floats, weightHidden: Floats, y: Floats, dy: Floats,
        saved: MutableFloats, dx: MutableFloats?, accumulateInput: Bool, dWeightInput: MutableFloats,
        dWeightHidden: MutableFloats, dBias: MutableFloats?, accumulateParameters: Bool, scratch: MutableFloats,
        batch: Int, time: Int, inputs: Int, hidden: Int
    ) {
        let layout = Layout(batch: batch, time: time, inputs: inputs, hidden: hidden)
        let state = batch * hidden
        let gates = saved, cells = gates + layout.gates, firstH = cells + layout.cells
        let timeMajor = scratch, dh = scratch + layout.timeMajor, dc = dh + state
        dc.update(repeating: 0, count: state)
        for t in stride(from: time - 1, through: 0, by: -1) {
            // dh = dy[t] + gates' gradient of the next step times Wh
            let cut = Cut(batch, grain: 4)
            pool.run(
                GatherRows(
                    cut: cut, from: dy + t * hidden, fromStride: time * hidden, to: dh, toStride: hidden, width: hidden),
                slices: cut.slices)
            if t + 1 < time {
                Product.multiply(
                    pool, m: batch, n: hidden, k: 4 * hidden, a: gates + (t + 1) * 4 * state, lda: 4 * hidden,
                    transposeA: false, b: weightHidden, ldb: hidden, transposeB: false, c: dh, ldc: hidden,
                    accumulate: true)
            }
            pool.run(
                CellBackward(
                    kernels: pool.kernels, cut: cut, gates: gates + t * 4 * state, before: cells + t * state,
                    after: cells + (t + 1) * state, dh: dh, dc: dc, hidden: hidden),
                slices: cut.slices)
        }
        let rows = time * batch
        timeMajor.update(from: firstH, count: state)
        if time > 1 {
            // h before step t is y of step t - 1
            let cut = Cut(time - 1, grain: 1)
            pool.run(
                TransposeRows(
                    cut: cut, from: y, to: timeMajor + state, rows: batch, fromStride: time * hidden, width: hidden,
                    accumulate: false, reverse: false),
                slices: cut.slices)
        }
        Linear.backwardWeight(
            pool, dy: gates, x: timeMajor, dWeight: dWeightHidden, rows: rows, inputs: hidden, outputs: 4 * hidden,
            accumulate: accumulateParameters)
        transpose(pool, from: x, to: timeMajor, rows: batch, columns: time, width: inputs)
        Linear.backwardWeight(
            pool, dy: gates, x: timeMajor, dWeight: dWeightInput, rows: rows, inputs: inputs, outputs: 4 * hidden,
            accumulate: accumulateParameters)
        if let dBias {
            Linear.backwardBias(
                pool, dy: gates, dBias: dBias, rows: rows, outputs: 4 * hidden, accumulate: accumulateParameters)
        }
        if let dx {
            Linear.backwardInput(
                pool, dy: gates, weight: weightInput, dx: timeMajor, rows: rows, inputs: inputs, outputs: 4 * hidden,
                accumulate: false)
            let cut = Cut(time, grain: 1)
            pool.run(
                TransposeRows(
                    cut: cut, from: Floats(dx), to: timeMajor, rows: batch, fromStride: time * inputs, width: inputs,
                    accumulate: accumulateInput, reverse: true),
                slices: cut.slices)
        }
    }

    /// Floats that `forward` keeps for `backward`.
    public static func savedCount(batch: Int, time: Int, inputs: Int, hidden: Int) -> Int {
        Layout(batch: batch, time: time, inputs: inputs, hidden: hidden).saved
    }

    /// Floats of scratch for `forward`; more when nothing is saved.
    public static func forwardScratch(batch: Int, time: Int, inputs: Int, hidden: Int, saved: Bool) -> Int {
        let layout = Layout(batch: batch, time: time, inputs: inputs, hidden: hidden)
        return layout.timeMajor + (saved ? 0 : layout.saved)
    }

    /// Floats of scratch for `backward`.
    public static func backwardScratch(batch: Int, time: Int, inputs: Int, hidden: Int) -> Int {
        Layout(batch: batch, time: time, inputs: inputs, hidden: hidden).timeMajor + 2 * batch * hidden
    }

    private struct Layout {
        let timeMajor: Int, gates: Int, cells: Int, saved: Int
        init(batch: Int, time: Int, inputs: Int, hidden: Int) {
            timeMajor = time * batch * max(inputs, hidden)
            gates = time * batch * 4 * hidden
            cells = (time + 1) * batch * hidden
            saved = gates + cells + batch * hidden
        }
    }

    private static func transpose(
        _ pool: ThreadPool, from: Floats, to: MutableFloats, rows: Int, columns: Int, width: Int
    ) {
        let cut = Cut(columns, grain: 1)
        pool.run(
            TransposeRows(
                cut: cut, from: from, to: to, rows: rows, fromStride: columns * width, width: width, accumulate: false,
                reverse: false),
            slices: cut.slices)
    }
}

private struct GatherRows: SliceJob {
    let cut: Cut
    let from: Floats, fromStride: Int, to: MutableFloats, toStride: Int, width: Int
    func run(_ slice: Int) {
        for row in cut.range(slice) { (to + row * toStride).update(from: from + row * fromStride, count: width) }
    }
}

/// Between [rows, columns, width] and [columns, rows, width]; a slice owns columns.
private struct TransposeRows: SliceJob {
    let cut: Cut
    let from: Floats, to: MutableFloats, rows: Int, fromStride: Int, width: Int, accumulate: Bool, reverse: Bool
    func run(_ slice: Int) {
        for column in cut.range(slice) {
            for row in 0..<rows {
                let major = from + row * fromStride + column * width, minor = to + (column * rows + row) * width
                if !reverse {
                    minor.update(from: major, count: width)
                } else {
                    let out = MutableFloats(mutating: major)
                    if accumulate {
                        for i in 0..<width { out[i] += minor[i] }
                    } else {
                        out.update(from: minor, count: width)
                    }
                }
            }
        }
    }
}

private struct CellForward: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let gates: MutableFloats, before: Floats, after: MutableFloats, h: MutableFloats
    let y: MutableFloats, yStride: Int, hidden: Int
    func run(_ slice: Int) {
        for b in cut.range(slice) {
            kernels.pointee.lstm_cell(
                gates + b * 4 * hidden, hidden, before + b * hidden, after + b * hidden, h + b * hidden, hidden)
            (y + b * yStride).update(from: h + b * hidden, count: hidden)
        }
    }
}

private struct CellBackward: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let gates: MutableFloats, before: Floats, after: Floats, dh: Floats, dc: MutableFloats, hidden: Int
    func run(_ slice: Int) {
        for b in cut.range(slice) {
            kernels.pointee.lstm_cell_backward(
                gates + b * 4 * hidden, hidden, before + b * hidden, after + b * hidden, dh + b * hidden,
                dc + b * hidden, hidden)
        }
    }
}
