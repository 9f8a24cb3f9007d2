import LatheKernels
import Testing

@Suite struct ElementwiseTests {
    private func check(
        _ name: String, _ range: ClosedRange<Float> = -8...8, slopeTolerance: Double, tolerance: Double,
        value: (Double) -> Double, slope: (Double) -> Double, ofOutput: Bool = false,
        forward: (ThreadPool, Floats, MutableFloats, Int) -> Void,
        backward: (ThreadPool, Floats, Floats, MutableFloats, Int, Bool) -> Void
    ) {
        for count in [1, 13, 33_000] {
            let x = Array32(count, seed: count, range), dy = Array32(count, seed: 2)
            let y = Array32(count), dx = Array32(count), sum = Array32(count)
            for i in 0..<count {
                y.start[i] = Float(value(Double(x.start[i])))
                dx.start[i] = Float(Double(dy.start[i]) * slope(Double(x.start[i])))
                sum.start[i] = dx.start[i] + 1
            }
            atEachLevel { pool in
                let y2 = Array32(count), dx2 = Array32(count, 5), inPlace = Array32(copy: x)
                forward(pool, x.start, y2.start, count)
                expectClose(y2, y, within: tolerance, "\(name) at \(pool.level)")
                forward(pool, inPlace.start, inPlace.start, count)
                expectClose(inPlace, y, within: tolerance, "\(name) in place at \(pool.level)")
                let from = ofOutput ? y : x
                backward(pool, from.start, dy.start, dx2.start, count, false)
                expectClose(dx2, dx, within: slopeTolerance, "\(name)' at \(pool.level)")
                let added = Array32(count, 1)
                backward(pool, from.start, dy.start, added.start, count, true)
                expectClose(added, sum, within: slopeTolerance + 4 * unit, "\(name)' added at \(pool.level)")
            }
        }
    }

    // The logistic function and tanh have an absolute error of at most 3e-7; a factor x scales it and adds its own
    // roundings.
    @Test func activations() {
        check(
            "gelu", slopeTolerance: 8 * 3e-7, tolerance: 8 * 3e-7 + 8 * unit, value: Reference.gelu,
            slope: Reference.geluSlope, forward: { Gelu.forward($0, x: $1, y: $2, count: $3) },
            backward: { Gelu.backward($0, x: $1, dy: $2, dx: $3, count: $4, accumulate: $5) })
        check(
            "sigmoid", slopeTolerance: 4 * unit, tolerance: 3e-7, value: Reference.sigmoid,
            slope: { Reference.sigmoid($0) * (1 - Reference.sigmoid($0)) }, ofOutput: true,
            forward: { Elementwise.sigmoid($0, x: $1, y: $2, count: $3) },
            backward: { Elementwise.sigmoidBackward($0, y: $1, dy: $2, dx: $3, count: $4, accumulate: $5) })
        check(
            "tanh", slopeTolerance: 8 * unit, tolerance: 3e-7, value: Reference.tanh,
            slope: { 1 - Reference.tanh($0) * Reference.tanh($0) }, ofOutput: true,
            forward: { Elementwise.tanh($0, x: $1, y: $2, count: $3) },
            backward: { Elementwise.tanhBackward($0, y: $1, dy: $2, dx: $3, count: $4, accumulate: $5) })
        check(
            "relu", slopeTolerance: 2 * unit, tolerance: unit, value: { max($0, 0) }, slope: { $0 > 0 ? 1 : 0 },
            forward: { Elementwise.relu($0, x: $1, y: $2, count: $3) },
            backward: { Elementwise.reluBackward($0, x: $1, dy: $2, dx: $3, count: $4, accumulate: $5) })
        check(
            "relu squared", slopeTolerance: 32 * unit, tolerance: 128 * unit,
            value: { max($0, 0) * max($0, 0) }, slope: { 2 * max($0, 0) },
            forward: { Elementwise.reluSquared($0, x: $1, y: $2, count: $3) },
            backward: { Elementwise.reluSquaredBackward($0, x: $1, dy: $2, dx: $3, count: $4, accumulate: $5) })
        check(
            "silu", slopeTolerance: 8 * 3e-7, tolerance: 8 * 3e-7, value: { $0 * Reference.sigmoid($0) },
            slope: { Reference.sigmoid($0) * (1 + $0 * (1 - Reference.sigmoid($0))) },
            forward: { Elementwise.silu($0, x: $1, y: $2, count: $3) },
            backward: { Elementwise.siluBackward($0, x: $1, dy: $2, dx: $3, count: $4, accumulate: $5) })
    }

