import LatheKernels
import LatheLayers
import Testing

/// Products with factors rounded to bf16, on CPUs that have them.
@Suite(.enabled(if: ProductPrecision.bfloat16.isAvailable, "this CPU has no AVX512-BF16"))
struct BFloat16Tests {
    private func rounded(_ array: Array32) -> Array32 {
        let result = Array32(copy: array)
        for index in 0..<result.count { result.start[index] = Reference.bfloat16(result.start[index]) }
        return result
    }

    @Test(
        arguments: ProductTests.shapes + [
            (700, 130, 900), (130, 3000, 64), (5, 64, 4099), (6, 65, 4097), (2100, 70, 300),
        ])
    func againstReference(_ shape: (m: Int, n: Int, k: Int)) {
        let (m, n, k) = shape
        let pool = ThreadPool(threadCount: 2, precision: .bfloat16)
        for (transposeA, transposeB) in [(false, false), (false, true), (true, false), (true, true)] {
            // The path for a few rows reads B once and does not round.
            if m <= 4, transposeB, !transposeA { continue }
            let lda = (transposeA ? m : k) + 3, ldb = (transposeB ? k : n) + 1, ldc = n + 2
            let a = Array32((transposeA ? k : m) * lda, seed: 1), b = Array32((transposeB ? n : k) * ldb, seed: 2)
            let roundA = rounded(a), roundB = rounded(b), before = Array32(m * ldc, seed: 3)
            for accumulate in [false, true] {
                let expected = Array32(copy: before), bound = before.absolute, c = Array32(copy: before)
                Reference.multiply(
                    m: m, n: n, k: k, a: roundA.start, lda: lda, transposeA: transposeA, b: roundB.start, ldb: ldb,
                    transposeB: transposeB, c: expected.start, ldc: ldc, accumulate: accumulate)
                Reference.multiply(
                    m: m, n: n, k: k, a: roundA.absolute.start, lda: lda, transposeA: transposeA,
                    b: roundB.absolute.start, ldb: ldb, transposeB: transposeB, c: bound.start, ldc: ldc,
                    accumulate: true)
                Product.multiply(
                    pool, m: m, n: n, k: k, a: a.start, lda: lda, transposeA: transposeA, b: b.start, ldb: ldb,
                    transposeB: transposeB, c: c.start, ldc: ldc, accumulate: accumulate)
                // Products of rounded numbers are exact; each of k sums rounds once, in any order.
                expectClose(
                    c, expected, within: { Double(k + 3) * unit * Double(bound.start[$0]) + 1e-30 },
                    "\(m)x\(n)x\(k) \(transposeA) \(transposeB)")
            }
        }
    }

    /// The bias is added once, however the depth is split: into rounded blocks, into slices, or for few rows.
    @Test(arguments: [(37, 65, 130), (37, 1500, 130), (37, 4200, 130), (37, 65, 576), (37, 2100, 576)])
    func bias(_ shape: (rows: Int, inputs: Int, outputs: Int)) {
        let pool = ThreadPool(threadCount: 2, precision: .bfloat16)
        let (rows, inputs, outputs) = shape, spread = 1 / Float(inputs)
        let x = Array32(rows * inputs, seed: 4), weight = Array32(outputs * inputs, seed: 5, -spread...spread)
        let bias = Array32(outputs, seed: 6), y = Array32(rows * outputs, 9), expected = Array32(rows * outputs)
        Reference.linear(
            x: rounded(x).start, weight: rounded(weight).start, bias: bias.start, y: expected.start, rows: rows,
            inputs: inputs, outputs: outputs)
        Linear.forward(
            pool, x: x.start, weight: weight.start, bias: bias.start, y: y.start, rows: rows, inputs: inputs,
            outputs: outputs)
        // Sums of magnitudes are at most 1, plus the bias.
        expectClose(y, expected, within: Double(inputs + 3) * unit * 2, "y")
    }

    /// A few rows use weights rounded in advance; an odd depth, or more rows, use the original weights.
    @Test(
        arguments: [
            (1, 2, 1), (1, 34, 5), (2, 130, 70), (3, 256, 1000), (4, 768, 130), (1, 768, 2304), (2, 66_000, 3),
            (1, 131, 7),
            (5, 130, 70),
        ], [true, false])
    func weightsRoundedBeforehand(_ shape: (rows: Int, inputs: Int, outputs: Int), _ hasBias: Bool) {
        let pool = ThreadPool(threadCount: 2, precision: .bfloat16)
        let (rows, inputs, outputs) = shape, spread = 1 / Float(inputs)
        let x = Array32(rows * inputs, seed: 4), bias = Array32(outputs, seed: 6)
        let weight = Array32(outputs * inputs, seed: 5, -spread...spread)
        let pairs = Array32((outputs * inputs + 1) / 2, .nan), y = Array32(rows * outputs, .nan)
        Product.round(pool, weight.start, pairs: pairs.start, count: outputs * inputs)
        #expect(pairs.isIntact)
        // NaN where the array must not be read.
        let isTaken = rows <= 4 && inputs % 2 == 0, given = isTaken ? Array32(outputs * inputs, .nan) : weight
        Linear.forward(
            pool, x: x.start, weight: given.start, rounded: pairs.start, bias: hasBias ? bias.start : nil, y: y.start,
            rows: rows, inputs: inputs, outputs: outputs)
        let expected = Array32(rows * outputs), isRounded = isTaken || rows > 4
        Reference.linear(
            x: isRounded ? rounded(x).start : x.start, weight: isRounded ? rounded(weight).start : weight.start,
            bias: hasBias ? bias.start : nil, y: expected.start, rows: rows, inputs: inputs, outputs: outputs)
        // Sums of magnitudes are at most 1, plus the bias; for few rows they are accumulated in 64 lanes.
        let terms = rows <= 4 ? inputs / 64 + 8 : inputs + 3
        expectClose(y, expected, within: Double(terms) * unit * 2, "y")
    }

