import ArgumentParser
import LatheComponents
import LatheResults
import LatheSpec
import LatheSystem

struct Init: RegistryCommand {
    static let configuration = CommandConfiguration(abstract: "Write a commented experiment to start from.")

    @Argument(help: "The file to write; it must not exist.")
    var path = "experiment.yaml"

    func run(_ registry: Registry) throws {
        guard !exists else { throw UsageError("\(path): already exists; name another file") }
        let text = try StartingSpec.text(registry)
        do throws(FileError) { try DurableFile.write(text, to: path) } catch {
            throw error.suggesting("name another file")
        }
        print("wrote \(path); 'lathe check \(path)' checks it, 'lathe run \(path)' trains it")
    }

    private var exists: Bool {
        do { _ = try DurableFile.read(path, limit: 1) } catch { return !error.isMissing }
        return true
    }
}

/// The experiment that `lathe init` writes: values from here, comments from the `@Field` declarations.
enum StartingSpec {
    static func text(_ registry: Registry) throws -> String {
        let node = try Node(parsing: SourceText(values, name: "the starting experiment"))
        return header + node.commentedYAML(of: ExperimentSpec.self, lookup: registry)
    }

    private static let header = """
        # An experiment. 'lathe components' lists the available components; a key that is left out has its default.
        # 'lathe schema > lathe.schema.json' writes the schema that the next line points editors to.
        # yaml-language-server: $schema=lathe.schema.json

        """

    private static let values = """
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
