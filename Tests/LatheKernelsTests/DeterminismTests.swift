import CAllocationCount
import LatheKernels
import LatheLayers
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Arrays for one call of each kernel; `run` makes the call and allocates nothing.
private struct Workload {
    let results: [Array32]
    let run: (ThreadPool) -> Void
}

private func workloads() -> [(String, Workload)] {
    [
        ("linear", linear()), ("layer norm", layerNorm()), ("attention", attention(dropout: false)),
        ("attention with dropout", attention(dropout: true)), ("cached attention", cached()), ("LSTM", lstm()),
        ("cross-entropy", crossEntropy()), ("element by element", elementwise()), ("update", update()),
    ]
}

private func linear() -> Workload {
    let (rows, inputs, outputs) = (129, 200, 333)
    let x = Array32(rows * inputs, seed: 1), w = Array32(outputs * inputs, seed: 2), bias = Array32(outputs, seed: 3)
    let y = Array32(rows * outputs), dx = Array32(rows * inputs), dw = Array32(w.count), db = Array32(outputs)
    return Workload(results: [y, dx, dw, db]) { pool in
        Linear.forward(
            pool, x: x.start, weight: w.start, bias: bias.start, y: y.start, rows: rows, inputs: inputs,
            outputs: outputs)
        Linear.backwardInput(
            pool, dy: y.start, weight: w.start, dx: dx.start, rows: rows, inputs: inputs, outputs: outputs,
            accumulate: false)
        Linear.backwardWeight(
            pool, dy: y.start, x: x.start, dWeight: dw.start, rows: rows, inputs: inputs, outputs: outputs,
            accumulate: false)
        Linear.backwardBias(pool, dy: y.start, dBias: db.start, rows: rows, outputs: outputs, accumulate: false)
    }
}

private func layerNorm() -> Workload {
    let (rows, width) = (333, 65)
    let x = Array32(rows * width, seed: 1), w = Array32(width, seed: 2), y = Array32(rows * width)
    let mean = Array32(rows), rstd = Array32(rows), dx = Array32(rows * width), dw = Array32(width), db = Array32(width)
    let scratch = Array32(LayerNorm.backwardScratch(rows: rows, width: width))
    return Workload(results: [y, dx, dw, db]) { pool in
        LayerNorm.forward(
            pool, x: x.start, weight: w.start, bias: w.start, y: y.start, mean: mean.start, rstd: rstd.start,
            rows: rows, width: width, epsilon: 1e-5)
        LayerNorm.backward(
            pool, dy: y.start, x: x.start, weight: w.start, mean: mean.start, rstd: rstd.start, dx: dx.start,
            accumulateInput: false, dWeight: dw.start, dBias: db.start, accumulateParameters: false,
            scratch: scratch.start, rows: rows, width: width)
    }
}

private func attention(dropout: Bool) -> Workload {
    let (b, t, h, d) = (3, 45, 5, 12)
    let qkv = Array32(b * t * 3 * h * d, seed: 1), out = Array32(b * t * h * d), dQKV = Array32(b * t * 3 * h * d)
    let logSumExp = Array32(b * h * t)
    let scratch = Array32(
        max(
            CausalAttention.forwardScratch(batch: b, time: t, heads: h, headDimension: d),
            CausalAttention.backwardScratch(batch: b, time: t, heads: h, headDimension: d)))
    let mask =
        dropout
        ? CausalAttention.ProbabilityDropout(
            probability: 0.2, key: DropoutKey(seed: 1, stream: "attention"), firstRow: 0) : nil
    return Workload(results: [out, dQKV, logSumExp]) { pool in
        CausalAttention.forward(
            pool, qkv: qkv.start, out: out.start, logSumExp: logSumExp.start, scratch: scratch.start, batch: b, time: t,
            heads: h, headDimension: d, dropout: mask)
        CausalAttention.backward(
            pool, qkv: qkv.start, out: out.start, dOut: out.start, logSumExp: logSumExp.start, dQKV: dQKV.start,
            scratch: scratch.start, batch: b, time: t, heads: h, headDimension: d, dropout: mask)
    }
}

private func cached() -> Workload {
    let (b, t, h, d, capacity) = (2, 3, 4, 8, 32)
    let qkv = Array32(b * t * 3 * h * d, seed: 1), out = Array32(b * t * h * d)
    let keys = Array32(b * h * d * capacity, seed: 2), values = Array32(b * h * d * capacity, seed: 3)
    let scratch = Array32(CausalAttention.cachedScratch(batch: b, heads: h, capacity: capacity))
    return Workload(results: [out, keys, values]) { pool in
        CausalAttention.forwardCached(
            pool, qkv: qkv.start, keyCache: keys.start, valueCache: values.start, out: out.start,
            scratch: scratch.start, batch: b, time: t, heads: h, headDimension: d, capacity: capacity, position: 20)
    }
}