    @Test func sameBitsWithAnyThreads() {
        for (m, n, k) in [(768, 128, 128), (97, 333, 1000), (20, 650, 650), (3000, 700, 64)] {
            let a = Array32(m * k, seed: 1), b = Array32(n * k, seed: 2)
            let results = [1, 2, 3].map { threads in
                let c = Array32(m * n)
                Linear.forward(
                    ThreadPool(threadCount: threads, precision: .bfloat16), x: a.start, weight: b.start, bias: nil,
                    y: c.start, rows: m, inputs: k, outputs: n)
                return c
            }
            for other in results.dropFirst() {
                #expect((0..<m * n).allSatisfy { results[0].start[$0].bitPattern == other.start[$0].bitPattern })
            }
        }
    }

    @Test func whatIsNotFiniteStaysSo() {
        let pool = ThreadPool(threadCount: 1, precision: .bfloat16)
        for bad in [Float.nan, .infinity] {
            let a = Array32(8 * 40, seed: 1), b = Array32(40 * 8, seed: 2), c = Array32(64)
            a.start[3 * 40 + 7] = bad
            Product.multiply(
                pool, m: 8, n: 8, k: 40, a: a.start, lda: 40, transposeA: false, b: b.start, ldb: 8, transposeB: false,
                c: c.start, ldc: 8, accumulate: false)
            #expect(!c.start[3 * 8].isFinite)
            #expect(c.start[2 * 8].isFinite)
        }
    }

    /// Unit roundoff of bf16.
    private static let roundoff = 0x1p-9

    @Test(
        arguments: CausalAttentionTests.shapes + [.init(batch: 2, time: 256, heads: 2, dimension: 64)],
        [Float(0), 0.3])
    func attention(_ s: CausalAttentionTests.Shape, _ probability: Float) {
        let dropout =
            probability > 0
            ? CausalAttention.ProbabilityDropout(
                probability: probability, key: DropoutKey(seed: 4, stream: "attention", step: 2), firstRow: 3) : nil
        let tokens = s.batch * s.time
        let qkv = Array32(tokens * 3 * s.width, seed: 1, -1...1), dOut = Array32(tokens * s.width, seed: 2, -1...1)
        func run(_ pool: ThreadPool) -> (out: Array32, dQKV: Array32) {
            let out = Array32(tokens * s.width, .nan), logSumExp = Array32(s.batch * s.heads * s.time)
            let scratch = Array32(
                CausalAttention.forwardScratch(
                    batch: s.batch, time: s.time, heads: s.heads, headDimension: s.dimension), .nan)
            CausalAttention.forward(
                pool, qkv: qkv.start, out: out.start, logSumExp: logSumExp.start, scratch: scratch.start,
                batch: s.batch, time: s.time, heads: s.heads, headDimension: s.dimension, dropout: dropout)
            let dQKV = Array32(tokens * 3 * s.width, .nan)
            let scratch2 = Array32(
                CausalAttention.backwardScratch(
                    batch: s.batch, time: s.time, heads: s.heads, headDimension: s.dimension), .nan)
            CausalAttention.backward(
                pool, qkv: qkv.start, out: out.start, dOut: dOut.start, logSumExp: logSumExp.start, dQKV: dQKV.start,
                scratch: scratch2.start, batch: s.batch, time: s.time, heads: s.heads, headDimension: s.dimension,
                dropout: dropout)
            #expect(scratch.isIntact && scratch2.isIntact && logSumExp.isIntact)
            return (out, dQKV)
        }
        let exact = run(ThreadPool(threadCount: 2)), rounded = run(ThreadPool(threadCount: 2, precision: .bfloat16))
        // Each factor has one rounding error, and sums average them out. Values that dropout keeps are scaled up.
        let roundoff = Self.roundoff / (1 - Double(probability))
        expectClose(rounded.out, exact.out, within: 6 * roundoff, "out")
        expectClose(rounded.dQKV, exact.dQKV, within: 8 * roundoff * max(1, exact.dQKV.magnitude), "dQKV")
    }

