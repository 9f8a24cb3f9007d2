import LatheKernels
import LatheLayers
import Testing

@Suite struct LayerNormTests {
    @Test(arguments: [(1, 1), (1, 5), (3, 7), (65, 33), (130, 128)])
    func againstReference(_ shape: (rows: Int, width: Int)) {
        let (rows, width) = shape
        let x = Array32(rows * width, seed: 1, -2...3), weight = Array32(width, seed: 2, 0.5...1.5)
        let bias = Array32(width, seed: 3), dy = Array32(rows * width, seed: 4)
        let epsilon: Float = 1e-5
        for withBias in [false, true] {
            let y = Array32(rows * width), mean = Array32(rows), rstd = Array32(rows)
            let dx = Array32(rows * width, 1), dWeight = Array32(width, 2), dBias = Array32(width, 3)
            Reference.layerNorm(
                x: x.start, weight: weight.start, bias: withBias ? Floats(bias.start) : nil, y: y.start,
                mean: mean.start, rstd: rstd.start, rows: rows, width: width, epsilon: epsilon)
            Reference.layerNormBackward(
                dy: dy.start, x: x.start, weight: weight.start, dx: dx.start, dWeight: dWeight.start,
                dBias: withBias ? dBias.start : nil, rows: rows, width: width, epsilon: epsilon)
            // Sums of `width` terms of about the size of x, times rstd; dx multiplies such a sum of normal values by
            // rstd.
            let tolerance = Double(width + 8) * unit * 3 * rstd.magnitude
            atEachLevel { pool in
                let y2 = Array32(rows * width), mean2 = Array32(rows), rstd2 = Array32(rows)
                LayerNorm.forward(
                    pool, x: x.start, weight: weight.start, bias: withBias ? Floats(bias.start) : nil, y: y2.start,
                    mean: mean2.start, rstd: rstd2.start, rows: rows, width: width, epsilon: epsilon)
                expectClose(y2, y, within: tolerance, "y at \(pool.level)")
                let dx2 = Array32(rows * width, 1), dWeight2 = Array32(width, 2), dBias2 = Array32(width, 3)
                let scratch = Array32(LayerNorm.backwardScratch(rows: rows, width: width))
                LayerNorm.backward(
                    pool, dy: dy.start, x: x.start, weight: weight.start, mean: mean2.start, rstd: rstd2.start,
                    dx: dx2.start, accumulateInput: true, dWeight: dWeight2.start, dBias: withBias ? dBias2.start : nil,
                    accumulateParameters: true, scratch: scratch.start, rows: rows, width: width)
                #expect(scratch.isIntact)
                expectClose(dx2, dx, within: tolerance * 3 * max(1, rstd.magnitude), "dx at \(pool.level)")
                expectClose(dWeight2, dWeight, within: tolerance * Double(rows), "dWeight at \(pool.level)")
                expectClose(dBias2, dBias, within: Double(rows + 2) * unit * Double(rows + 3), "dBias at \(pool.level)")
            }
        }
    }
}

@Suite struct EmbeddingTests {
    @Test(arguments: [(1, 1, 1), (7, 5, 3), (300, 130, 11)])
    func againstReference(_ shape: (rows: Int, width: Int, vocabulary: Int)) {
        let (rows, width, vocabulary) = shape
        let ids = (0..<rows).map { Int32($0 * 7 % vocabulary) }
        let table = Array32(vocabulary * width, seed: 1), dy = Array32(rows * width, seed: 2)
        atEachLevel { pool in
            let y = Array32(rows * width), expected = Array32(rows * width)
            Embedding.forward(pool, ids: ids, table: table.start, y: y.start, rows: rows, width: width)
            for row in 0..<rows {
                for c in 0..<width { expected.start[row * width + c] = table.start[Int(ids[row]) * width + c] }
            }
            expectClose(y, expected, within: 1e-30, "y")
            for accumulate in [false, true] {
                let dTable = Array32(vocabulary * width, accumulate ? 1 : 0), dTable2 = Array32(vocabulary * width, 1)
                Reference.embeddingBackward(ids: ids, dy: dy.start, dTable: dTable.start, rows: rows, width: width)
                Embedding.backward(
                    pool, ids: ids, dy: dy.start, dTable: dTable2.start, rows: rows, width: width,
                    vocabulary: vocabulary, accumulate: accumulate)
                expectClose(dTable2, dTable, within: Double(rows) * unit * Double(rows + 1), "dTable")
            }
        }
    }

    @Test func positions() {
        let (batch, time, width, capacity, first) = (3, 5, 7, 9, 2)
        let table = Array32(capacity * width, seed: 1), dy = Array32(batch * time * width, seed: 2)
        atEachLevel { pool in
            let y = Array32(batch * time * width, 1), dTable = Array32(capacity * width, 1)
            Embedding.forwardPositions(
                pool, table: table.start, y: y.start, batch: batch, time: time, width: width, firstPosition: first)
            Embedding.backwardPositions(
                pool, dy: dy.start, dTable: dTable.start, batch: batch, time: time, width: width, firstPosition: first,
                accumulate: false, tableRows: capacity)
            for t in 0..<time {
                for c in 0..<width {
                    var sum: Float = 0
                    for b in 0..<batch {
                        #expect(y.start[(b * time + t) * width + c] == 1 + table.start[(first + t) * width + c])
                        sum += dy.start[(b * time + t) * width + c]
                    }
                    #expect(abs(dTable.start[(first + t) * width + c] - sum) < 1e-6)
                }
            }
            for c in 0..<width {
                #expect(dTable.start[c] == 0)
                #expect(dTable.start[(capacity - 1) * width + c] == 0)
            }
            #expect(y.isIntact && dTable.isIntact)
        }
    }
}

