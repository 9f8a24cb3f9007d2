public import LatheGraph
public import LatheSpec

/// The shape that a model is built for.
public struct ModelShape: Sendable, Hashable {
    /// B: sequences per micro-batch.
    public var batch: Int
    /// T: tokens per sequence.
    public var time: Int
    /// The experiment's `training.context`. Positions are learned up to it.
    public var context: Int
    /// V: vocabulary size.
    public var vocabulary: Int

    public init(batch: Int, time: Int, context: Int, vocabulary: Int) {
        self.batch = batch
        self.time = time
        self.context = context
        self.vocabulary = vocabulary
    }
}

/// A model, written once as a function from symbolic tokens to features and used for training, evaluation and
/// generation alike; `graph.mode` tells them apart.
public protocol Architecture: Component where Product == any Architecture {
    /// Builds the model.
    ///
    /// - Parameter tokens: ids [B, T].
    /// - Throws: `ShapeMismatch` for incompatible settings.
    func build(_ graph: Graph, tokens: Value, shape: ModelShape) throws(ShapeMismatch) -> Features
    /// Whether a batch begins in the state in which the previous one ended. If so, loaders whose rows do not continue
    /// are rejected.
    var carriesState: Bool { get }
    /// How many tokens generation can look back, given the experiment's context; nil if the state has no limit.
    func memory(context: Int) -> Int?
}

extension Architecture {
    public static var kind: Kind<any Architecture> { .architecture }
    public var product: any Architecture { self }

    /// An error if state is carried but the loader's rows do not continue.
    public func carriedStateDiagnostics(in context: ExperimentContext, mark: Mark?) -> [Diagnostic] {
        guard carriesState, !context.rowsContinue else { return [] }
        return [
            Diagnostic(
                "\(Self.name) carries its state from batch to batch, but the rows of loader '\(context.loaderName)' "
                    + "with batch_size \(context.shape.rows) do not continue one another; "
                    + "use loader 'contiguous_streams', or state: reset",
                at: mark)
        ]
    }
}

extension Kind where Product == any Architecture {
    public static var architecture: Self { Self("model", summary: "The architecture of the model.") }
}
