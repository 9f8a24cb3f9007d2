import CKernels
public import LatheKernels

// B sequences, T steps, I inputs, H hidden units; gates in PyTorch's order i, f, g, o.

/// One LSTM layer over a sequence. Hochreiter, Schmidhuber, 1997; with forget gates, Gers et al., 2000.
///
/// i, f, o = s(x Wi^T + h Wh^T + b), g = tanh(...), c = f c' + i g, h = o tanh c.
///
/// The input product is computed once for all steps. The recurrent product is computed step by step from weights packed
/// once; a slice owns a range of units with all their gates, so each step needs a single fork and join.
public enum LSTMSequence {
    /// y [B, T, H] from x [B, T, I], weightInput [4H, I], weightHidden [4H, H], bias [4H].
    ///
    /// - Parameters:
    ///   - hState: [B, H], in: the state before the first step; out: after the last. `cState` likewise.
    ///   - rounded: both weights in bfloat16, as ``Product/round(_:_:pairs:count:)`` writes them; if given, they are
    ///     used for single steps of few sequences.
    ///   - saved: `savedCount(...)` floats for `backward`; nil if it will not run.
    ///   - scratch: `forwardScratch(..., saved:)` floats.
    public static func forward(
        _ pool: ThreadPool, x: Floats, weightInput: Floats, weightHidden: Floats,
        rounded: (input: Floats, hidden: Floats)? = nil, bias: Floats?, hState: MutableFloats,
        cState: MutableFloats, y: MutableFloats, saved: MutableFloats?, scratch: MutableFloats, batch: Int, time: Int,
        inputs: Int, hidden: Int
    ) {
        let layout = LSTMLayout(batch: batch, time: time, inputs: inputs, hidden: hidden)
        let state = batch * hidden
        let timeMajor = scratch, packed = timeMajor + layout.timeMajor
        let states = (packed + layout.packed, packed + layout.packed + state)
        let pairs = (states.1 + state, states.1 + state + batch * layout.pairs)
        let kept = saved ?? scratch + layout.scratch
        let gates = kept, cells = gates + layout.gates, firstH = cells + layout.cells
        cells.update(from: cState, count: state)
        firstH.update(from: hState, count: state)
        if time == 1, batch <= Product.fewRows {
            // Packing weights for a single use would cost more than the products.
            Product.multiply(
                pool, m: batch, n: 4 * hidden, k: inputs, a: x, weight: weightInput, rounded: rounded?.input,
                bias: bias,
                c: gates, ldc: layout.gateStride, accumulate: false)
            Product.multiply(
                pool, m: batch, n: 4 * hidden, k: hidden, a: hState, weight: weightHidden, rounded: rounded?.hidden,
                bias: nil, c: gates, ldc: layout.gateStride, accumulate: true)
            for b in 0..<batch {
                let own = b * hidden
                pool.kernels.pointee.lstm_cell(
                    gates + b * layout.gateStride, hidden, cells + own, cells + state + own, hState + own, hidden)
            }
            y.update(from: hState, count: state)
            cState.update(from: cells + state, count: state)
            return
        }
        states.0.update(from: hState, count: state)

        pool.run(
            SwapAxes(cut: Cut(time, grain: 1), from: x, to: timeMajor, rows: batch, columns: time, width: inputs),
            slices: time)
        Product.multiply(
            pool, m: time * batch, n: 4 * hidden, k: inputs, a: Matrix(timeMajor, inputs, transposed: false),
            b: Matrix(weightInput, inputs, transposed: true), bias: bias, c: gates, ldc: layout.gateStride,
            accumulate: false)
        let units = layout.units(pool)
        pool.run(PackHidden(units: units, weight: weightHidden, packed: packed, transposed: true), slices: units.slices)
        for b in 0..<batch { units.round(hState + b * hidden, pairs.0 + b * layout.pairs, hidden) }
        for t in 0..<time {
            let (h, hNext) = t % 2 == 0 ? states : (states.1, states.0)
            let (rounded, roundedNext) = t % 2 == 0 ? pairs : (pairs.1, pairs.0)
            let job = LSTMStepForward(
                units: units, packed: packed, batch: batch, gates: gates + t * batch * layout.gateStride,
                gateStride: layout.gateStride, before: cells + t * state, after: cells + (t + 1) * state,
                hBefore: units.rounds ? rounded : h, h: hNext, rounded: roundedNext, y: y + t * hidden,
                yStride: time * hidden)
            pool.run(job, slices: units.slices)
        }
        hState.update(from: time % 2 == 0 ? states.0 : states.1, count: state)
        cState.update(from: cells + time * state, count: state)
    }

