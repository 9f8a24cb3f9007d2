import LatheComponents
import LatheGraph
import LatheKernels
import LatheTraining

extension Conformance {
    /// Checks every optimizer: it decreases a quadratic, leaves padding and gradients alone, applies limits, does
    /// nothing at a rate of 0, and continues exactly from saved buffers, with any number of threads.
    public func optimizerFailures() -> [ConformanceFailure] {
        check(OptimizerSlot.self) { subject, findings in
            let optimizer = subject.product
            findings.require(
                optimizer.learningRate.isFinite && optimizer.learningRate > 0, "has a peak rate above 0",
                "\(optimizer.learningRate)")
            try checkSlots(optimizer, &findings)
            try checkDescent(optimizer, &findings)
            try checkLimits(optimizer, &findings)
            try checkContinuation(optimizer, &findings)
        }
    }

    private func checkSlots(_ optimizer: any Optimizer, _ findings: inout Findings) throws {
        for segment in try Quadratic(optimizer, pool).parameters.layout.segments {
            let slots = optimizer.slots(for: segment)
            findings.require(
                Set(slots.map(\.name)).count == slots.count && slots.allSatisfy { !$0.name.isEmpty },
                "buffers have distinct names", "\(slots.map(\.name)) for \(segment.name)")
            findings.require(
                slots.allSatisfy { $0.count > 0 }, "buffers are not empty", "\(slots.map(\.count)) for \(segment.name)")
            findings.require(
                optimizer.slots(for: segment) == slots, "asks for the same buffers every time", "two calls differ")
        }
    }

    private func checkDescent(_ optimizer: any Optimizer, _ findings: inout Findings) throws {
        let quadratic = try Quadratic(optimizer, pool)
        var loss = quadratic.loss
        for step in 1...5 {
            quadratic.step(step)
            findings.require(
                quadratic.loss < loss, "a step decreases a quadratic",
                "step \(step) went from \(loss) to \(quadratic.loss)")
            loss = quadratic.loss
        }
        findings.require(
            quadratic.paddingIsZero, "leaves padding at zero", "something was written between two parameters")
        let before = quadratic.gradientBits
        quadratic.update(6)
        findings.require(quadratic.gradientBits == before, "does not change gradients", "they changed in an update")
        let still = try Quadratic(optimizer, pool), weights = still.bits
        for step in 1...3 { still.step(step, rate: 0) }
        findings.require(still.bits == weights, "a rate of 0 changes no weight", "weights changed")
    }

    private func checkLimits(_ optimizer: any Optimizer, _ findings: inout Findings) throws {
        let plain = try Quadratic(optimizer, pool), limited = try Quadratic(optimizer, pool)
        for step in 1...3 {
            plain.step(step)
            // Powers of two are exact.
            limited.step(step, gradientFactor: 4, limit: GradientLimit(scale: 0.25))
        }
        findings.require(
            plain.bits == limited.bits, "applies the scale of clipping",
            "gradients of four times the size, scaled by a quarter, "
                + "gave different weights")
        let clamped = try Quadratic(optimizer, pool), small = try Quadratic(optimizer, pool)
        for step in 1...3 {
            clamped.step(step, limit: GradientLimit(clamp: 0.125))
            small.step(step, clamp: 0.125)
        }
        findings.require(
            clamped.bits == small.bits, "applies the clamp of clipping",
            "clamped gradients gave different weights from a clamp")
    }

    private func checkContinuation(_ optimizer: any Optimizer, _ findings: inout Findings) throws {
        let whole = try Quadratic(optimizer, pool), first = try Quadratic(optimizer, pool)
        let second = try Quadratic(optimizer, ThreadPool(threadCount: 1))
        for step in 1...9 { whole.step(step) }
        for step in 1...4 { first.step(step) }
        second.copy(from: first)
        for step in 5...9 { second.step(step) }
        findings.require(
            whole.bits == second.bits, "continues exactly from saved buffers",
            "nine steps differ from four, a copy and five more")
    }
}

