import ArgumentParser
import LatheResults

/// `lathe init`
struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write a commented experiment to start from.")

    @Argument(help: "The file to write; it must not exist.")
    var path = "experiment.yaml"

    func run() throws {
        do {
            _ = try DurableFile.read(path, limit: 1)
            throw UsageError("\(path): exists already; name another file")
        } catch let error as FileError where error.isMissing {}
        try DurableFile.write(StartingSpec.text, to: path)
        print("wrote \(path); 'lathe check \(path)' looks it over, 'lathe run \(path)' trains it")
    }
}

/// The experiment that `lathe init` writes.
enum StartingSpec {
    static let text = """
        # An experiment. 'lathe components' lists what there is to choose from; what is left out has its default.
        # 'lathe schema > lathe.schema.json' makes the schema that the next line gives to editors.
        # yaml-language-server: $schema=lathe.schema.json
        name: first
        description: A small transformer on the embedded corpus.
        tags: []
        seed: 1337                    # initialisation, batches, dropout and samples all follow from it

        data:
          source:
            type: synthetic           # or {type: text, path: input.txt}, relative to this file
          cleaning: []                # such as [strip_special, whitespace], applied in order
          split: {train: 0.9, validation: 0.1}

        tokenizer: byte               # or char, word; fitted on the training split only
        loader: random_windows        # or sequential, contiguous_streams (for an LSTM that carries its state)

        model:
          type: transformer           # or lstm
          layers: 4
          heads: 4
          width: 128
          dropout: 0.0

        optimizer:
          type: adamw
          learning_rate: 1.0e-3       # the peak; the schedule multiplies it
          betas: [0.9, 0.99]
          weight_decay: 0.1

        schedule:
          type: cosine
          warmup_steps: 50
          final_fraction: 0.1         # of the peak

        clipping: {type: global_norm, maximum: 1.0}
        stopping: never               # or {type: patience, validations: 3}

        training:
          steps: 500                  # or epochs, or tokens
          context: 64                 # tokens a sequence
          batch_size: 12              # sequences a step
          # micro_batch_size: 6       # sequences computed at once: memory only, never changes the result

        validation: {every: 100, scope: all}
        checkpoints: {every: 100, keep: 1}
        samples: {every: 250, tokens: 200, prompt: "\\n"}
        sinks: []                     # such as [csv]
        compute: {threads: auto, precision: fp32}

        """
}
