public import LatheSpec

/// An experiment as its spec declares it.
public struct ExperimentSpec: ComponentConfig {
    /// The name of its folder in results/.
    @Field(
        "Name of the experiment, and of its folder in results/; the file's own name where it is empty.", identity: false
    )
    public var name = ""
    /// What it is about.
    @Field("What the experiment is about.", identity: false) public var description = ""
    /// Words to find it by.
    @Field("Words to find the experiment by.", identity: false) public var tags: [String] = []
    /// The seed.
    @Field("Seed of initialisation, batches, dropout and samples.") public var seed: UInt64 = 1337
    /// The text.
    @Field("The text: where it comes from, how it is cleaned and split.") public var data = DataConfig()
    /// How text becomes tokens.
    @Field("How text becomes tokens; fitted on the training split only.", .tokenizer, default: "byte")
    public var tokenizer: Chosen<any Tokenizer>
    /// How tokens become batches.
    @Field("How tokens become batches.", .loader, default: "random_windows") public var loader: Chosen<any Loader>
    /// The model.
    @Field("The architecture.", .architecture) public var model: Chosen<any Architecture>
    /// The optimizer.
    @Field("How weights follow their gradients.", .optimizer, default: "adamw") public var optimizer:
        Chosen<any Optimizer>
    /// The schedule.
    @Field("How the learning rate changes over the run.", .schedule, default: "constant") public var schedule:
        Chosen<any Schedule>
    /// Clipping.
    @Field("How large gradients are tamed.", .clipping, default: "global_norm") public var clipping:
        Chosen<any ClippingPolicy>
    /// Early stopping.
    @Field("When the run ends before its last step.", .stopping, default: "never") public var stopping:
        Chosen<any StoppingPolicy>
    /// Length and batches.
    @Field("How long to train, on batches of which shape.") public var training = TrainingConfig()
    /// Validation.
    @Field("When and on what the model is validated.") public var validation = ValidationConfig()
    /// Checkpoints.
    @Field("When checkpoints are written and how many are kept.", identity: false) public var checkpoints =
        CheckpointConfig()
    /// Samples.
    @Field("When text is sampled, from which prompt.", identity: false) public var samples = SampleConfig()
    /// Sinks.
    @Field("Where metrics go beside metrics.jsonl.", .sink, identity: false) public var sinks: [Chosen<any MetricSink>]
    /// The machine.
    @Field("What the run uses of the machine.") public var compute = ComputeConfig()

    /// The defaults.
    public init() {}
}

/// The text of an experiment.
public struct DataConfig: ComponentConfig {
    /// The source.
    @Field("Where text comes from.", .dataSource, default: "synthetic") public var source: Chosen<any DataSource>
    /// Cleaning.
    @Field("Steps of cleaning, applied in order before split and tokenizer.", .cleaning) public var cleaning:
        [Chosen<any CleaningStep>]
    /// The split.
    @Field("The share of the text that each split takes, in this order.") public var split = SplitConfig()
    /// Ends of documents.
    @Field("Whether the tokenizer's end-of-text token, where it has one, stands between documents.") public
        var endOfText = true

    /// The defaults.
    public init() {}
}

/// How long to train, and on what batches.
public struct TrainingConfig: ComponentConfig {
    /// Length in steps.
    @Field(
        "Optimizer steps; 0 evaluates and saves the fresh model. Give one of steps, epochs and tokens.",
        in: 0...1_000_000_000)
    public var steps: Int?
    /// Length in epochs.
    @Field("Length in epochs: how often each training token is seen.", above: 0.0, through: 1e6) public var epochs:
        Double?
    /// Length in tokens.
    @Field("Length in tokens, rounded up to whole steps.", in: 1...1_000_000_000_000_000) public var tokens: Int?
    /// T.
    @Field("Tokens a sequence.", in: 1...131_072) public var context = 64
    /// B.
    @Field("Sequences a step.", in: 1...65536) public var batchSize = 12
    /// The part of a batch computed at once.
    @Field(
        "Sequences computed at once; divides batch_size. Memory only: never changes the result.", in: 1...65536,
        identity: false)
    public var microBatchSize: Int?