@Suite struct CrossEntropyTests {
    @Test(arguments: [(1, 1, 1), (3, 5, 2), (17, 33, 65), (70, 64, 301), (40, 6, 260_000)])
    func againstReference(_ shape: (rows: Int, width: Int, vocabulary: Int)) {
        let (rows, width, vocabulary) = shape
        let features = Array32(rows * width, seed: 1), weight = Array32(vocabulary * width, seed: 2)
        let bias = Array32(vocabulary, seed: 3)
        let targets = (0..<rows).map { $0 % 4 == 2 ? Int32(-1) : Int32($0 * 31 % vocabulary) }
        let scale: Float = 0.25
        for withBias in [false, true] {
            let nats = Array32(rows), dFeatures = Array32(rows * width, 1), dWeight = Array32(weight.count, 2)
            let dBias = Array32(vocabulary, 3)
            Reference.crossEntropy(
                features: features.start, weight: weight.start, bias: withBias ? Floats(bias.start) : nil,
                targets: targets, nats: nats.start, scale: scale, dFeatures: dFeatures.start, dWeight: dWeight.start,
                dBias: withBias ? dBias.start : nil, rows: rows, width: width, vocabulary: vocabulary)
            // A logit's error is `width` roundings of sums up to `width`; the nats add the roundings of a sum of
            // exponentials.
            let logit = Double(width + 3) * unit * Double(width + 1)
            let sum = Double(vocabulary).squareRoot() * 8 * unit + 4e-7
            atEachLevel { pool in
                let nats2 = Array32(rows, 9), nats3 = Array32(rows, 9)
                let dFeatures2 = Array32(rows * width, 1), dWeight2 = Array32(weight.count, 2)
                let dBias2 = Array32(vocabulary, 3)
                let scratch = Array32(
                    CrossEntropy.gradientScratch(rows: rows, width: width, vocabulary: vocabulary))
                CrossEntropy.nats(
                    pool, features: features.start, weight: weight.start, bias: withBias ? Floats(bias.start) : nil,
                    targets: targets, nats: nats2.start, scratch: scratch.start, rows: rows, width: width,
                    vocabulary: vocabulary)
                let tolerance = 2 * logit + sum + 16 * unit * max(1, nats.magnitude)
                expectClose(nats2, nats, within: tolerance, "nats at \(pool.level)")
                CrossEntropy.natsAndGradients(
                    pool, features: features.start, weight: weight.start, bias: withBias ? Floats(bias.start) : nil,
                    targets: targets, nats: nats3.start, scale: scale, dFeatures: dFeatures2.start,
                    accumulateFeatures: true, dWeight: dWeight2.start, dBias: withBias ? dBias2.start : nil,
                    accumulateWeight: true, scratch: scratch.start, rows: rows, width: width, vocabulary: vocabulary)
                #expect(scratch.isIntact)
                #expect(nats2.bits == nats3.bits)
                let gradient = 2 * logit + 2 * sum + 16 * unit
                expectClose(dFeatures2, dFeatures, within: gradient, "dFeatures at \(pool.level)")
                expectClose(dWeight2, dWeight, within: gradient * Double(rows), "dWeight at \(pool.level)")
                expectClose(dBias2, dBias, within: gradient * Double(rows), "dBias at \(pool.level)")
            }
        }
    }
}

@Suite struct GeluTests {
    // The logistic function has an absolute error of at most 3e-7; a factor x scales it and adds its own roundings.
    @Test(arguments: [1, 13, 33_000]) func againstReference(_ count: Int) {
        let x = Array32(count, seed: count, -8...8), dy = Array32(count, seed: 2)
        let y = Array32(count), dx = Array32(count), sum = Array32(count)
        for i in 0..<count {
            y.start[i] = Float(Reference.gelu(Double(x.start[i])))
            dx.start[i] = Float(Double(dy.start[i]) * Reference.geluSlope(Double(x.start[i])))
            sum.start[i] = dx.start[i] + 1
        }
        atEachLevel { pool in
            let y2 = Array32(count), dx2 = Array32(count, 5), inPlace = Array32(copy: x), added = Array32(count, 1)
            Gelu.forward(pool, x: x.start, y: y2.start, count: count)
            expectClose(y2, y, within: 8 * 3e-7 + 8 * unit, "gelu at \(pool.level)")
            Gelu.forward(pool, x: inPlace.start, y: inPlace.start, count: count)
            expectClose(inPlace, y, within: 8 * 3e-7 + 8 * unit, "gelu in place at \(pool.level)")
            Gelu.backward(pool, x: x.start, dy: dy.start, dx: dx2.start, count: count, accumulate: false)
            expectClose(dx2, dx, within: 8 * 3e-7, "gelu' at \(pool.level)")
            Gelu.backward(pool, x: x.start, dy: dy.start, dx: added.start, count: count, accumulate: true)
            expectClose(added, sum, within: 8 * 3e-7 + 4 * unit, "gelu' added at \(pool.level)")
        }
    }

    @Test func notANumberStaysNotANumber() {
        atEachLevel { pool in
            let x = Array32(20, .nan), y = Array32(20)
            Gelu.forward(pool, x: x.start, y: y.start, count: 20)
            #expect((0..<20).allSatisfy { y.start[$0].isNaN })
        }
    }
}
