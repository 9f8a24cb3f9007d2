import LatheKernels
import LatheLayers
import Testing

@Suite struct CausalAttentionTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        let batch: Int, time: Int, heads: Int, dimension: Int
        var testDescription: String { "\(batch)x\(time)x\(heads)x\(dimension)" }
        var width: Int { heads * dimension }
    }
    static let shapes = [
        Shape(batch: 1, time: 1, heads: 1, dimension: 1), Shape(batch: 2, time: 5, heads: 3, dimension: 7),
        Shape(batch: 3, time: 33, heads: 2, dimension: 16), Shape(batch: 1, time: 64, heads: 2, dimension: 32),
        Shape(batch: 1, time: 131, heads: 1, dimension: 65), Shape(batch: 5, time: 70, heads: 8, dimension: 20),
    ]

    @Test(arguments: shapes, [Float(0), 0.3])
    func againstReference(_ s: Shape, _ probability: Float) {
        let tokens = s.batch * s.time
        let qkv = Array32(tokens * 3 * s.width, seed: 1), dOut = Array32(tokens * s.width, seed: 2)
        let key = DropoutKey(seed: 4, stream: "attention", step: 2), firstRow = 3
        let dropout =
            probability > 0
            ? CausalAttention.ProbabilityDropout(probability: probability, key: key, firstRow: firstRow) : nil
        let mask = { (b: Int, h: Int, i: Int, j: Int) -> Double in
            guard probability > 0 else { return 1 }
            let element = ((firstRow + b) * s.heads + h) * s.time * s.time + i * s.time + j
            return key.bits(element) >> 8 >= UInt32((probability * 0x1p24).rounded())
                ? 1 / (1 - Double(probability)) : 0
        }
        let out = Array32(tokens * s.width), dQKV = Array32(tokens * 3 * s.width)
        Reference.causalAttention(
            qkv: qkv.start, out: out.start, batch: s.batch, time: s.time, heads: s.heads, headDimension: s.dimension,
            mask: mask)
        Reference.causalAttentionBackward(
            qkv: qkv.start, dOut: dOut.start, dQKV: dQKV.start, batch: s.batch, time: s.time, heads: s.heads,
            headDimension: s.dimension, mask: mask)
        // Scores are sums of D products with D roundings; probabilities add the error of exp; sums over T average it
        // out.
        let score = Double(s.dimension + 3) * unit * Double(s.dimension).squareRoot() + 4e-7
        let tolerance = (4 * score + Double(s.time) * unit) * 2
        atEachLevel { pool in
            let out2 = Array32(tokens * s.width), logSumExp = Array32(s.batch * s.heads * s.time)
            let scratch = Array32(
                CausalAttention.forwardScratch(
                    batch: s.batch, time: s.time, heads: s.heads, headDimension: s.dimension), .nan)
            CausalAttention.forward(
                pool, qkv: qkv.start, out: out2.start, logSumExp: logSumExp.start, scratch: scratch.start,
                batch: s.batch, time: s.time, heads: s.heads, headDimension: s.dimension, dropout: dropout)
            expectClose(out2, out, within: tolerance, "out at \(pool.level)")
            #expect(scratch.isIntact && logSumExp.isIntact)
            let dQKV2 = Array32(tokens * 3 * s.width, .nan)
            let scratch2 = Array32(
                CausalAttention.backwardScratch(
                    batch: s.batch, time: s.time, heads: s.heads, headDimension: s.dimension), .nan)
            CausalAttention.backward(
                pool, qkv: qkv.start, out: out2.start, dOut: dOut.start, logSumExp: logSumExp.start,
                dQKV: dQKV2.start, scratch: scratch2.start, batch: s.batch, time: s.time, heads: s.heads,
                headDimension: s.dimension, dropout: dropout)
            // dP and delta are sums of D products, and keys accumulate from up to T queries.
            let gradient = tolerance * Double(s.dimension).squareRoot() * 2 * max(1, dQKV.magnitude)
            expectClose(dQKV2, dQKV, within: gradient, "dQKV at \(pool.level)")
            #expect(scratch2.isIntact)
        }
    }

    @Test func cachedEqualsWhole() {
        let s = Shape(batch: 2, time: 13, heads: 3, dimension: 5)
        let qkv = Array32(s.batch * s.time * 3 * s.width, seed: 1), out = Array32(s.batch * s.time * s.width)
        Reference.causalAttention(
            qkv: qkv.start, out: out.start, batch: s.batch, time: s.time, heads: s.heads, headDimension: s.dimension)
        let capacity = 16
        atEachLevel { pool in
            let keys = Array32(s.batch * s.width * capacity), values = Array32(s.batch * s.width * capacity)
            let scratch = Array32(CausalAttention.cachedScratch(batch: s.batch, heads: s.heads, capacity: capacity))
            let out2 = Array32(s.batch * s.time * s.width)
            // A prompt of six tokens, then one, one, five.
            for (position, count) in [(0, 6), (6, 1), (7, 1), (8, 5)] {
                let part = Array32(s.batch * count * 3 * s.width), result = Array32(s.batch * count * s.width)
                for b in 0..<s.batch {
                    (part.start + b * count * 3 * s.width).update(
                        from: qkv.start + (b * s.time + position) * 3 * s.width, count: count * 3 * s.width)
                }
                CausalAttention.forwardCached(
                    pool, qkv: part.start, keyCache: keys.start, valueCache: values.start, out: result.start,
                    scratch: scratch.start, batch: s.batch, time: count, heads: s.heads, headDimension: s.dimension,
                    capacity: capacity, position: position)
                for b in 0..<s.batch {
                    (out2.start + (b * s.time + position) * s.width).update(
                        from: result.start + b * count * s.width, count: count * s.width)
                }
            }
            expectClose(out2, out, within: 4e-6, "out at \(pool.level)")
            #expect(scratch.isIntact && keys.isIntact && values.isIntact)
        }
    }
}