    @Test func exponentials() {
        // sigmoid(x) / sigmoid(-x) is exp(x)
        let count = 4001
        let x = Array32(count), y = Array32(count)
        for i in 0..<count {
            x.start[i] = Float(i - 2000) / 2000 * 80
            let v = Double(x.start[i])
            y.start[i] = Float(Reference.sigmoid(v) / Reference.sigmoid(-v))
        }
        atEachLevel { pool in
            let y2 = Array32(count)
            Elementwise.exp(pool, x: x.start, y: y2.start, count: count)
            expectClose(y2, y, within: { Double(y.start[$0]) * (4e-7 + 80 * 0x1p-52) }, "exp at \(pool.level)")
        }
    }

    @Test func notANumberStaysNotANumber() {
        atEachLevel { pool in
            let x = Array32(20, .nan), y = Array32(20)
            for body in [Elementwise.exp, Elementwise.sigmoid, Elementwise.tanh, Elementwise.relu, Gelu.forward] {
                body(pool, x.start, y.start, 20)
                #expect((0..<20).allSatisfy { y.start[$0].isNaN })
            }
        }
    }

    @Test func arithmetic() {
        let count = 40_003
        let a = Array32(count, seed: 1), b = Array32(count, seed: 2)
        atEachLevel { pool in
            let y = Array32(copy: a), expected = Array32(copy: a)
            func compare(_ what: String, _ value: (Int) -> Float) {
                for i in 0..<count { expected.start[i] = value(i) }
                expectClose(y, expected, within: 4 * unit, what)
            }
            Elementwise.add(pool, a: a.start, b: b.start, y: y.start, count: count)
            compare("add") { a.start[$0] + b.start[$0] }
            Elementwise.accumulate(pool, x: b.start, y: y.start, count: count)
            compare("accumulate") { a.start[$0] + 2 * b.start[$0] }
            Elementwise.multiply(pool, a: a.start, b: b.start, y: y.start, count: count)
            compare("multiply") { a.start[$0] * b.start[$0] }
            Elementwise.multiplyAdd(pool, a: a.start, b: a.start, y: y.start, count: count)
            compare("multiplyAdd") { a.start[$0] * b.start[$0] + a.start[$0] * a.start[$0] }
            Elementwise.copy(pool, x: a.start, y: y.start, count: count)
            compare("copy") { a.start[$0] }
            Elementwise.scale(pool, x: b.start, factor: -2, y: y.start, count: count)
            compare("scale") { -2 * b.start[$0] }
            Elementwise.addScaled(pool, x: b.start, factor: 3, y: y.start, count: count)
            compare("addScaled") { b.start[$0] }
            Elementwise.fill(pool, y: y.start, value: 0.5, count: count)
            compare("fill") { _ in 0.5 }
        }
        let rows = 301, width = 77
        atEachLevel { pool in
            let y = Array32(rows * width), sums = Array32(rows, 1), columns = Array32(width, 1)
            Elementwise.addBias(pool, x: a.start, bias: b.start, y: y.start, rows: rows, width: width)
            Elementwise.rowSums(pool, x: a.start, sums: sums.start, rows: rows, width: width, accumulate: true)
            Reduction.columnSums(
                pool, x: a.start, sums: columns.start, rows: rows, columns: width, accumulate: true)
            var rowSum = 1.0
            for i in 0..<width { rowSum += Double(a.start[5 * width + i]) }
            #expect(abs(Double(sums.start[5]) - rowSum) < 80 * unit)
            var columnSum = 1.0
            for row in 0..<rows { columnSum += Double(a.start[row * width + 7]) }
            #expect(abs(Double(columns.start[7]) - columnSum) < 302 * unit * 302)
            #expect(y.start[3 * width + 4] == a.start[3 * width + 4] + b.start[4])
            #expect(y.isIntact && sums.isIntact && columns.isIntact)
        }
    }

    @Test func reductions() {
        for count in [0, 1, 7, 100_001] {
            let x = Array32(count, seed: 3)
            var sum = 0.0, squares = 0.0
            for i in 0..<count {
                sum += Double(x.start[i])
                squares += Double(x.start[i]) * Double(x.start[i])
            }
            atEachLevel { pool in
                let n = Double(count)
                #expect(abs(Reduction.sum(pool, x: x.start, count: count) - sum) <= n * n * 0x1p-52)
                #expect(abs(Reduction.sumOfSquares(pool, x: x.start, count: count) - squares) <= n * n * 0x1p-52)
                #expect(Double(Reduction.maxAbs(pool, x: x.start, count: count)) == x.magnitude)
                #expect(Reduction.firstNonFinite(pool, x: x.start, count: count) == nil)
                if count > 70_000 {
                    x.start[70_000] = .nan
                    x.start[90_000] = -.infinity
                    #expect(Reduction.firstNonFinite(pool, x: x.start, count: count) == 70_000)
                    x.start[70_000] = 1
                    #expect(Reduction.firstNonFinite(pool, x: x.start, count: count) == 90_000)
                    x.start[90_000] = 1
                    sum = 0
                    squares = 0
                    for i in 0..<count {
                        sum += Double(x.start[i])
                        squares += Double(x.start[i]) * Double(x.start[i])
                    }
                }
            }
        }
    }
}