    /// Gradients of x and the parameters; none flows into the state before the first step.
    ///
    /// - Parameters:
    ///   - y: the output of `forward`.
    ///   - saved: from `forward`; the gates are overwritten by their gradients.
    ///   - dx: [B, T, I] or nil, overwritten, or added to with `accumulateInput`.
    ///   - dWeightInput: [4H, I], overwritten, or added to with `accumulateParameters`; `dWeightHidden` [4H, H],
    ///     `dBias` [4H] likewise.
    ///   - scratch: `backwardScratch(...)` floats.
    public static func backward(
        _ pool: ThreadPool, x: Floats, weightInput: Floats, weightHidden: Floats, y: Floats, dy: Floats,
        saved: MutableFloats, dx: MutableFloats?, accumulateInput: Bool, dWeightInput: MutableFloats,
        dWeightHidden: MutableFloats, dBias: MutableFloats?, accumulateParameters: Bool, scratch: MutableFloats,
        batch: Int, time: Int, inputs: Int, hidden: Int
    ) {
        let layout = LSTMLayout(batch: batch, time: time, inputs: inputs, hidden: hidden)
        let state = batch * hidden, rows = time * batch
        let gates = saved, cells = gates + layout.gates, firstH = cells + layout.cells
        let timeMajor = scratch, packed = timeMajor + layout.timeMajor, dh = packed + layout.packed, dc = dh + state
        let pairs = (dc + state, dc + state + 4 * batch * layout.pairs)

        let units = layout.units(pool)
        pool.run(
            PackHidden(units: units, weight: weightHidden, packed: packed, transposed: false), slices: units.slices)
        dc.update(repeating: 0, count: state)
        for t in stride(from: time - 1, through: 0, by: -1) {
            let now = gates + t * batch * layout.gateStride
            let (rounded, roundedNext) = t % 2 == 0 ? pairs : (pairs.1, pairs.0)
            let following = units.rounds ? roundedNext : now + batch * layout.gateStride
            let job = LSTMStepBackward(
                units: units, packed: packed, batch: batch, gates: now, following: t + 1 < time ? following : nil,
                gateStride: layout.gateStride, rounded: rounded,
                before: cells + t * state, after: cells + (t + 1) * state, dy: dy + t * hidden, dyStride: time * hidden,
                dh: dh, dc: dc)
            pool.run(job, slices: units.slices)
        }

        // The factors of Wh: the state before the first step, then y without its last step.
        timeMajor.update(from: firstH, count: state)
        if time > 1 {
            pool.run(
                SwapAxes(
                    cut: Cut(time - 1, grain: 1), from: y, to: timeMajor + state, rows: batch, columns: time,
                    width: hidden),
                slices: time - 1)
        }
        Product.multiply(
            pool, m: 4 * hidden, n: hidden, k: rows, a: gates, lda: layout.gateStride, transposeA: true, b: timeMajor,
            ldb: hidden, transposeB: false, c: dWeightHidden, ldc: hidden, accumulate: accumulateParameters)
        pool.run(
            SwapAxes(cut: Cut(time, grain: 1), from: x, to: timeMajor, rows: batch, columns: time, width: inputs),
            slices: time)
        Product.multiply(
            pool, m: 4 * hidden, n: inputs, k: rows, a: gates, lda: layout.gateStride, transposeA: true, b: timeMajor,
            ldb: inputs, transposeB: false, c: dWeightInput, ldc: inputs, accumulate: accumulateParameters)
        if let dBias {
            Reduction.columnSums(
                pool, x: gates, stride: layout.gateStride, sums: dBias, rows: rows, columns: 4 * hidden,
                accumulate: accumulateParameters)
        }
        if let dx {
            Product.multiply(
                pool, m: rows, n: inputs, k: 4 * hidden, a: gates, lda: layout.gateStride, transposeA: false,
                b: weightInput, ldb: inputs, transposeB: false, c: timeMajor, ldc: inputs, accumulate: false)
            pool.run(
                SwapAxesBack(
                    kernels: pool.kernels, cut: Cut(batch, grain: 1), from: timeMajor, to: dx, rows: batch,
                    columns: time, width: inputs, accumulate: accumulateInput),
                slices: batch)
        }
    }

    /// Floats that `forward` saves for `backward`: gates [T, B, 4H], c [T + 1, B, H] and h before the first step,
    /// time-major.
    public static func savedCount(batch: Int, time: Int, inputs: Int, hidden: Int) -> Int {
        LSTMLayout(batch: batch, time: time, inputs: inputs, hidden: hidden).saved
    }

