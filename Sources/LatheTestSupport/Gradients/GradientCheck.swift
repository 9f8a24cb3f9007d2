public import LatheGraph
public import LatheKernels

/// An input whose gradient disagrees with finite differences of the forward pass.
public struct GradientFailure: Error, Sendable, CustomStringConvertible {
    public var op: String
    public var operand: Int
    public var shapes: [Shape]
    /// ‖gradient - differences‖ / ‖differences‖.
    public var error: Double
    public var tolerance: Double
    /// Which gradient was checked.
    public var what: String

    public var description: String {
        "\(op): \(what) of input \(operand) \(shapes[operand]) is off by \(error) of its norm; at most \(tolerance) "
            + "is allowed "
            + "(inputs: \(shapes.map(\.description).joined(separator: ", ")))"
    }
}

/// Checks the gradient of an op against finite differences of its forward pass.
///
/// The scalar is a random-weighted sum of the output, in double precision. Its slope along each element of each input
/// is measured by fourth-order central differences, `(8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h`. Their error is about
/// h⁴/30 of the fifth derivative, and rounding in the fp32 forward pass adds about 1e-7 / h of the output's norm. With
/// h = 1/32 both are near 1e-5 of the gradient's norm, so a tolerance of 1e-3 leaves no room for a wrong formula.
public struct GradientCheck {
    private let op: any Op
    private let operands: [SingleOp.Operand]
    private let seed: UInt64
    private let step: Float

    /// - Parameter step: h.
    public init(_ op: any Op, _ operands: [SingleOp.Operand], seed: UInt64 = 1, step: Float = 1 / 32) {
        self.op = op
        self.operands = operands
        self.seed = seed
        self.step = step
    }

    /// The inputs whose gradients are wrong, either written or accumulated.
    ///
    /// - Parameter canAccumulate: whether the op adds to existing gradients, as for a value with several consumers.
    /// - Throws: ``ShapeMismatch`` if the op rejects the shapes.
    public func failures(
        tolerance: Double = 1e-3, canAccumulate: Bool = true, pool: ThreadPool
    ) throws -> [GradientFailure] {
        let single = try SingleOp(op, operands, seed: seed, pool: pool)
        let shapes = operands.map { operand in
            switch operand {
            case .values(let shape), .ids(let shape, _, _), .state(let shape): shape
            }
        }
        single.state.lossScale = 0.75
        single.run()
        let gradients = operands.indices.map { index in single.gradient(index).map { $0.map(Double.init) } }
        var failures: [GradientFailure] = []
        func compare(_ index: Int, _ found: [Double], _ expected: [Double], _ floor: Double, _ what: String) {
            let error = norm(zip(found, expected).map { $0 - $1 }) / max(norm(expected), floor)
            // Written so that NaN fails.
            guard !(error <= tolerance) else { return }
            failures.append(
                GradientFailure(
                    op: op.name, operand: index, shapes: shapes, error: error, tolerance: tolerance, what: what))
        }
        if canAccumulate {
            single.state.accumulatesParameters = true
            single.run()
            for (index, gradient) in gradients.enumerated() {
                guard let gradient, let sum = single.gradient(index) else { continue }
                compare(index, sum.map(Double.init), gradient.map { 2 * $0 }, 1e-6, "the accumulated gradient")
            }
            single.state.accumulatesParameters = false
        }
        let measured = operands.indices.map { single.values($0) == nil ? nil : differences(single, $0) }
        // A zero gradient, such as that of a normalization over one element, is compared with the largest one, or with
        // rounding error.
        let floor = max(1e-2, 0.01 * (measured.compactMap { $0.map(norm) }.max() ?? 0))
        for (index, gradient) in gradients.enumerated() {
            guard let gradient, let expected = measured[index] else { continue }
            compare(index, gradient, expected, floor, "the gradient")
        }
        return failures
    }

    /// The slope along each element of an input.
    private func differences(_ single: SingleOp, _ index: Int) -> [Double]? {
        guard single.gradient(index) != nil, let values = single.values(index) else { return nil }
        return values.indices.map { element in
            let value = values[element]
            defer { values[element] = value }
            func at(_ offset: Float) -> (x: Double, y: Double) {
                values[element] = value + offset
                return (Double(values[element]), single.run())
            }
            let (near, far) = ((at(step), at(-step)), (at(2 * step), at(-2 * step)))
            // Divided by the actual fp32 distances.
            let first = (near.0.y - near.1.y) / (near.0.x - near.1.x),
                second = (far.0.y - far.1.y) / (far.0.x - far.1.x)
            return (4 * first - second) / 3
        }
    }
}

private func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
