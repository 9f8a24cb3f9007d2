import LatheGraph
import LatheKernels
import LatheLayers
import LatheTestSupport
import Testing

/// Checks every op's gradient against finite differences, over shapes that include 1 and odd sizes.
struct OpGradientTests {
    private let pool = ThreadPool(threadCount: 2)

    private func shape(_ sizes: Int...) -> Shape { Shape(sizes.map { Axis("axis", $0) }) }

    private func check(
        _ op: some Op, _ operands: [SingleOp.Operand], canAccumulate: Bool = true,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let failures = try GradientCheck(op, operands).failures(canAccumulate: canAccumulate, pool: pool)
        #expect(failures.isEmpty, "\(failures.map(\.description).joined(separator: "\n"))", sourceLocation: location)
    }

    @Test(arguments: [[1, 1, 1], [2, 3, 5], [3, 1, 17], [1, 7, 33]])
    func add(_ s: [Int]) throws {
        let x = shape(s[0], s[1], s[2])
        try check(AddOp(), [.values(x), .values(x)])
    }

    @Test(arguments: [[1, 1, 1], [2, 3, 5], [3, 1, 17], [1, 7, 33]])
    func gelu(_ s: [Int]) throws { try check(GeluOp(), [.values(shape(s[0], s[1], s[2]))]) }

    @Test(arguments: [[1, 1, 1], [2, 3, 5], [3, 1, 67], [2, 7, 33]])
    func dropout(_ s: [Int]) throws {
        try check(DropoutOp(probability: 0.3), [.values(shape(s[0], s[1], s[2]))])
    }

    @Test(arguments: [[1, 1, 1, 1], [2, 3, 5, 7], [1, 9, 1, 3], [3, 1, 13, 1], [2, 5, 33, 17]], [true, false])
    func linear(_ s: [Int], _ hasBias: Bool) throws {
        let weight = shape(s[3], s[2])
        try check(
            LinearOp(axis: "out"),
            [.values(shape(s[0], s[1], s[2])), .values(weight)] + (hasBias ? [.values(shape(s[3]))] : []))
    }

    @Test(arguments: [[1, 1, 1], [2, 3, 5], [1, 5, 17], [3, 3, 33]], [true, false])
    func layerNorm(_ s: [Int], _ hasBias: Bool) throws {
        let gains: [SingleOp.Operand] = Array(repeating: .values(shape(s[2])), count: hasBias ? 2 : 1)
        try check(LayerNormOp(), [.values(shape(s[0], s[1], s[2]))] + gains)
    }

    @Test(arguments: [[1, 1, 1, 1], [2, 3, 5, 7], [3, 11, 4, 1], [1, 5, 9, 33]])
    func tokenEmbedding(_ s: [Int]) throws {
        try check(TokenEmbeddingOp(), [.ids(shape(s[0], s[1]), below: s[2]), .values(shape(s[2], s[3]))])
    }

    @Test(arguments: [[1, 1, 1, 1], [2, 3, 5, 7], [3, 11, 1, 11], [1, 5, 17, 6]])
    func positionEmbedding(_ s: [Int]) throws {
        try check(PositionEmbeddingOp(), [.values(shape(s[0], s[1], s[2])), .values(shape(s[3], s[2]))])
    }

    @Test(
        arguments: [[1, 1, 1, 1], [2, 3, 1, 5], [1, 7, 3, 2], [2, 5, 2, 9], [1, 19, 2, 7], [1, 67, 1, 3]],
        [0, 0.25] as [Float])
    func causalAttention(_ s: [Int], _ dropout: Float) throws {
        try check(
            CausalAttentionOp(headCount: s[2], dropout: dropout), [.values(shape(s[0], s[1], 3 * s[2] * s[3]))],
            canAccumulate: false)
    }

    @Test(arguments: [[1, 1, 1, 1], [2, 3, 5, 3], [3, 5, 1, 7], [1, 9, 7, 1], [5, 2, 3, 17]], [true, false])
    func lstm(_ s: [Int], _ carries: Bool) throws {
        let hidden = s[3], state = shape(s[0], hidden)
        try check(
            LSTMSequenceOp(carriesState: carries),
            [
                .values(shape(s[0], s[1], s[2])), .values(shape(4 * hidden, s[2])), .values(shape(4 * hidden, hidden)),
                .values(shape(4 * hidden)), .state(state), .state(state),
            ])
    }

    @Test(arguments: [[1, 1, 1, 1], [2, 3, 5, 7], [1, 7, 3, 1], [3, 5, 1, 33], [2, 17, 4, 67]], [true, false])
    func crossEntropy(_ s: [Int], _ hasBias: Bool) throws {
        try check(
            CrossEntropyLoss(),
            [
                .values(shape(s[0], s[1], s[2])), .ids(shape(s[0], s[1]), below: s[3], ignored: 0.2),
                .values(shape(s[3], s[2])),
            ] + (hasBias ? [.values(shape(s[3]))] : []))
    }

    /// Proves that the check can fail: it must catch an op with a wrong term in its backward pass.
    @Test func findsAWrongGradient() throws {
        let failures = try GradientCheck(WrongGelu(), [.values(shape(2, 3, 5))]).failures(pool: pool)
        #expect(failures.count == 1)
        #expect(failures.first.map { $0.error > 0.01 } == true)
        #expect(
            failures.first?.description.hasPrefix(
                "wrong_gelu: the gradient of input 0 [axis 2, axis 3, axis 5] is off by") == true)
    }
}

/// GELU with the derivative of its sigmoid approximation: off by a few percent.
private struct WrongGelu: Op {
    var name: String { "wrong_gelu" }
    func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape { inputs[0] }
    var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
    func forward(_ run: OpRun) { GeluOp().forward(run) }
    func backward(_ run: OpRun) {
        guard let dx = run.gradient(0) else { return }
        for i in 0..<run.outputShape.count {
            let x = Double(run.input(0)[i]), s = Reference.sigmoid(1.702 * x)
            let value = Float(s + 1.702 * x * s * (1 - s)) * run.outputGradient[i]
            dx[i] = run.accumulates(0) ? dx[i] + value : value
        }
    }
}