    /// The defaults.
    public init() {}

    /// One length, whole micro-batches.
    public func check(_ problems: inout Problems) {
        let given = [("steps", steps != nil), ("epochs", epochs != nil), ("tokens", tokens != nil)].filter(\.1).map(\.0)
        if given.isEmpty {
            problems.error("training needs a length: one of steps, epochs and tokens", at: nil)
        } else if given.count > 1 {
            problems.error(
                "training has \(given.count) lengths, \(given.joined(separator: " and ")); give one of steps, epochs and tokens",
                at: $epochs.isWritten ? $epochs.mark : $tokens.mark)
        }
        if let microBatchSize, batchSize % microBatchSize != 0 {
            let near = (1...min(microBatchSize, batchSize)).last { batchSize % $0 == 0 } ?? 1
            problems.error(
                "micro_batch_size \(microBatchSize) does not divide batch_size \(batchSize); use \(near)",
                at: $microBatchSize.mark)
        }
    }

    /// B x T.
    public var shape: BatchShape { BatchShape(rows: batchSize, context: context) }
    /// Sequences computed at once.
    public var microBatch: Int { microBatchSize ?? batchSize }
}

/// When and on what the model is validated.
public struct ValidationConfig: ComponentConfig {
    /// The interval.
    @Field("Steps between validations; the last step is always validated.", in: 1...) public var every = 250
    /// The part of the split.
    @Field("The part of the split that is scored: all, or its first bytes.") public var scope = WordOr<
        WholeSplit, ByteScope
    >.word(.all)

    /// The defaults.
    public init() {}
}

/// The whole split.
public enum WholeSplit: String, Choice {
    /// All of it.
    case all
}

/// A part of a split, chosen by the data, never by the seed.
public struct ByteScope: ComponentConfig {
    /// How much.
    @Field("The first so many bytes of the split.", in: 1...) public var bytes = 65536

    /// The defaults.
    public init() {}
}

/// When checkpoints are written and how many are kept.
public struct CheckpointConfig: ComponentConfig {
    /// The interval.
    @Field("Steps between checkpoints; the last step always has one.", in: 1...) public var every = 250
    /// How many stay.
    @Field("Checkpoints kept, the newest; the best is kept besides.", in: 1...) public var keep = 1

    /// The defaults.
    public init() {}
}

/// When text is sampled.
public struct SampleConfig: ComponentConfig {
    /// The interval.
    @Field("Steps between samples; the last step always has one.", in: 1...) public var every = 500
    /// How much.
    @Field("Tokens a sample; 0 for none.", in: 0...1_000_000) public var tokens = 200
    /// What comes first.
    @Field("What the sample begins with.") public var prompt = "\n"
    /// Temperature.
    @Field("Divides the logits; 0 takes the likeliest token.", in: 0...100) public var temperature = 0.8
    /// Top-k.
    @Field("Draws among the likeliest k tokens only.", in: 1...) public var topK: Int?

    /// The defaults.
    public init() {}
}

/// What the run uses of the machine.
public struct ComputeConfig: ComponentConfig {
    /// Threads.
    @Field("Threads, or auto for as many as there are cores.", in: 1...1024, identity: false) public var threads =
        Automatic<Int>.auto
    /// Precision.
    @Field(
        "Precision of matrix products: bf16 rounds their factors to bfloat16; weights, moments and all sums stay fp32."
    ) public var precision = Precision.fp32

    /// The defaults.
    public init() {}
}

/// The precision of matrix products.
public enum Precision: String, Choice {
    /// Single.
    case fp32
    /// Mixed: factors in bfloat16, sums in single precision. Needs a CPU with AVX512-BF16.
    case bf16
    /// `bf16` where the CPU has it, else `fp32`.
    case bf16IfAvailable = "bf16_if_available"
}
