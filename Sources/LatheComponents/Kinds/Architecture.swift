public import LatheGraph
public import LatheSpec

/// What a model is built for.
public struct ModelShape: Sendable, Hashable {
    /// Sequences, B: those of a micro-batch.
    public var batch: Int
    /// Tokens a sequence, T.
    public var time: Int
    /// The window that the experiment trains on: `training.context`. Positions are learned up to it.
    public var context: Int
    /// Ids, V.
    public var vocabulary: Int

    /// B x T tokens out of V.
    public init(batch: Int, time: Int, context: Int, vocabulary: Int) {
        self.batch = batch
        self.time = time
        self.context = context
        self.vocabulary = vocabulary
    }
}

/// What an architecture makes of tokens. Loss and generation put their own ends to it.
public struct Features {
    /// One vector a token [B, T, C].
    public var value: Value
    /// The head's weight [V, C]; a token embedding where it is tied.
    public var headWeight: Value
    /// The head's bias [V].
    public var headBias: Value?

    /// Features and the parameters of their head.
    public init(_ value: Value, headWeight: Value, headBias: Value? = nil) {
        self.value = value
        self.headWeight = headWeight
        self.headBias = headBias
    }
}

/// A model, written once as a function from symbolic tokens to features and used for training, evaluation and generation alike: `graph.mode` tells.
public protocol Architecture: Component where Product == any Architecture {
    /// Builds the model.
    ///
    /// - Parameter tokens: ids [B, T].
    /// - Throws: `ShapeMismatch` for settings that do not go together.
    func build(_ graph: Graph, tokens: Value, shape: ModelShape) throws(ShapeMismatch) -> Features
    /// Whether a batch begins in the state in which the one before ended. Loaders whose rows do not continue are refused then.
    var carriesState: Bool { get }
    /// How many tokens generation may look back, given the experiment's context; nil when the state remembers without end.
    func memory(context: Int) -> Int?
}

extension Architecture {
    /// The kind of architectures: `model` in a spec.
    public static var kind: Kind<any Architecture> { .architecture }
    /// Itself.
    public var product: any Architecture { self }

    /// An error for carried state with a loader whose rows do not continue.
    public func carriedStateDiagnostics(in context: ExperimentContext, mark: Mark?) -> [Diagnostic] {
        guard carriesState, !context.rowsContinue else { return [] }
        return [
            Diagnostic(
                "\(Self.name) carries its state from batch to batch, but the rows of loader '\(context.loaderName)' with batch_size "
                    + "\(context.shape.rows) do not continue one another; use loader 'contiguous_streams', or state: reset",
                at: mark)
        ]
    }
}

extension Kind where Product == any Architecture {
    /// `model`
    public static var architecture: Self { Self("model", summary: "The architecture of the model.") }
}
