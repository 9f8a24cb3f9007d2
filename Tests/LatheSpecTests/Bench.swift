import LatheSpec

// A small experiment with every kind of field, which the tests read.

protocol Product: Sendable {}
struct Made: Product { var config: any FieldGroup }

extension Kind where Product == any LatheSpecTests.Product {
    static var optimizer: Self { Kind("optimizer", summary: "Updates the parameters.") }
    static var schedule: Self { Kind("schedule") }
    static var model: Self { Kind("model") }
    static var cleaning: Self { Kind("cleaning step", place: "data.cleaning") }
    static var source: Self { Kind("data source", place: "data.source") }
}

struct SGD: ComponentConfig {
    @Field("Step size.", above: 0) var learningRate = 0.1
    @Field("Share of the last step that is kept.", in: 0..<1) var momentum = 0.0
}

struct AdamW: ComponentConfig {
    @Field("Step size.", above: 0, through: 10) var learningRate: Float = 1e-3
    @Field("Decay of the moments.", each: 0..<1, count: 2...2) var betas: [Float] = [0.9, 0.999]
    @Field("Pull towards zero.", in: 0...) var weightDecay: Float = 0.01
    @Field("Largest norm; null for none.", above: 0) var maximumNorm: Float?
}

struct Cosine: ComponentConfig {
    @Field("Steps until the peak.", in: 0...) var warmupSteps = 0
    @Field("Where it ends, as a share of the peak.", in: 0...1) var finalFraction: Float = 0.1
}

enum Activation: String, Choice { case gelu, relu, reluSquared = "relu_squared" }

struct Transformer: ComponentConfig {
    @Field("Blocks.", in: 1...128) var layers = 4
    @Field("Heads of each block.", in: 1...) var heads = 4
    @Field("Width of the residual stream.", in: 1...16384) var width = 128
    @Field("Share of activations dropped in training.", in: 0..<1) var dropout: Float = 0
    @Field("Nonlinearity.") var activation = Activation.gelu
    @Field("Whether linear maps have biases.") var biases = true

    func check(_ problems: inout Problems) {
        if width % heads != 0 {
            problems.error("width \(width) is not divisible by \(heads) heads", at: $heads.mark)
        }
    }
}

struct LSTM: ComponentConfig {
    @Field("Layers.", in: 1...16) var layers = 1
    @Field("Units of each layer.", in: 1...16384) var hiddenSize = 256
    @Field("What it starts from.", .optimizer) var inner: Chosen<any Product>?
}

struct Text: ComponentConfig {
    @Field("The file or files.", orSingle: true) var path: [SpecPath]
    @Field("Bytes to read.") var limit: UInt64 = 1 << 40
}

struct Nothing: ComponentConfig {}

struct Split: FieldGroup {
    @Field("Share for training.", above: 0, through: 1) var train = 0.9
    @Field("Share for validation.", in: 0..<1) var validation = 0.1

    func check(_ problems: inout Problems) {
        if train + validation > 1 { problems.error("the shares add up to more than 1", at: $train.mark) }
    }
}

struct DataGroup: FieldGroup {
    @Field("Where documents come from.", .source) var source: Chosen<any Product>
    @Field("What is done to documents, in order.", .cleaning) var cleaning: [Chosen<any Product>]
    @Field("How documents are divided.") var split = Split()
}

struct Compute: FieldGroup {
    @Field("Threads.", in: 1...1024, identity: false) var threads = Automatic<Int>.auto
}

enum Everything: String, Choice { case all }

struct Bytes: FieldGroup {
    @Field("Bytes of text.", in: 1...) var bytes = 65536
}

struct Experiment: FieldGroup {
    @Field("The experiment's name.", identity: false) var name: String
    @Field("What it is about.", identity: false) var description = ""
    @Field("Words to find it by.", identity: false) var tags: [String] = []
    @Field("What randomness starts from.") var seed: UInt64 = 1337
    @Field("The text.") var data = DataGroup()
    @Field("The model.", .model) var model: Chosen<any Product>
    @Field("How parameters are updated.", .optimizer, default: "adamw") var optimizer: Chosen<any Product>
    @Field("How the step size changes.", .schedule) var schedule: Chosen<any Product>?
    @Field("How much is validated.") var scope: WordOr<Everything, Bytes> = .word(.all)
    @Field("Figures of no use.") var figures: [String: Double] = [:]
    @Field("Where it runs.") var compute = Compute()
}

struct Bench: ComponentLookup {
    let kinds: [KindDescription]
    private let entries: [ComponentEntry]

    init() {
        func entry<C: FieldGroup>(
            _ kind: Kind<any Product>, _ name: String, _ config: C.Type, revision: Int = 1
        ) -> ComponentEntry {
            ComponentEntry(
                kind, name: name, summary: "The \(name) \(kind.name).", revision: revision, module: "Bench",
                config: config
            ) { (config: C) in
                let made = Made(config: config)
                return (made, made)
            }
        }
        entries = [
            entry(.optimizer, "adamw", AdamW.self), entry(.optimizer, "sgd", SGD.self, revision: 2),
            entry(.schedule, "constant", Nothing.self), entry(.schedule, "cosine", Cosine.self),
            entry(.model, "lstm", LSTM.self), entry(.model, "transformer", Transformer.self),
            entry(.cleaning, "lowercase", Nothing.self), entry(.cleaning, "whitespace", Nothing.self),
            entry(.source, "text", Text.self),
        ]
        kinds = [Kind.optimizer, .schedule, .model, .cleaning, .source].map(\.description)
    }

    func components(of kind: String) -> [ComponentEntry] { entries.filter { $0.kind == kind } }
}

let loader = SpecLoader(Experiment.self, lookup: Bench())

/// The valid experiment that most tests start from.
let valid = """
    name: gpt   # what it is called
    seed: 1337
    data:
      source:
        type: text
        path: input.txt
      cleaning: [lowercase, {type: whitespace}]
      split: {train: 0.9, validation: 0.1}
    model:
      type: transformer
      layers: 4
      heads: 4
      width: 128
    optimizer:
      type: adamw
      learning_rate: 1e-3
      betas: [0.9, 0.99]
    schedule: cosine
    compute: {threads: auto}
    """

func load(_ text: String, _ overrides: String..., name: String = "gpt.yaml") -> LoadedSpec<Experiment> {
    loader.load(SourceText(text, name: name), overrides: overrides)
}