@Suite struct LSTMSequenceTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        let batch: Int, time: Int, inputs: Int, hidden: Int
        var testDescription: String { "\(batch)x\(time)x\(inputs)x\(hidden)" }
    }
    static let shapes = [
        Shape(batch: 1, time: 1, inputs: 1, hidden: 1), Shape(batch: 3, time: 4, inputs: 5, hidden: 7),
        Shape(batch: 7, time: 6, inputs: 33, hidden: 37), Shape(batch: 13, time: 3, inputs: 20, hidden: 64),
        Shape(batch: 2, time: 2, inputs: 3, hidden: 512),
        // A single step of few sequences.
        Shape(batch: 1, time: 1, inputs: 20, hidden: 130), Shape(batch: 4, time: 1, inputs: 7, hidden: 65),
        Shape(batch: 3, time: 1, inputs: 16, hidden: 64),
    ]

    @Test(arguments: shapes, [true, false])
    func againstReference(_ s: Shape, _ withBias: Bool) {
        let (b, t, i, h) = (s.batch, s.time, s.inputs, s.hidden)
        let spread = 1 / Float(h).squareRoot()
        let x = Array32(b * t * i, seed: 1), weightInput = Array32(4 * h * i, seed: 2, -0.3...0.3)
        let weightHidden = Array32(4 * h * h, seed: 3, -spread...spread), bias = Array32(4 * h, seed: 4)
        let h0 = Array32(b * h, seed: 5), c0 = Array32(b * h, seed: 6), dy = Array32(b * t * h, seed: 7)
        let biases = withBias ? Floats(bias.start) : nil
        let y = Array32(b * t * h), hState = Array32(copy: h0), cState = Array32(copy: c0)
        Reference.lstm(
            x: x.start, weightInput: weightInput.start, weightHidden: weightHidden.start, bias: biases,
            hState: hState.start, cState: cState.start, y: y.start, batch: b, time: t, inputs: i, hidden: h)
        let dx = Array32(b * t * i, 1), dInput = Array32(4 * h * i, 1), dHidden = Array32(4 * h * h, 1)
        let dBias = Array32(4 * h, 1)
        Reference.lstmBackward(
            x: x.start, weightInput: weightInput.start, weightHidden: weightHidden.start, bias: biases,
            hState: h0.start, cState: c0.start, dy: dy.start, dx: dx.start, dWeightInput: dInput.start,
            dWeightHidden: dHidden.start, dBias: withBias ? dBias.start : nil, batch: b, time: t, inputs: i, hidden: h)
        // A gate's error: the roundings of sums of I and H products, of size 1 x 0.3 and 1 x spread, plus 3e-7; errors
        // add up over steps.
        let gate = Double(i + h) * unit * (0.3 * Double(i) + Double(h).squareRoot()).squareRoot() + 3e-7
        let tolerance = Double(t) * 4 * gate + 8 * unit
        atEachLevel { pool in
            for saving in [true, false] {
                let y2 = Array32(b * t * h), hState2 = Array32(copy: h0), cState2 = Array32(copy: c0)
                let saved = Array32(LSTMSequence.savedCount(batch: b, time: t, inputs: i, hidden: h), .nan)
                let scratch = Array32(
                    LSTMSequence.forwardScratch(batch: b, time: t, inputs: i, hidden: h, saved: saving), .nan)
                LSTMSequence.forward(
                    pool, x: x.start, weightInput: weightInput.start, weightHidden: weightHidden.start, bias: biases,
                    hState: hState2.start, cState: cState2.start, y: y2.start, saved: saving ? saved.start : nil,
                    scratch: scratch.start, batch: b, time: t, inputs: i, hidden: h)
                expectClose(y2, y, within: tolerance, "y at \(pool.level)")
                expectClose(hState2, hState, within: tolerance, "h at \(pool.level)")
                expectClose(cState2, cState, within: tolerance * Double(t + 1), "c at \(pool.level)")
                #expect(saved.isIntact && scratch.isIntact)
                guard saving else { continue }
                let dx2 = Array32(b * t * i, 1), dInput2 = Array32(4 * h * i, 1), dHidden2 = Array32(4 * h * h, 1)
                let dBias2 = Array32(4 * h, 1)
                let scratch2 = Array32(
                    LSTMSequence.backwardScratch(batch: b, time: t, inputs: i, hidden: h), .nan)
                LSTMSequence.backward(
                    pool, x: x.start, weightInput: weightInput.start, weightHidden: weightHidden.start, y: y2.start,
                    dy: dy.start, saved: saved.start, dx: dx2.start, accumulateInput: true,
                    dWeightInput: dInput2.start, dWeightHidden: dHidden2.start, dBias: withBias ? dBias2.start : nil,
                    accumulateParameters: true, scratch: scratch2.start, batch: b, time: t, inputs: i, hidden: h)
                #expect(saved.isIntact && scratch2.isIntact)
                let steps = tolerance * Double(t + 1) * 4
                expectClose(dx2, dx, within: steps * max(1, dx.magnitude), "dx at \(pool.level)")
                expectClose(dInput2, dInput, within: steps * Double(b), "dWeightInput at \(pool.level)")
                expectClose(dHidden2, dHidden, within: steps * Double(b), "dWeightHidden at \(pool.level)")
                expectClose(dBias2, dBias, within: steps * Double(b), "dBias at \(pool.level)")
            }
        }
    }
}
