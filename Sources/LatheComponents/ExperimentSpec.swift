public import LatheSpec

public struct ExperimentSpec: ComponentConfig {
    @Field(
        "Name of the experiment and of its folder in results/; if empty, the name of the spec file.", identity: false
    )
    public var name = ""
    @Field("What the experiment is about.", identity: false) public var description = ""
    @Field("Tags to find the experiment by.", identity: false) public var tags: [String] = []
    @Field("Seed for initialization, batches, dropout and samples.") public var seed: UInt64 = 1337
    @Field("The text: where it comes from, how it is cleaned and split.") public var data = DataConfig()
    @Field("How text becomes tokens; fitted on the training split only.", .tokenizer, default: "byte")
    public var tokenizer: Chosen<any Tokenizer>
    @Field("How tokens become batches.", .loader, default: "random_windows") public var loader: Chosen<any Loader>
    @Field("The architecture.", .architecture) public var model: Chosen<any Architecture>
    @Field("Optimizer update rule.", .optimizer, default: "adamw") public var optimizer: Chosen<any Optimizer>
    @Field("How the learning rate changes over the run.", .schedule, default: "constant") public var schedule:
        Chosen<any Schedule>
    @Field("Gradient clipping.", .clipping, default: "global_norm") public var clipping: Chosen<any ClippingPolicy>
    @Field("Early stopping: when the run ends before its last step.", .stopping, default: "never") public var stopping:
        Chosen<any StoppingPolicy>
    @Field("Training length and batch shape.") public var training = TrainingConfig()
    @Field("How often the model is validated, and on how much text.") public var validation = ValidationConfig()
    @Field("When checkpoints are written and how many are kept.", identity: false) public var checkpoints =
        CheckpointConfig()
    @Field("When text is sampled, and from which prompt.", identity: false) public var samples = SampleConfig()
    @Field("Where metrics go in addition to metrics.jsonl.", .sink, identity: false) public var sinks:
        [Chosen<any MetricSink>]
    @Field("Threads and numerical precision.") public var compute = ComputeConfig()

    public init() {}
}

public struct DataConfig: ComponentConfig {
    @Field("Where text comes from.", .dataSource, default: "synthetic") public var source: Chosen<any DataSource>
    @Field("Cleaning steps, applied in order before splitting and tokenizing.", .cleaning) public var cleaning:
        [Chosen<any CleaningStep>]
    @Field("The share of the text that each split takes, in this order.") public var split = SplitConfig()
    @Field(
        "Whether an end-of-text token stands between documents; char, byte and word have one only if a split has several."
    )
    public var endOfText = true

    public init() {}
}

public struct TrainingConfig: ComponentConfig {
    @Field(
        "Optimizer steps; 0 evaluates and saves the untrained model. Give one of steps, epochs and tokens.",
        in: 0...1_000_000_000)
    public var steps: Int?
    @Field("Length in epochs: how often each training token is seen.", above: 0.0, through: 1e6) public var epochs:
        Double?
    @Field("Length in tokens, rounded up to whole steps.", in: 1...1_000_000_000_000_000) public var tokens: Int?
    @Field("Tokens per sequence.", in: 1...131_072) public var context = 64
    @Field("Sequences per step.", in: 1...65536) public var batchSize = 12
    @Field(
        "Sequences computed at once; must divide batch_size. Fewer need less memory. Results are equal up to rounding.",
        in: 1...65536)
    public var microBatchSize: Int?

    public init() {}

    public func check(_ problems: inout Problems) {
        let given = [("steps", steps != nil), ("epochs", epochs != nil), ("tokens", tokens != nil)].filter(\.1).map(\.0)
        if given.isEmpty {
            problems.error("training needs a length: one of steps, epochs and tokens", at: nil)
        } else if given.count > 1 {
            problems.error(
                "training has \(given.count) lengths, \(given.joined(separator: " and ")); "
                    + "give one of steps, epochs and tokens",
                at: $epochs.isWritten ? $epochs.mark : $tokens.mark, $steps.mark, $tokens.mark)
        }
        if let microBatchSize, batchSize % microBatchSize != 0 {
            let near = (1...min(microBatchSize, batchSize)).last { batchSize % $0 == 0 } ?? 1
            problems.error(
                "micro_batch_size \(microBatchSize) does not divide batch_size \(batchSize); use \(near)",
                at: $microBatchSize.mark, $batchSize.mark)
        }
    }

    /// A micro-batch of the whole batch is none.
    public var identityForm: TrainingConfig {
        var form = self
        if microBatchSize == batchSize { form.microBatchSize = nil }
        return form
    }

    public var shape: BatchShape { BatchShape(rows: batchSize, context: context) }
    public var microBatch: Int { microBatchSize ?? batchSize }
}

public struct ValidationConfig: ComponentConfig {
    @Field("Steps between validations; the last step is always validated.", in: 1...) public var every = 250
    @Field("The part of the split that is scored: all, or its first bytes.") public var scope = WordOr<
        WholeSplit, ByteScope
    >.word(.all)

    public init() {}

    /// Nil for the whole split.
    public var scopeBytes: Int? {
        guard case .group(let group) = scope else { return nil }
        return group.bytes
    }
}

public enum WholeSplit: String, Choice {
    case all
}

/// A part of a split. It depends on the data alone, never on the seed.
public struct ByteScope: ComponentConfig {
    @Field("Number of bytes to score, from the start of the split, rounded up to whole KiB.", in: 1...)
    public var bytes = 65536

    public init() {}
}

public struct CheckpointConfig: ComponentConfig {
    @Field("Steps between checkpoints; the last step always has one.", in: 1...) public var every = 250
    @Field("How many of the newest checkpoints to keep; the best is kept as well.", in: 1...) public var keep = 1

    public init() {}
}

public struct SampleConfig: ComponentConfig {
    @Field("Steps between samples; the last step always has one.", in: 1...) public var every = 500
    @Field("Tokens per sample; 0 for no samples.", in: 0...1_000_000) public var tokens = 200
    @Field("Text that each sample starts with.") public var prompt = "\n"
    @Field("Sampling temperature; 0 is greedy.", in: 0...100) public var temperature = 0.8
    @Field("Samples from the k most likely tokens only.", in: 1...) public var topK: Int?

    public init() {}
}

public struct ComputeConfig: ComponentConfig {
    @Field("Threads, or auto for one per core.", in: 1...1024, identity: false) public var threads =
        Automatic<Int>.auto
    @Field(
        "Precision of matrix products: bf16 rounds their factors to bfloat16; weights, moments and all sums stay fp32."
    ) public var precision = Precision.fp32
    @Field(
        "Whose code computes large matrix products: own has kernels for AVX2 and AVX-512, openblas is the system's "
            + "library, auto takes own where there are wide vectors and openblas elsewhere."
    ) public var products = Products.auto

    public init() {}
}

public enum Products: String, Choice {
    case auto
    case own
    case openBLAS = "openblas"
}

public enum Precision: String, Choice {
    case fp32
    /// bfloat16 factors, fp32 sums. Needs a CPU with AVX512-BF16.
    case bf16
    case bf16IfAvailable = "bf16_if_available"
}