private func lstm() -> Workload {
    let (b, t, i, h) = (5, 4, 33, 130)
    let x = Array32(b * t * i, seed: 1), wi = Array32(4 * h * i, seed: 2), wh = Array32(4 * h * h, seed: 3, -0.1...0.1)
    let hState = Array32(b * h), cState = Array32(b * h), y = Array32(b * t * h), dx = Array32(b * t * i)
    let dwi = Array32(4 * h * i), dwh = Array32(4 * h * h), db = Array32(4 * h)
    let saved = Array32(LSTMSequence.savedCount(batch: b, time: t, inputs: i, hidden: h))
    let scratch = Array32(
        max(
            LSTMSequence.forwardScratch(batch: b, time: t, inputs: i, hidden: h, saved: true),
            LSTMSequence.backwardScratch(batch: b, time: t, inputs: i, hidden: h)))
    return Workload(results: [y, dx, dwi, dwh, db, hState, cState]) { pool in
        hState.start.update(repeating: 0, count: b * h)
        cState.start.update(repeating: 0, count: b * h)
        LSTMSequence.forward(
            pool, x: x.start, weightInput: wi.start, weightHidden: wh.start, bias: nil, hState: hState.start,
            cState: cState.start, y: y.start, saved: saved.start, scratch: scratch.start, batch: b, time: t, inputs: i,
            hidden: h)
        LSTMSequence.backward(
            pool, x: x.start, weightInput: wi.start, weightHidden: wh.start, y: y.start, dy: y.start,
            saved: saved.start, dx: dx.start, accumulateInput: false, dWeightInput: dwi.start,
            dWeightHidden: dwh.start, dBias: db.start, accumulateParameters: false, scratch: scratch.start, batch: b,
            time: t, inputs: i, hidden: h)
    }
}

private func crossEntropy() -> Workload {
    let (rows, width, vocabulary) = (120, 40, 3001)
    let x = Array32(rows * width, seed: 1), w = Array32(vocabulary * width, seed: 2), nats = Array32(rows)
    let dx = Array32(rows * width), dw = Array32(w.count), db = Array32(vocabulary)
    let targets = Array32(rows)
    targets.start.withMemoryRebound(to: Int32.self, capacity: rows) { ids in
        for i in 0..<rows { ids[i] = Int32(i * 17) }
    }
    let scratch = Array32(CrossEntropy.gradientScratch(rows: rows, width: width, vocabulary: vocabulary))
    return Workload(results: [nats, dx, dw, db]) { pool in
        targets.start.withMemoryRebound(to: Int32.self, capacity: rows) { ids in
            CrossEntropy.natsAndGradients(
                pool, features: x.start, weight: w.start, bias: nil, targets: ids, nats: nats.start, scale: 0.1,
                dFeatures: dx.start, accumulateFeatures: false, dWeight: dw.start, dBias: db.start,
                accumulateWeight: false, scratch: scratch.start, rows: rows, width: width, vocabulary: vocabulary)
        }
    }
}

private func elementwise() -> Workload {
    let count = 100_003
    let x = Array32(count, seed: 1), y = Array32(count), columns = Array32(1000)
    let totals = Array32(2)
    let key = DropoutKey(seed: 1, stream: "dropout")
    return Workload(results: [y, columns, totals]) { pool in
        Gelu.forward(pool, x: x.start, y: y.start, count: count)
        Gelu.backward(pool, x: x.start, dy: y.start, dx: y.start, count: count, accumulate: false)
        Dropout.forward(
            pool, x: y.start, y: y.start, count: count, probability: 0.1, key: key, firstElement: 11)
        Reduction.columnSums(
            pool, x: x.start, sums: columns.start, rows: 100, columns: 1000, accumulate: false)
        totals.start[0] = Float(Reduction.sumOfSquares(pool, x: x.start, count: count))
        totals.start[1] = Float(Reduction.firstNonFinite(pool, x: x.start, count: count) ?? -1)
    }
}

private func update() -> Workload {
    let count = 50_001
    let w = Array32(count), g = Array32(count, seed: 1), m = Array32(count), v = Array32(count)
    let x = Array32(300 * 130, seed: 2), table = Array32(20 * 130)
    let ids = (0..<300).map { Int32($0 % 20) }
    return Workload(results: [w, m, v, table]) { pool in
        for array in [w, m, v] { array.start.update(repeating: 0.5, count: count) }
        ParameterUpdate.adam(
            pool, weights: w.start, gradients: g.start, firstMoment: m.start, secondMoment: v.start, count: count,
            gradientScale: 1, clamp: .infinity, rate: 1e-3, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.1,
            decoupled: true, biasCorrection1: 0.1, biasCorrection2: 0.01)
        ids.withUnsafeBufferPointer { ids in
            if let ids = ids.baseAddress {
                Embedding.backward(
                    pool, ids: ids, dy: x.start, dTable: table.start, rows: 300, width: 130, vocabulary: 20,
                    accumulate: false)
            }
        }
    }
}

@Suite struct DeterminismTests {
    @Test func sameBitsWithAnyThreads() {
        for (name, workload) in workloads() {
            expectSameBits(name) { pool in
                workload.run(pool)
                return workload.results
            }
        }
    }

    /// In its own process, because it counts the allocations of all threads.
    @Test func nothingIsAllocated() async {
        await #expect(processExitsWith: .success) {
            let pool = ThreadPool(threadCount: 2)
            var failures = 0
            for (name, workload) in workloads() {
                workload.run(pool)
                let before = allocation_count()
                for _ in 0..<10 { workload.run(pool) }
                let count = allocation_count() - before
                if count != 0 {
                    print("\(name): \(count) allocations in 10 calls")
                    failures += 1
                }
            }
            if failures > 0 { exit(1) }
        }
    }

    @Test func allocationsAreCounted() {
        #if canImport(Glibc)
            let before = allocation_count_thread()
            let object = Array32(1)
            #expect(allocation_count_thread() - before >= 2)
            #expect(object.isIntact)
        #endif
    }
}
