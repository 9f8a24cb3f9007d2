public import LatheGraph
public import LatheKernels

/// An input whose gradient is not what differences of the forward pass say.
public struct GradientFailure: Error, Sendable, CustomStringConvertible {
    /// The op's name.
    public var op: String
    /// The input's index.
    public var operand: Int
    /// The shapes of the inputs.
    public var shapes: [Shape]
    /// ‖gradient - differences‖ / ‖differences‖.
    public var error: Double
    /// What would have been let through.
    public var tolerance: Double
    /// What was tried.
    public var what: String

    /// What is wrong, and where.
    public var description: String {
        "\(op): \(what) of input \(operand) \(shapes[operand]) is off by \(error) of its norm; at most \(tolerance) is allowed "
            + "(inputs: \(shapes.map(\.description).joined(separator: ", ")))"
    }
}

/// The gradient of an op against differences of its forward pass.
///
/// The scalar is a random-weighted sum of the output, in double precision. Its slope along each element of each input is measured by central
/// differences of fourth order, `(8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h`: their error is about h⁴/30 of the fifth derivative, and rounding of the
/// fp32 forward pass adds about 1e-7 / h of the output's norm. With h = 1/32 both stand near 1e-5 of the gradient's norm, so that a tolerance of 1e-3 leaves
/// no room for a wrong formula.
public struct GradientCheck {
    private let op: any Op
    private let operands: [SingleOp.Operand]
    private let isLoss: Bool
    private let seed: UInt64
    private let step: Float

    /// A check of an op over inputs of the given shapes.
    ///
    /// - Parameters:
    ///   - isLoss: whether the op computes its gradients without one of its output.
    ///   - step: h.
    public init(
        _ op: any Op, _ operands: [SingleOp.Operand], isLoss: Bool = false, seed: UInt64 = 1, step: Float = 1 / 32
    ) {
        self.op = op
        self.operands = operands
        self.isLoss = isLoss
        self.seed = seed
        self.step = step
    }

    /// The inputs whose gradients are wrong, written and accumulated.
    ///
    /// - Parameter canAccumulate: whether the op adds to gradients that are there already, as that of a value with several consumers.
    /// - Throws: ``ShapeMismatch`` where the op refuses the shapes.
    public func failures(
        tolerance: Double = 1e-3, canAccumulate: Bool = true, pool: ThreadPool
    ) throws -> [GradientFailure] {
        let single = try SingleOp(op, operands, isLoss: isLoss, seed: seed, pool: pool)
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
        // A gradient of zero, as that of a normalisation over one element, is held against the largest, or against rounding.
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
            // Divided by what the distances came to in fp32.
            let first = (near.0.y - near.1.y) / (near.0.x - near.1.x),
                second = (far.0.y - far.1.y) / (far.0.x - far.1.x)
            return (4 * first - second) / 3
        }
    }
}

private func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
