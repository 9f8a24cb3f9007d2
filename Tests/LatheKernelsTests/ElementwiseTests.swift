import LatheKernels
import Testing

@Suite struct ElementwiseTests {
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
            Elementwise.copy(pool, x: a.start, y: y.start, count: count)
            compare("copy") { a.start[$0] }
            Elementwise.fill(pool, y: y.start, value: 0.5, count: count)
            compare("fill") { _ in 0.5 }
        }
        let rows = 301, width = 77
        atEachLevel { pool in
            let columns = Array32(width, 1)
            Reduction.columnSums(
                pool, x: a.start, sums: columns.start, rows: rows, columns: width, accumulate: true)
            var columnSum = 1.0
            for row in 0..<rows { columnSum += Double(a.start[row * width + 7]) }
            #expect(abs(Double(columns.start[7]) - columnSum) < 302 * unit * 302)
            #expect(columns.isIntact)
        }
    }

    @Test func reductions() {
        for count in [0, 1, 7, 100_001] {
            let x = Array32(count, seed: 3)
            var squares = 0.0
            for i in 0..<count { squares += Double(x.start[i]) * Double(x.start[i]) }
            atEachLevel { pool in
                let n = Double(count)
                #expect(abs(Reduction.sumOfSquares(pool, x: x.start, count: count) - squares) <= n * n * 0x1p-52)
                #expect(Reduction.firstNonFinite(pool, x: x.start, count: count) == nil)
                guard count > 90_000 else { return }
                let kept = (x.start[70_000], x.start[90_000])
                x.start[70_000] = .nan
                x.start[90_000] = -.infinity
                #expect(Reduction.firstNonFinite(pool, x: x.start, count: count) == 70_000)
                x.start[70_000] = kept.0
                #expect(Reduction.firstNonFinite(pool, x: x.start, count: count) == 90_000)
                x.start[90_000] = kept.1
            }
        }
    }
}