    @Test(arguments: LSTMSequenceTests.shapes + [.init(batch: 20, time: 9, inputs: 65, hidden: 130)])
    func lstm(_ s: LSTMSequenceTests.Shape) {
        let (b, t, i, h) = (s.batch, s.time, s.inputs, s.hidden)
        let spread = 1 / Float(h).squareRoot(), inputSpread = 1 / Float(i).squareRoot()
        let x = Array32(b * t * i, seed: 1), weightInput = Array32(4 * h * i, seed: 2, -inputSpread...inputSpread)
        let weightHidden = Array32(4 * h * h, seed: 3, -spread...spread), bias = Array32(4 * h, seed: 4)
        let h0 = Array32(b * h, seed: 5), c0 = Array32(b * h, seed: 6), dy = Array32(b * t * h, seed: 7)
        func run(_ pool: ThreadPool) -> [Array32] {
            let y = Array32(b * t * h, .nan), hState = Array32(copy: h0), cState = Array32(copy: c0)
            let saved = Array32(LSTMSequence.savedCount(batch: b, time: t, inputs: i, hidden: h), .nan)
            let scratch = Array32(
                LSTMSequence.forwardScratch(batch: b, time: t, inputs: i, hidden: h, saved: true), .nan)
            LSTMSequence.forward(
                pool, x: x.start, weightInput: weightInput.start, weightHidden: weightHidden.start, bias: bias.start,
                hState: hState.start, cState: cState.start, y: y.start, saved: saved.start, scratch: scratch.start,
                batch: b, time: t, inputs: i, hidden: h)
            let dx = Array32(b * t * i), dInput = Array32(4 * h * i), dHidden = Array32(4 * h * h)
            let dBias = Array32(4 * h)
            let scratch2 = Array32(LSTMSequence.backwardScratch(batch: b, time: t, inputs: i, hidden: h), .nan)
            LSTMSequence.backward(
                pool, x: x.start, weightInput: weightInput.start, weightHidden: weightHidden.start, y: y.start,
                dy: dy.start, saved: saved.start, dx: dx.start, accumulateInput: false, dWeightInput: dInput.start,
                dWeightHidden: dHidden.start, dBias: dBias.start, accumulateParameters: false,
                scratch: scratch2.start, batch: b, time: t, inputs: i, hidden: h)
            #expect(saved.isIntact && scratch.isIntact && scratch2.isIntact)
            return [y, hState, cState, dx, dInput, dHidden, dBias]
        }
        let exact = run(ThreadPool(threadCount: 2)), rounded = run(ThreadPool(threadCount: 2, precision: .bfloat16))
        for (index, name) in ["y", "h", "c", "dx", "dWeightInput", "dWeightHidden", "dBias"].enumerated() {
            let size = max(1, exact[index].magnitude)
            expectClose(rounded[index], exact[index], within: 6 * Self.roundoff * Double(t).squareRoot() * size, name)
        }
    }

    /// A single step of few sequences reads both weights in their rounded form.
    @Test(arguments: [(1, 20, 130), (3, 16, 64), (4, 64, 2)])
    func lstmStepFromRoundedWeights(_ shape: (batch: Int, inputs: Int, hidden: Int)) {
        let (b, i, h) = shape
        let pool = ThreadPool(threadCount: 2, precision: .bfloat16), spread = 1 / Float(h + i)
        let x = Array32(b * i, seed: 1), weightInput = Array32(4 * h * i, seed: 2, -spread...spread)
        let weightHidden = Array32(4 * h * h, seed: 3, -spread...spread), bias = Array32(4 * h, seed: 4)
        let h0 = Array32(b * h, seed: 5), c0 = Array32(b * h, seed: 6)
        let inputPairs = Array32(2 * h * i), hiddenPairs = Array32(2 * h * h), unread = Array32(4 * h * max(i, h), .nan)
        Product.round(pool, weightInput.start, pairs: inputPairs.start, count: 4 * h * i)
        Product.round(pool, weightHidden.start, pairs: hiddenPairs.start, count: 4 * h * h)
        let y = Array32(b * h), hState = Array32(copy: h0), cState = Array32(copy: c0)
        let scratch = Array32(LSTMSequence.forwardScratch(batch: b, time: 1, inputs: i, hidden: h, saved: false), .nan)
        LSTMSequence.forward(
            pool, x: x.start, weightInput: unread.start, weightHidden: unread.start,
            rounded: (Floats(inputPairs.start), Floats(hiddenPairs.start)), bias: bias.start, hState: hState.start,
            cState: cState.start, y: y.start, saved: nil, scratch: scratch.start, batch: b, time: 1, inputs: i,
            hidden: h)
        let expected = Array32(b * h), hNext = rounded(h0), cNext = Array32(copy: c0)
        Reference.lstm(
            x: rounded(x).start, weightInput: rounded(weightInput).start, weightHidden: rounded(weightHidden).start,
            bias: bias.start, hState: hNext.start, cState: cNext.start, y: expected.start, batch: b, time: 1, inputs: i,
            hidden: h)
        #expect(scratch.isIntact)
        for (value, other) in [(y, expected), (hState, hNext), (cState, cNext)] {
            expectClose(value, other, within: 1e-5, "\(shape)")
        }
    }
}
