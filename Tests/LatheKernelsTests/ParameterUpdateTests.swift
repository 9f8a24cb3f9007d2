import LatheKernels
import Testing

@Suite struct ParameterUpdateTests {
    let count = 20_011

    @Test func adamAndAdamW() {
        for decoupled in [false, true] {
            for clamp in [Float.infinity, 0.1] {
                let gradients = Array32(count, seed: 2)
                atEachLevel { pool in
                    let w = Array32(count, seed: 1), m = Array32(count), v = Array32(count)
                    var expected = (0..<count).map { Double(w.start[$0]) }
                    var first = [Double](repeating: 0, count: count), second = first
                    for step in 1...3 {
                        let correction1 = 1 - raised(0.9, step), correction2 = 1 - raised(0.99, step)
                        ParameterUpdate.adam(
                            pool, weights: w.start, gradients: gradients.start, firstMoment: m.start,
                            secondMoment: v.start, count: count, gradientScale: 0.5, clamp: clamp, rate: 1e-2,
                            beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.1, decoupled: decoupled,
                            biasCorrection1: Float(correction1), biasCorrection2: Float(correction2))
                        for i in 0..<count {
                            var g = Double(gradients.start[i]) * 0.5
                            g = min(max(g, -Double(clamp)), Double(clamp))
                            if decoupled { expected[i] *= 1 - 1e-2 * 0.1 } else { g += 0.1 * expected[i] }
                            first[i] = 0.9 * first[i] + 0.1 * g
                            second[i] = 0.99 * second[i] + 0.01 * g * g
                            expected[i] -=
                                1e-2 * (first[i] / correction1) / ((second[i] / correction2).squareRoot() + 1e-8)
                        }
                    }
                    // Three steps of at most 0.01, with a relative error of some 20 roundings where the gradient is not
                    // tiny, and weights of 1.
                    let worst =
                        (0..<count).max {
                            abs(Double(w.start[$0]) - expected[$0]) < abs(Double(w.start[$1]) - expected[$1])
                        } ?? 0
                    #expect(
                        abs(Double(w.start[worst]) - expected[worst]) < 3 * (2 * unit + 0.01 * 200 * unit),
                        "element \(worst) at \(pool.level)")
                    #expect(w.isIntact && m.isIntact && v.isIntact)
                }
            }
        }
    }

    @Test func sgd() {
        let gradients = Array32(count, seed: 2)
        for momentum in [nil, Float(0.9)] {
            atEachLevel { pool in
                let w = Array32(count, seed: 1), velocity = Array32(count, .zero)
                var expected = (0..<count).map { Double(w.start[$0]) }
                var v = [Double](repeating: 0, count: count)
                for step in 0..<3 {
                    ParameterUpdate.sgd(
                        pool, weights: w.start, gradients: gradients.start,
                        velocity: momentum == nil ? nil : velocity.start, count: count, gradientScale: 0.5, clamp: 0.2,
                        rate: 0.1, momentum: momentum ?? 0, decay: 0.01, firstStep: step == 0)
                    for i in 0..<count {
                        let g = min(max(Double(gradients.start[i]) * 0.5, -0.2), 0.2) + 0.01 * expected[i]
                        v[i] = Double(momentum ?? 0) * v[i] + g
                        expected[i] -= 0.1 * v[i]
                    }
                }
                #expect((0..<count).allSatisfy { abs(Double(w.start[$0]) - expected[$0]) < 24 * unit })
                #expect(w.isIntact && velocity.isIntact)
            }
        }
    }
}

private func raised(_ base: Double, _ exponent: Int) -> Double { (0..<exponent).reduce(1) { value, _ in value * base } }
