import ArgumentParser
import LatheComponents
import LatheGraph
import LatheKernels
import LatheReports
import LatheResults
import LatheSpec
import LatheSystem
import LatheTraining

struct CheckpointOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The run (path, id, unique prefix or 'last') and its checkpoint: a step, best or last (default: best).",
            valueName: "run[@step]"))
    var address: String
    @OptionGroup var results: ResultsOptions
    @Option(help: "Number of threads (default: one per core).")
    var threads: Int?

    func find() throws -> (run: StoredRun, step: Int) {
        if let threads, !(1...1024).contains(threads) {
            throw UsageError("--threads \(threads): must be at least 1 and at most 1024")
        }
        guard try results.folder.parts(ofCheckpoint: address).step == nil else {
            return try results.folder.checkpoint(address)
        }
        let stored = try results.folder.run(address)
        guard let best = stored.folder.step(of: .best) else { return try results.folder.checkpoint(address) }
        return (stored, best)
    }
}

struct Evaluate: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Evaluate a checkpoint on a split of its text.",
        discussion:
            "The validation split is scored as in the run: all of it, or the bytes that validation.scope selects.")

    enum Split: String, ExpressibleByArgument, CaseIterable {
        case train, validation, test
    }

    @OptionGroup var checkpoint: CheckpointOptions
    @Option(help: "The split: train (as many bytes as validation has), validation or test.")
    var split = Split.validation
    @OptionGroup var moved: MovedFiles
    @Flag(help: "Print as JSON.")
    var json = false

    func run(_ registry: Registry) throws {
        let (stored, step) = try checkpoint.find()
        let loaded = try LoadedExperiment(stored, moved: moved.overrides, registry: registry)
        let data = try loaded.prepare(isQuiet: true)
        if let known = stored.record.hashes.tokenizer, known != data.tokenizerHash {
            throw UsageError(
                "\(stored.folder.path): the text or the tokenizer has changed since the run began, so ids now mean "
                    + "something else to the model; restore the old one")
        }
        if let known = stored.record.hashes.data, known != data.dataHash {
            Console.error(
                "warning: the text or split has changed since the run began; this score is for a different text")
        }
        let model = try loaded.model(stored, step: step, vocabulary: data.vocabulary, threads: checkpoint.threads)
        let text: ScoredText
        switch split {
        case .train: text = data.trainingSample
        case .validation: text = data.validation
        case .test:
            guard let test = data.test else {
                throw UsageError("the run has no test split; its configuration says data.split.test 0")
            }
            text = test
        }
        let display = EvaluationDisplay()
        guard let result = try model.evaluate(text, proceed: display.show) else { return }
        display.clear()
        if json {
            print(
                JSONValue.object([
                    .init("run", .string(stored.id)), .init("step", .integer(step)),
                    .init("split", .string(split.rawValue)),
                    .init("loss", .number(result.loss)), .init("perplexity", .number(result.perplexity)),
                    .init("bits_per_byte", result.bitsPerByte.map { .number($0) } ?? .null),
                    .init("tokens", .integer(result.tokens)), .init("bytes", .integer(result.bytes)),
                ]).text(indented: true))
        } else {
            print("\(stored.id) at step \(step), \(split.rawValue) split")
            print("loss           \(NumberText.loss(result.loss)) nats per token")
            print("perplexity     \(NumberText.loss(result.perplexity))")
            print("bits per byte  \(result.bitsPerByte.map(NumberText.loss) ?? "unknown: \(result.lossReason ?? "")")")
            print("tokens         \(NumberText.grouped(result.tokens))")
        }
    }
}

/// Shows how far an evaluation is, on a terminal.
private final class EvaluationDisplay {
    private var lastDrawn = MonotonicClock.seconds
    private var isDrawn = false

    func show(_ share: Double) -> Bool {
        let now = MonotonicClock.seconds
        if Console.redraws, now - lastDrawn > 0.3 {
            Console.draw(ProgressLine.clear + "evaluating \(Int(share * 100))%")
            (lastDrawn, isDrawn) = (now, true)
        }
        return true
    }

    func clear() { if isDrawn { Console.draw(ProgressLine.clear) } }
}

struct Generate: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Generate text with a checkpoint, streamed as it is sampled.")

    @OptionGroup var checkpoint: CheckpointOptions
    @Option(parsing: .unconditional, help: "Text to continue.")
    var prompt = "\n"
    @Option(help: "Tokens to generate.")
    var tokens = 200
    @Option(parsing: .unconditional, help: "Sampling temperature; 0 is greedy.")
    var temperature = 0.8
    @Option(help: "Sample only from the k most likely tokens.")
    var topK: Int?
    @Option(help: "Sample only from the most likely tokens whose probabilities add up to p.")
    var topP: Double?
    @Option(help: "Seed of the sampling; the same seed gives the same text.")
    var seed: UInt64 = 1337

    func validate() throws {
        guard tokens >= 0 else { throw ValidationError("--tokens \(tokens): must be at least 0") }
        guard temperature >= 0, temperature.isFinite else {
            throw ValidationError("--temperature \(temperature): must be at least 0")
        }
        if let topK, topK < 1 { throw ValidationError("--top-k \(topK): must be at least 1") }
        if let topP, !(topP > 0 && topP <= 1) {
            throw ValidationError("--top-p \(topP): must be above 0 and at most 1")
        }
    }

    func run(_ registry: Registry) throws {
        let (stored, step) = try checkpoint.find()
        let loaded = try LoadedExperiment(stored, registry: registry)
        let vocabulary = try loaded.vocabulary(of: stored)
        let model = try loaded.model(stored, step: step, vocabulary: vocabulary, threads: checkpoint.threads)
        Interruption.watch()
        // A model of bytes may sample control characters, which a terminal would obey.
        let isTerminal = Terminal.isTerminal(1)
        func show(_ text: String) { Console.output(isTerminal ? TextWidth.printableLines(text) : text) }
        show(prompt)
        try model.textGenerator(vocabulary: vocabulary).stream(
            prompt: prompt, tokens: tokens, rule: SamplingRule(temperature: temperature, topK: topK, topP: topP),
            seed: seed
        ) { piece in
            show(piece)
            return !Interruption.isRequested
        }
        Console.output("\n")
    }
}