    /// Floats of scratch for `forward`; more if nothing is saved.
    public static func forwardScratch(batch: Int, time: Int, inputs: Int, hidden: Int, saved: Bool) -> Int {
        let layout = LSTMLayout(batch: batch, time: time, inputs: inputs, hidden: hidden)
        return layout.scratch + (saved ? 0 : layout.saved)
    }

    /// Floats of scratch for `backward`.
    public static func backwardScratch(batch: Int, time: Int, inputs: Int, hidden: Int) -> Int {
        LSTMLayout(batch: batch, time: time, inputs: inputs, hidden: hidden).scratch
    }
}

/// Offsets into `saved` and scratch.
private struct LSTMLayout {
    let hidden: Int
    /// Distance between rows of gates. Not a multiple of the page size, or a column would map to a single cache set.
    let gateStride: Int
    /// Pairs in a row of units.
    let pairs: Int
    let timeMajor: Int, packed: Int, gates: Int, cells: Int, saved: Int, scratch: Int

    init(batch: Int, time: Int, inputs: Int, hidden: Int) {
        self.hidden = hidden
        gateStride = 4 * hidden % 256 == 0 ? 4 * hidden + 16 : 4 * hidden
        pairs = (hidden + 1) / 2
        timeMajor = time * batch * max(inputs, hidden)
        packed = 4 * hidden * ((hidden + 63) / 64 * 64)
        gates = time * batch * gateStride
        cells = (time + 1) * batch * hidden
        saved = gates + cells + batch * hidden
        scratch = timeMajor + packed + 2 * batch * hidden + 8 * batch * pairs
    }

    func units(_ pool: ThreadPool) -> UnitRanges {
        UnitRanges(kernels: pool.kernels, panels: PanelKernels(pool), hidden: hidden)
    }
}

/// Ranges of hidden units, one slice each, and their packed weights: for each range and gate, panels of `width` units
/// by H.
///
/// In bfloat16 the panels hold pairs, and the slice that produces a left factor also rounds it to pairs.
private struct UnitRanges {
    let kernels: UnsafePointer<lathe_kernels>
    let panels: PanelKernels
    let hidden: Int
    /// Depth of a panel: H, or the pairs in it.
    let depth: Int
    let cut: Cut
    let width: Int

    init(kernels: UnsafePointer<lathe_kernels>, panels: PanelKernels, hidden: Int) {
        self.kernels = kernels
        self.panels = panels
        self.hidden = hidden
        depth = panels.elements(hidden)
        // More units per slice read the state less often; fewer balance the threads better if H is small or not a
        // multiple of 128.
        let length = hidden % 128 == 0 && hidden >= 512 ? 64 : 32
        cut = Cut(hidden, grain: length)
        width = min(length, Int(kernels.pointee.panel_columns))
    }

    var slices: Int { cut.slices }
    /// The panel that starts at `unit`, with as many units as fit.
    func panel(_ packed: MutableFloats, unit: Int, gate: Int) -> MutableFloats {
        packed + (unit / width * 4 + gate) * width * depth
    }

    var rounds: Bool { panels.round != nil }

    /// The pairs of x if products are in bfloat16.
    @inline(__always)
    func round(_ x: Floats, _ y: MutableFloats, _ count: Int) { panels.round?(x, y, count) }

    /// Packs a panel of `columns` columns of b.
    func pack(_ b: Floats, _ rowStride: Int, _ columnStride: Int, _ panel: MutableFloats, columns: Int) {
        panels.pack(b, rowStride, columnStride, panel, width, hidden, columns)
    }

    /// c += a times a panel; rows of a are `stride` apart.
    @inline(__always)
    func multiplyAdd(
        _ a: Floats, stride: Int, _ panel: Floats, _ c: MutableFloats, ldc: Int, rows: Int, columns: Int
    ) {
        panels.multiply(a, stride, 1, panel, width, nil, c, ldc, rows, depth, columns, 1)
    }
}

/// Packs Wh [4H, H]: transposed, gate by gate, for h Wh^T; untransposed for dgates Wh, where each gate is a part of the
/// depth.
private struct PackHidden: SliceJob {
    let units: UnitRanges
    let weight: Floats, packed: MutableFloats, transposed: Bool

