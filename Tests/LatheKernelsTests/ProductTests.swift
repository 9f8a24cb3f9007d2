import LatheKernels
import LatheLayers
import Testing

@Suite struct ProductTests {
    static let shapes: [(m: Int, n: Int, k: Int)] = [
        (1, 1, 1), (1, 7, 5), (3, 65, 129), (4, 33, 64), (5, 1, 17), (7, 65, 33), (12, 64, 16), (13, 100, 48),
        (64, 64, 32), (65, 128, 100), (97, 203, 31), (200, 70, 600), (9, 31, 1100), (300, 260, 90), (40, 300, 4200),
        // Few rows of a large B: each slice packs the part that it multiplies.
        (37, 650, 1000), (8, 512, 512),
    ]

    @Test(arguments: shapes)
    func againstReference(_ shape: (m: Int, n: Int, k: Int)) {
        let (m, n, k) = shape
        for (transposeA, transposeB) in [(false, false), (false, true), (true, false), (true, true)] {
            let lda = (transposeA ? m : k) + 3, ldb = (transposeB ? k : n) + 1, ldc = n + 2
            let a = Array32((transposeA ? k : m) * lda, seed: 1), b = Array32((transposeB ? n : k) * ldb, seed: 2)
            let before = Array32(m * ldc, seed: 3)
            for accumulate in [false, true] {
                let expected = Array32(copy: before), bound = before.absolute
                Reference.multiply(
                    m: m, n: n, k: k, a: a.start, lda: lda, transposeA: transposeA, b: b.start, ldb: ldb,
                    transposeB: transposeB, c: expected.start, ldc: ldc, accumulate: accumulate)
                Reference.multiply(
                    m: m, n: n, k: k, a: a.absolute.start, lda: lda, transposeA: transposeA, b: b.absolute.start,
                    ldb: ldb, transposeB: transposeB, c: bound.start, ldc: ldc, accumulate: true)
                atEachLevel { pool in
                    let c = Array32(copy: before)
                    Product.multiply(
                        pool, m: m, n: n, k: k, a: a.start, lda: lda, transposeA: transposeA, b: b.start, ldb: ldb,
                        transposeB: transposeB, c: c.start, ldc: ldc, accumulate: accumulate)
                    // Each of k products and sums rounds once, in any order.
                    expectClose(
                        c, expected, within: { Double(k + 3) * unit * Double(bound.start[$0]) + 1e-30 },
                        "\(m)x\(n)x\(k) \(transposeA) \(transposeB) at \(pool.level)")
                }
            }
        }
    }

    @Test(arguments: [(1, 5, 3), (2, 130, 70), (37, 65, 66), (130, 200, 129), (13, 1000, 576)])
    func linear(_ shape: (rows: Int, inputs: Int, outputs: Int)) {
        let (rows, inputs, outputs) = shape
        let x = Array32(rows * inputs, seed: 4), weight = Array32(outputs * inputs, seed: 5)
        let bias = Array32(outputs, seed: 6), dy = Array32(rows * outputs, seed: 7)
        for withBias in [false, true] {
            let expected = Array32(rows * outputs), before = Array32(rows * inputs, seed: 8)
            Reference.linear(
                x: x.start, weight: weight.start, bias: withBias ? Floats(bias.start) : nil, y: expected.start,
                rows: rows, inputs: inputs, outputs: outputs)
            let dx = Array32(copy: before), dWeight = Array32(weight.count, 1), dBias = Array32(outputs, 2)
            Reference.linearBackward(
                dy: dy.start, x: x.start, weight: weight.start, dx: dx.start, dWeight: dWeight.start,
                dBias: dBias.start, rows: rows, inputs: inputs, outputs: outputs)
            atEachLevel { pool in
                let y = Array32(rows * outputs, 9)
                Linear.forward(
                    pool, x: x.start, weight: weight.start, bias: withBias ? Floats(bias.start) : nil, y: y.start,
                    rows: rows, inputs: inputs, outputs: outputs)
                expectClose(y, expected, within: Double(inputs + 3) * unit * Double(inputs + 1), "y")
                let dx2 = Array32(copy: before), dWeight2 = Array32(weight.count, 1), dBias2 = Array32(outputs, 2)
                Linear.backwardInput(
                    pool, dy: dy.start, weight: weight.start, dx: dx2.start, rows: rows, inputs: inputs,
                    outputs: outputs, accumulate: true)
                Linear.backwardWeight(
                    pool, dy: dy.start, x: x.start, dWeight: dWeight2.start, rows: rows, inputs: inputs,
                    outputs: outputs, accumulate: true)
                Linear.backwardBias(
                    pool, dy: dy.start, dBias: dBias2.start, rows: rows, outputs: outputs, accumulate: true)
                expectClose(dx2, dx, within: Double(outputs + 3) * unit * Double(outputs + 1), "dx")
                expectClose(dWeight2, dWeight, within: Double(rows + 3) * unit * Double(rows + 1), "dWeight")
                expectClose(dBias2, dBias, within: Double(rows + 3) * unit * Double(rows + 2), "dBias")
            }
        }
    }

    @Test func sameBitsWithAnyThreads() {
        for (m, n, k) in [(768, 128, 128), (97, 333, 1000), (20, 650, 650), (1, 5000, 128)] {
            let a = Array32(m * k, seed: 1), b = Array32(n * k, seed: 2)
            expectSameBits("\(m)x\(n)x\(k)") { pool in
                let c = Array32(m * n)
                Linear.forward(
                    pool, x: a.start, weight: b.start, bias: nil, y: c.start, rows: m, inputs: k, outputs: n)
                return [c]
            }
        }
    }

    @Test func anEmptyDepthClears() {
        atEachLevel { pool in
            let c = Array32(12 * 5, 3), nothing = Array32(1)
            Product.multiply(
                pool, m: 12, n: 5, k: 0, a: nothing.start, lda: 1, transposeA: false, b: nothing.start, ldb: 5,
                transposeB: false, c: c.start, ldc: 5, accumulate: false)
            expectClose(c, Array32(12 * 5), within: 1e-30, "c")
        }
    }
}
