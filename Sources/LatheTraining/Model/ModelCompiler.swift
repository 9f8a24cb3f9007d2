public import LatheComponents
public import LatheGraph

/// A program that scores tokens, with gradients in training and without in evaluation. Its inputs are the ids and the
/// targets, both [rows, time].
public struct ScoringProgram {
    public let program: Program
    /// The nats of each target [rows, time]; 0 if it is ignored.
    public let nats: Value
}

/// A program that continues text: its input is ids [1, time], its states hold the earlier context.
public struct GenerationProgram {
    public let program: Program
    /// The logits after each id [1, time, V].
    public let logits: Value
    /// Ids per run.
    public let time: Int
}

public struct ModelCompiler {
    private let architecture: any Architecture
    /// The window that positions are learned for.
    public let context: Int
    /// Number of ids.
    public let vocabulary: Int

    /// Up to 16 MB of cheap ops' outputs are kept instead of recomputed: little memory, and about 3 % faster steps for
    /// a small model.
    private static let keptFloats = 1 << 22

    public init(_ architecture: any Architecture, context: Int, vocabulary: Int) {
        self.architecture = architecture
        self.context = context
        self.vocabulary = vocabulary
    }

    /// Scores `rows` windows, with gradients in `.training`.
    ///
    /// - Throws: `ShapeMismatch`.
    public func scoring(_ mode: GraphMode, rows: Int) throws(ShapeMismatch) -> ScoringProgram {
        let graph = Graph(mode: mode)
        let ids = Shape(Axis("batch", rows), Axis("time", context))
        let tokens = graph.input("tokens", ids), targets = graph.input("targets", ids)
        let features = try architecture.build(graph, tokens: tokens, shape: shape(rows: rows, time: context))
        let nats = try features.nats(graph, targets: targets)
        return ScoringProgram(
            program: Program(
                graph, loss: mode == .training ? nats : nil, outputs: [nats], keptFloats: Self.keptFloats),
            nats: nats)
    }

    /// Continues one text by `time` ids at once.
    ///
    /// - Throws: `ShapeMismatch`.
    public func generation(time: Int) throws(ShapeMismatch) -> GenerationProgram {
        let graph = Graph(mode: .generation)
        let tokens = graph.input("tokens", Shape(Axis("batch", 1), Axis("time", time)))
        let features = try architecture.build(graph, tokens: tokens, shape: shape(rows: 1, time: time))
        let logits = try features.logits(graph)
        return GenerationProgram(program: Program(graph, outputs: [logits]), logits: logits, time: time)
    }

    private func shape(rows: Int, time: Int) -> ModelShape {
        ModelShape(batch: rows, time: time, context: context, vocabulary: vocabulary)
    }
}