    func run(_ slice: Int) {
        let hidden = units.hidden, r = units.cut.range(slice)
        for unit in stride(from: r.lowerBound, to: r.upperBound, by: units.width) {
            let count = min(units.width, r.upperBound - unit)
            for gate in 0..<4 {
                let part = weight + gate * hidden * hidden
                units.pack(
                    transposed ? part + unit * hidden : part + unit, transposed ? 1 : hidden, transposed ? hidden : 1,
                    units.panel(packed, unit: unit, gate: gate), columns: count)
            }
        }
    }
}

private struct LSTMStepForward: SliceJob {
    let units: UnitRanges
    let packed: MutableFloats
    let batch: Int
    let gates: MutableFloats, gateStride: Int
    let before: Floats, after: MutableFloats, hBefore: Floats, h: MutableFloats
    /// The pairs of h.
    let rounded: MutableFloats
    let y: MutableFloats, yStride: Int

    func run(_ slice: Int) {
        let r = units.cut.range(slice), hidden = units.hidden, kernels = units.kernels
        for unit in stride(from: r.lowerBound, to: r.upperBound, by: units.width) {
            for gate in 0..<4 {
                units.multiplyAdd(
                    hBefore, stride: units.depth, units.panel(packed, unit: unit, gate: gate),
                    gates + gate * hidden + unit, ldc: gateStride, rows: batch,
                    columns: min(units.width, r.upperBound - unit))
            }
        }
        for b in 0..<batch {
            let own = b * hidden + r.lowerBound
            kernels.pointee.lstm_cell(
                gates + b * gateStride + r.lowerBound, hidden, before + own, after + own, h + own, r.count)
            units.round(h + own, rounded + b * units.depth + r.lowerBound / 2, r.count)
            (y + b * yStride + r.lowerBound).update(from: h + own, count: r.count)
        }
    }
}

private struct LSTMStepBackward: SliceJob {
    let units: UnitRanges
    let packed: MutableFloats
    let batch: Int
    let gates: MutableFloats
    /// The gate gradients of the next time step, or their pairs.
    let following: Floats?
    let gateStride: Int
    /// The pairs of this step's gate gradients: [B, 4, pairs].
    let rounded: MutableFloats
    let before: Floats, after: Floats
    let dy: Floats, dyStride: Int
    let dh: MutableFloats, dc: MutableFloats

    func run(_ slice: Int) {
        let r = units.cut.range(slice), hidden = units.hidden, kernels = units.kernels
        for b in 0..<batch {
            (dh + b * hidden + r.lowerBound).update(from: dy + b * dyStride + r.lowerBound, count: r.count)
        }
        if let following {
            let rowStride = units.rounds ? 4 * units.depth : gateStride
            for unit in stride(from: r.lowerBound, to: r.upperBound, by: units.width) {
                for gate in 0..<4 {
                    units.multiplyAdd(
                        following + gate * units.depth, stride: rowStride,
                        units.panel(packed, unit: unit, gate: gate), dh + unit, ldc: hidden, rows: batch,
                        columns: min(units.width, r.upperBound - unit))
                }
            }
        }
        for b in 0..<batch {
            let own = b * hidden + r.lowerBound
            kernels.pointee.lstm_cell_backward(
                gates + b * gateStride + r.lowerBound, hidden, before + own, after + own, dh + own, dc + own, r.count)
            guard units.rounds else { continue }
            for gate in 0..<4 {
                units.round(
                    gates + b * gateStride + gate * hidden + r.lowerBound,
                    rounded + (4 * b + gate) * units.depth + r.lowerBound / 2, r.count)
            }
        }
    }
}

/// Swaps [rows, columns, width] to [columns, rows, width]; a slice owns columns.
private struct SwapAxes: SliceJob {
    let cut: Cut
    let from: Floats, to: MutableFloats, rows: Int, columns: Int, width: Int
    func run(_ slice: Int) {
        for column in cut.range(slice) {
            for row in 0..<rows {
                (to + (column * rows + row) * width).update(
                    from: from + (row * columns + column) * width, count: width)
            }
        }
    }
}

/// Swaps [columns, rows, width] to [rows, columns, width], copying or adding; a slice owns rows.
private struct SwapAxesBack: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let from: Floats, to: MutableFloats, rows: Int, columns: Int, width: Int, accumulate: Bool
    func run(_ slice: Int) {
        for row in cut.range(slice) {
            for column in 0..<columns {
                let out = to + (row * columns + column) * width, source = from + (column * rows + row) * width
                if accumulate {
                    kernels.pointee.add(out, source, out, width)
                } else {
                    out.update(from: source, count: width)
                }
            }
        }
    }
}
