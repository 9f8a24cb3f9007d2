import ArgumentParser
import LatheComponents
import LatheResults
import LatheSpec
import LatheSweeps
import LatheSystem

struct Init: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a commented experiment or sweep to start from.",
        discussion: """
            lathe init mine.yaml --text my.txt      # tokenizer, model and length to suit the text
            lathe init sweep.yaml --sweep --base mine.yaml
            """)

    @Argument(help: "The file to write; it must not exist (default: experiment.yaml or sweep.yaml).")
    var path: String?
    @Option(
        help: ArgumentHelp(
            "Train on this text: a file, folder or pattern, JSON Lines (.jsonl) or CSV (.csv).", valueName: "file"))
    var text: String?
    @Flag(help: "Write a sweep.")
    var sweep = false
    @Option(help: ArgumentHelp("The experiment that the sweep varies (default: experiment.yaml).", valueName: "spec"))
    var base: String?

    func validate() throws {
        if sweep, text != nil { throw ValidationError("--sweep and --text cannot be combined; use --base") }
        if base != nil, !sweep { throw ValidationError("--base needs --sweep") }
    }

    func run(_ registry: Registry) throws {
        let path = path ?? (sweep ? "sweep.yaml" : "experiment.yaml")
        guard !exists(path) else { throw UsageError("\(path): already exists; name another file") }
        if sweep {
            let base = base ?? "experiment.yaml"
            try write(StartingSweep.text(base: fromFolder(of: path, base), registry), to: path)
            print("wrote \(path); 'lathe sweep plan \(path)' shows its trials, 'lathe sweep run \(path)' runs them")
            if !exists(base) { print("its base does not exist yet: 'lathe init \(base)' writes it") }
        } else {
            let own = try text.map { try OwnText($0, registry) }
            let values = try own.map { try $0.values(path: fromFolder(of: path, $0.path)) } ?? StartingSpec.values
            try write(StartingSpec.text(values, registry), to: path)
            print("wrote \(path); 'lathe check \(path)' checks it, 'lathe run \(path)' trains it")
            if let own { print(own.reasons) }
        }
    }

    private func write(_ text: String, to path: String) throws {
        do throws(FileError) { try DurableFile.write(text, to: path) } catch {
            throw error.suggesting("name another file")
        }
    }

    private func exists(_ path: String) -> Bool {
        do { _ = try FileStatus(path) } catch { return !error.isMissing }
        return true
    }

    /// `file` as a spec at `path` names it.
    private func fromFolder(of path: String, _ file: String) -> String {
        Path.parent(of: path) == "." ? file : SpecPath(file).resolved
    }
}

/// The experiment that `lathe init` writes: values from here, comments from the `@Field` declarations.
enum StartingSpec {
    static func text(_ values: String, _ registry: Registry) throws -> String {
        let node = try Node(parsing: SourceText(values, name: "the starting experiment"))
        return header + node.commentedYAML(of: ExperimentSpec.self, lookup: registry)
    }

    private static let header = """
        # An experiment. 'lathe components' lists the available components; a key that is left out has its default.
        # 'lathe schema > lathe.schema.json' writes the schema that the next line points editors to.
        # yaml-language-server: $schema=lathe.schema.json

        """

    static let values = """
        name: first
        description: A small transformer on the embedded corpus.
        tags: []
        seed: 1337
        data:
          source: {type: synthetic}
          cleaning: []
          split: {train: 0.9, validation: 0.1}
        tokenizer: {type: byte}
        loader: {type: random_windows}
        model: {type: transformer, layers: 4, heads: 4, width: 128, dropout: 0.0}
        optimizer: {type: adamw, learning_rate: 1.0e-3, betas: [0.9, 0.99], weight_decay: 0.1}
        schedule: {type: cosine, warmup_steps: 50, final_fraction: 0.1}
        clipping: {type: global_norm, maximum: 1.0}
        stopping: {type: never}
        training: {steps: 500, context: 64, batch_size: 12, micro_batch_size: 12}
        validation: {every: 100, scope: all}
        checkpoints: {every: 100, keep: 1}
        samples: {every: 250, tokens: 200, prompt: "\\n"}
        sinks: []
        compute: {threads: auto, precision: fp32}

        """
}

enum StartingSweep {
    static func text(base: String, _ registry: Registry) throws -> String {
        let values = """
            description: Which learning rate and dropout?
            base: \(Node.string(base).json(indented: false))
            set: {}
            parameters:
              optimizer.learning_rate: [1.0e-3, 3.0e-3]
              model.dropout: {from: 0.0, to: 0.2, count: 2}
            repeat: 2
            objective: {metric: validation/bits_per_byte, goal: minimize}
            strategy: {type: grid}
            launcher: {type: local, workers: auto}

            """
        let node = try Node(parsing: SourceText(values, name: "the starting sweep"))
        return header + node.commentedYAML(of: SweepSpec.self, lookup: registry)
    }

    private static let header = """
        # A sweep: every combination of the parameters, with several seeds. 'lathe components sweep' lists its keys.
        # Add named sets of changes with variants: {small: {model.layers: 2}, large: {model.layers: 6}}.
        # 'lathe schema --sweep > lathe-sweep.schema.json' writes the schema that the next line points editors to.
        # yaml-language-server: $schema=lathe-sweep.schema.json

        """
}