/// ½ Σ aᵢ (wᵢ - tᵢ)² over parameters of every role, with odd sizes.
private final class Quadratic {
    let parameters: ParameterStore
    private let state: OptimizerState
    private let optimizer: any Optimizer
    private let pool: ThreadPool
    private let limits: UnsafeMutableBufferPointer<GradientLimit>
    private let segments: [SegmentUpdate]

    init(_ optimizer: any Optimizer, _ pool: ThreadPool) throws {
        self.optimizer = optimizer
        self.pool = pool
        func declaration(_ name: String, _ role: ParameterRole, _ sizes: Int...) -> ParameterDeclaration {
            ParameterDeclaration(
                name: name, shape: Shape(sizes.map { Axis("axis", $0) }), role: role, initializer: .normal(deviation: 1)
            )
        }
        let declarations = [
            declaration("matrix", .matrix, 5, 7), declaration("vector", .vector, 3), declaration("one", .vector, 1),
            declaration("embedding", .embedding, 33, 9),
        ]
        let parameters = try ParameterStore(declarations, seed: 11)
        self.parameters = parameters
        let state = try OptimizerState(optimizer, parameters: parameters)
        self.state = state
        limits = .allocate(capacity: declarations.count)
        limits.initialize(repeating: GradientLimit())
        var entries = state.entries[...]
        let limit = limits.baseAddress.unsafelyUnwrapped
        segments = parameters.layout.segments.enumerated().map { index, segment in
            let own = entries.prefix(optimizer.slots(for: segment).count)
            entries = entries.dropFirst(own.count)
            return SegmentUpdate(
                segment: segment, weights: parameters.weights.base + segment.offset,
                gradients: parameters.gradients.base + segment.offset,
                state: own.map { $0.values.baseAddress.unsafelyUnwrapped }, limit: limit + index)
        }
    }

    deinit { limits.deallocate() }

    private func target(_ index: Int) -> Float { 0.25 * Float(index % 7) / 7 }
    private func curvature(_ index: Int) -> Float { 0.5 + Float(index % 5) / 8 }
    private var elements: [Int] { parameters.layout.segments.flatMap { Array($0.offset..<$0.offset + $0.count) } }

    var loss: Double {
        elements.reduce(0) { sum, i in
            let distance = Double(parameters.weights.base[i] - target(i))
            return sum + 0.5 * Double(curvature(i)) * distance * distance
        }
    }

    var bits: [UInt32] { elements.map { parameters.weights.base[$0].bitPattern } }
    var gradientBits: [UInt32] { (0..<parameters.layout.flatCount).map { parameters.gradients.base[$0].bitPattern } }

    var paddingIsZero: Bool {
        let used = Set(elements)
        return (0..<parameters.layout.flatCount).allSatisfy { used.contains($0) || parameters.weights.base[$0] == 0 }
    }

    /// One step at the optimizer's own rate, on the gradient times a factor and limited to a clamp.
    func step(
        _ step: Int, rate: Double? = nil, gradientFactor: Float = 1, clamp: Float = .infinity,
        limit: GradientLimit = GradientLimit()
    ) {
        for i in elements {
            let gradient = gradientFactor * curvature(i) * (parameters.weights.base[i] - target(i))
            parameters.gradients.base[i] = min(max(gradient, -clamp), clamp)
        }
        for index in limits.indices { limits[index] = limit }
        update(step, rate: rate)
    }

    func update(_ step: Int, rate: Double? = nil) {
        optimizer.update(
            OptimizerStep(segments: segments, rate: Float(rate ?? optimizer.learningRate), step: step, pool: pool))
    }

    func copy(from other: Quadratic) {
        parameters.weights.base.update(from: other.parameters.weights.base, count: parameters.layout.flatCount)
        for (own, theirs) in zip(state.entries, other.state.entries) { _ = own.values.update(from: theirs.values) }
    }
}
