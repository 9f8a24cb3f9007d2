import LatheComponents
import LatheData
import LatheSpec
import LatheSystem

/// Chooses a tokenizer, a model and a training length for a text. Rules of thumb to start from, not to end with.
struct OwnText {
    let path: String
    private let source: String
    /// UTF-8 bytes of the text; an estimate if it is longer than the sample.
    private let bytes: Int
    private let isEstimate: Bool
    private let characters: Int
    private let prompt: String
    private let tokenizer: String
    private let bytesPerToken: Double

    /// Reads at most 4 MiB of the text.
    ///
    /// - Throws: `DataError` if the text cannot be read, `UsageError` if there is too little of it.
    init(_ path: String, _ registry: Registry) throws {
        self.path = path
        let name = path.hasSuffix(".gz") ? path.dropLast(3) : path[...]
        source = name.hasSuffix(".jsonl") ? "jsonl" : name.hasSuffix(".csv") ? "csv" : "text"
        let quoted = Node.string(SpecPath(path).resolved).json(indented: false)
        let spec = try SpecLoader(ExperimentSpec.self, lookup: registry).load(
            SourceText(
                "{data: {source: {type: \(source), path: \(quoted)}}, model: transformer, training: {steps: 0}}",
                name: "--text")
        ).get()
        let corpus = try spec.data.source.make().gather(
            SourceContext(folder: try DataCache.standard().root + "/sources"))
        var reader = try corpus.reader()
        var sample = "", isWhole = false
        while sample.utf8.count < 4 << 20 {
            guard let passage = try reader.next() else {
                isWhole = true
                break
            }
            sample += passage.text
        }
        let sizes = try corpus.files.map { file in
            try FileStatus(file.path).size * (file.path.hasSuffix(".gz") ? 3 : 1)
        }
        bytes = isWhole ? sample.utf8.count : max(sample.utf8.count, corpus.bytes ?? sizes.reduce(0, +))
        isEstimate = !isWhole
        let scalars = sample.unicodeScalars.count
        characters = Set(sample.unicodeScalars).count
        prompt = sample.unicodeScalars.contains("\n") ? "\n" : sample.unicodeScalars.first.map(String.init) ?? " "
        // Pairs need some text to be learned from. A character that is seen a few dozen times can be learned itself.
        (tokenizer, bytesPerToken) =
            bytes >= 4_000_000
            ? ("{type: bpe, vocabulary_size: \(bytes >= 50_000_000 ? 8192 : 4096)}", 3.5)
            : characters * 50 <= scalars
                ? ("{type: char}", Double(sample.utf8.count) / Double(max(1, scalars))) : ("{type: byte}", 1)
        guard validationTokens >= 32 else {
            throw UsageError("\(path): \(bytes) bytes of text are too few to train and validate on")
        }
    }

    private var trainingTokens: Int { Int(0.9 * Double(bytes) / bytesPerToken) }
    private var validationTokens: Int { Int(0.1 * Double(bytes) / bytesPerToken) }
    private var isSmall: Bool { trainingTokens < 100_000 }
    private var isLarge: Bool { trainingTokens >= 2_000_000 }

    private var context: Int {
        var context = isLarge ? 128 : 64
        while context > 8, context * 4 > validationTokens { context /= 2 }
        return context
    }

    private static let batch = 12

    /// Up to 20 epochs, and at most 2,000 steps.
    private var steps: Int { min(2000, max(100, 20 * trainingTokens / (context * Self.batch) / 20 * 20)) }

    private var epochs: Double { Double(steps * context * Self.batch) / Double(trainingTokens) }

    private var size: (layers: Int, heads: Int, width: Int) {
        isSmall ? (2, 2, 64) : isLarge ? (6, 6, 192) : (4, 4, 128)
    }

    /// - Parameter path: of the text, as the spec names it.
    func values(path: String) throws -> String {
        """
        description: \(Node.string("A small transformer on \(Path.name(of: self.path)).").json(indented: false))
        seed: 1337
        data:
          source: {type: \(source), path: \(Node.string(path).json(indented: false))}
          cleaning: []
          split: {train: 0.9, validation: 0.1}
        tokenizer: \(tokenizer)
        loader: {type: random_windows}
        model:
          {type: transformer, layers: \(size.layers), heads: \(size.heads), width: \(size.width), \
        dropout: \(epochs > 5 ? 0.2 : epochs > 2 ? 0.1 : 0.0)}
        optimizer: {type: adamw, learning_rate: 1.0e-3, betas: [0.9, 0.99], weight_decay: 0.1}
        schedule: {type: cosine, warmup_steps: \(steps / 20), final_fraction: 0.1}
        clipping: {type: global_norm, maximum: 1.0}
        training: {steps: \(steps), context: \(context), batch_size: \(Self.batch)}
        validation: {every: \(steps / 10), scope: all}
        checkpoints: {every: \(steps / 10), keep: 1}
        samples: {every: \(steps / 2), tokens: 200, prompt: \(Node.string(prompt).json(indented: false))}
        compute: {threads: auto, precision: fp32}

        """
    }

    /// What was found and chosen, in a line.
    var reasons: String {
        let kind = tokenizer.contains("bpe") ? "bpe" : tokenizer.contains("char") ? "char" : "byte"
        let passes = (epochs * 10).rounded() / 10
        return "\(path): \(isEstimate ? "about " : "")\(bytes) bytes of text, \(characters) different characters; so "
            + "tokenizer \(kind), \(size.layers) layers of width \(size.width), \(steps) steps (\(passes) passes)"
    }
}
