public import LatheComponents
public import LatheGraph

/// A program that scores tokens: with gradients in training, without in evaluation. Its inputs are the ids and the targets, both [rows, time].
public struct ScoringProgram {
    /// The compiled graph.
    public let program: Program
    /// The nats of each target [rows, time]; 0 where it is ignored.
    public let nats: Value
}

/// A program that continues text: its input are ids [1, time], what came before is in its states.
public struct GenerationProgram {
    /// The compiled graph.
    public let program: Program
    /// The logits behind each id [1, time, V].
    public let logits: Value
    /// Ids taken at once.
    public let time: Int
}

/// Compiles an architecture for its uses.
public struct ModelCompiler {
    private let architecture: any Architecture
    /// The window that positions are learned for.
    public let context: Int
    /// Ids.
    public let vocabulary: Int

    /// 16 MB of outputs of cheap ops are kept rather than computed twice: a small part of a process, and it saves a small model some 3 % of a step.
    private static let keptFloats = 1 << 22

    /// A compiler for a model over `vocabulary` ids.
    public init(_ architecture: any Architecture, context: Int, vocabulary: Int) {
        self.architecture = architecture
        self.context = context
        self.vocabulary = vocabulary
    }

    /// Scoring of `rows` windows, with gradients in `.training`.
    ///
    /// - Throws: `ShapeMismatch`.
    public func scoring(_ mode: GraphMode, rows: Int) throws(ShapeMismatch) -> ScoringProgram {
        let graph = Graph(mode: mode)
        let ids = Shape(Axis("batch", rows), Axis("time", context))
        let tokens = graph.input("tokens", ids), targets = graph.input("targets", ids)
        let features = try architecture.build(graph, tokens: tokens, shape: shape(rows: rows, time: context))
        let nats = try graph.scope("loss") { () throws(ShapeMismatch) in
            try graph.apply(
                CrossEntropyLoss(),
                [features.value, targets, features.headWeight] + [features.headBias].compactMap { $0 })
        }
        return ScoringProgram(
            program: Program(
                graph, loss: mode == .training ? nats : nil, outputs: [nats], keptFloats: Self.keptFloats),
            nats: nats)
    }

    /// Continuation of one text, `time` ids at once.
    ///
    /// - Throws: `ShapeMismatch`.
    public func generation(time: Int) throws(ShapeMismatch) -> GenerationProgram {
        let graph = Graph(mode: .generation)
        let tokens = graph.input("tokens", Shape(Axis("batch", 1), Axis("time", time)))
        let features = try architecture.build(graph, tokens: tokens, shape: shape(rows: 1, time: time))
        let logits = try graph.scope("head") { () throws(ShapeMismatch) in
            try graph.apply(
                LinearOp(axis: "vocabulary"),
                [features.value, features.headWeight] + [features.headBias].compactMap { $0 })
        }
        return GenerationProgram(program: Program(graph, outputs: [logits]), logits: logits, time: time)
    }

    private func shape(rows: Int, time: Int) -> ModelShape {
        ModelShape(batch: rows, time: time, context: context, vocabulary: vocabulary)
    }
}
