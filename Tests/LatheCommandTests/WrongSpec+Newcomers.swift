/// Mistakes of those who come from another tool.
extension WrongSpec {
    static let newcomers: [WrongSpec] = [
        WrongSpec(
            "nanoGPT's names in a model",
            text: spec(model: "model: {type: transformer, n_layer: 1, n_head: 2, n_embd: 16, block_size: 8}"),
            says: """
                x.yaml:3:28: error: unknown key 'n_layer' in model 'transformer'; did you mean 'layers'?
                    3 | model: {type: transformer, n_layer: 1, n_head: 2, n_embd: 16, block_size: 8}
                      |                            ^
                x.yaml:3:40: error: unknown key 'n_head' in model 'transformer'; did you mean 'heads'?
                    3 | model: {type: transformer, n_layer: 1, n_head: 2, n_embd: 16, block_size: 8}
                      |                                        ^
                x.yaml:3:51: error: unknown key 'n_embd' in model 'transformer'; did you mean 'width'?
                    3 | model: {type: transformer, n_layer: 1, n_head: 2, n_embd: 16, block_size: 8}
                      |                                                   ^
                x.yaml:3:63: error: unknown key 'block_size' in model 'transformer'; did you mean 'training.context'?
                    3 | model: {type: transformer, n_layer: 1, n_head: 2, n_embd: 16, block_size: 8}
                      |                                                               ^
                """),
        WrongSpec(
            "nanoGPT's and PyTorch's names at the top",
            text: spec(rest: "lr: 3e-4\nwd: 0.1\nmax_iters: 5\nbs: 4\nblock_size: 8\ngrad_clip: 1.0\n"),
            says: """
                x.yaml:5:1: error: unknown key 'lr' in the spec; did you mean 'optimizer.learning_rate'?
                    5 | lr: 3e-4
                      | ^
                x.yaml:6:1: error: unknown key 'wd' in the spec; did you mean 'optimizer.weight_decay'?
                    6 | wd: 0.1
                      | ^
                x.yaml:7:1: error: unknown key 'max_iters' in the spec; did you mean 'training.steps'?
                    7 | max_iters: 5
                      | ^
                x.yaml:8:1: error: unknown key 'bs' in the spec; did you mean 'training.batch_size'?
                    8 | bs: 4
                      | ^
                x.yaml:9:1: error: unknown key 'block_size' in the spec; did you mean 'training.context'?
                    9 | block_size: 8
                      | ^
                x.yaml:10:1: error: unknown key 'grad_clip' in the spec; did you mean 'clipping.maximum'?
                   10 | grad_clip: 1.0
                      | ^
                """),
        WrongSpec(
            "names of other tools in training",
            text: spec(training: "training: {max_iters: 5, block_size: 8, bs: 4, learning_rate: 1e-3}"),
            says: """
                x.yaml:4:11: error: training needs a length: one of steps, epochs and tokens
                    4 | training: {max_iters: 5, block_size: 8, bs: 4, learning_rate: 1e-3}
                      |           ^
                x.yaml:4:12: error: unknown key 'max_iters' in 'training'; did you mean 'steps'?
                    4 | training: {max_iters: 5, block_size: 8, bs: 4, learning_rate: 1e-3}
                      |            ^
                x.yaml:4:26: error: unknown key 'block_size' in 'training'; did you mean 'context'?
                    4 | training: {max_iters: 5, block_size: 8, bs: 4, learning_rate: 1e-3}
                      |                          ^
                x.yaml:4:41: error: unknown key 'bs' in 'training'; did you mean 'batch_size'?
                    4 | training: {max_iters: 5, block_size: 8, bs: 4, learning_rate: 1e-3}
                      |                                         ^
                x.yaml:4:48: error: unknown key 'learning_rate' in 'training'; did you mean 'optimizer.learning_rate'?
                    4 | training: {max_iters: 5, block_size: 8, bs: 4, learning_rate: 1e-3}
                      |                                                ^
                """),
        WrongSpec(
            "names of other tools in an optimizer",
            text: spec(rest: "optimizer: {type: adamw, lr: 1e-3, wd: 0.1, beta1: 0.9, eps: 1e-8, momentum: 0.9}\n"),
            says: """
                x.yaml:5:26: error: unknown key 'lr' in optimizer 'adamw'; did you mean 'learning_rate'?
                    5 | optimizer: {type: adamw, lr: 1e-3, wd: 0.1, beta1: 0.9, eps: 1e-8, momentum: 0.9}
                      |                          ^
                x.yaml:5:36: error: unknown key 'wd' in optimizer 'adamw'; did you mean 'weight_decay'?
                    5 | optimizer: {type: adamw, lr: 1e-3, wd: 0.1, beta1: 0.9, eps: 1e-8, momentum: 0.9}
                      |                                    ^
                x.yaml:5:45: error: unknown key 'beta1' in optimizer 'adamw'; did you mean 'betas'?
                    5 | optimizer: {type: adamw, lr: 1e-3, wd: 0.1, beta1: 0.9, eps: 1e-8, momentum: 0.9}
                      |                                             ^
                x.yaml:5:57: error: unknown key 'eps' in optimizer 'adamw'; did you mean 'epsilon'?
                    5 | optimizer: {type: adamw, lr: 1e-3, wd: 0.1, beta1: 0.9, eps: 1e-8, momentum: 0.9}
                      |                                                         ^
                x.yaml:5:68: error: unknown key 'momentum' in optimizer 'adamw'; its keys are learning_rate, betas, epsilon, weight_decay, decay
                    5 | optimizer: {type: adamw, lr: 1e-3, wd: 0.1, beta1: 0.9, eps: 1e-8, momentum: 0.9}
                      |                                                                    ^
                      = 'momentum' is a key of optimizer 'sgd'
                """),
        WrongSpec(
            "an LSTM by other names",
            text: spec(model: "model: {type: lstm, nlayers: 1, nhid: 8, emsize: 8}"),
            says: """
                x.yaml:3:21: error: unknown key 'nlayers' in model 'lstm'; did you mean 'layers'?
                    3 | model: {type: lstm, nlayers: 1, nhid: 8, emsize: 8}
                      |                     ^
                x.yaml:3:33: error: unknown key 'nhid' in model 'lstm'; did you mean 'hidden_size'?
                    3 | model: {type: lstm, nlayers: 1, nhid: 8, emsize: 8}
                      |                                 ^
                x.yaml:3:42: error: unknown key 'emsize' in model 'lstm'; did you mean 'embedding_size'?
                    3 | model: {type: lstm, nlayers: 1, nhid: 8, emsize: 8}
                      |                                          ^
                """),
        WrongSpec(
            "a short name with several values",
            arguments: ["run", "x.yaml", "lr=1e-3,3e-3"],
            says: """
                command line: lr=1e-3,3e-3: error: unknown key 'lr' in the spec; did you mean 'optimizer.learning_rate'?
                      | lr=1e-3,3e-3
                      | ^
                      = to train once with each value, add --multirun (-m) to 'lathe run'
                """),
        WrongSpec(
            "several values without --multirun",
            arguments: ["run", "x.yaml", "optimizer.learning_rate=1e-3,3e-3"],
            says: """
                command line: optimizer.learning_rate=1e-3,3e-3: error: 'learning_rate' in optimizer 'adamw': found '1e-3,3e-3', expected a number
                      | optimizer.learning_rate=1e-3,3e-3
                      |                         ^
                      = to train once with each value, add --multirun (-m) to 'lathe run'
                """),
        WrongSpec(
            "several components without --multirun",
            arguments: ["run", "x.yaml", "model=lstm,transformer"],
            says: """
                command line: model=lstm,transformer: error: unknown model 'lstm,transformer'
                      | model=lstm,transformer
                      |       ^
                      = known: lstm, transformer; to train once with each value, add --multirun (-m) to 'lathe run'
                """),
        WrongSpec(
            "a key with dots in a file",
            text: spec(rest: "optimizer.learning_rate: 3e-4\n"),
            says: """
                x.yaml:5:1: error: unknown key 'optimizer.learning_rate' in the spec; in a file, keys are nested instead
                    5 | optimizer.learning_rate: 3e-4
                      | ^
                      = write optimizer: {learning_rate: 3e-4}
                """),
        WrongSpec(
            "an override that does not fit the file",
            arguments: ["run", "x.yaml", "model.heads=3"],
            says: """
                command line: model.heads=3: error: width 16 is not divisible by 3 heads; use 2 heads or a width of 18
                      | model.heads=3
                      |             ^
                """),
        WrongSpec(
            "an override beside the file's length",
            arguments: ["run", "x.yaml", "training.epochs=2"],
            says: """
                command line: training.epochs=2: error: training has 2 lengths, steps and epochs; give one of steps, epochs and tokens
                      | training.epochs=2
                      |                 ^
                """),
        WrongSpec(
            "an override that leaves nothing",
            arguments: ["run", "x.yaml", "~training.steps"],
            says: """
                command line: ~training.steps: error: training needs a length: one of steps, epochs and tokens
                      | ~training.steps
                      |           ^
                """),
        WrongSpec(
            "a negative override",
            arguments: ["run", "x.yaml", "optimizer.learning_rate=-1"],
            says: """
                command line: optimizer.learning_rate=-1: error: 'learning_rate' in optimizer 'adamw': found -1, must be above 0
                      | optimizer.learning_rate=-1
                      |                         ^
                """),
        WrongSpec(
            "a relative path on the command line",
            arguments: ["run", "x.yaml", "data.source.path=missing.txt"],
            says: """
                command line: data.source.path=missing.txt: error: FOLDER/missing.txt: there is no such file; check the path, which on the command line is relative to the working directory
                      | data.source.path=missing.txt
                      |                  ^
                """),
        WrongSpec(
            "a relative path in a file of another folder",
            arguments: ["run", "sub/y.yaml"],
            files: ["sub/y.yaml": Array(spec(data: "data: {source: {type: text, path: missing.txt}}").utf8)],
            says: """
                sub/y.yaml:2:35: error: FOLDER/sub/missing.txt: there is no such file; check the path, which is relative to the spec's folder
                    2 | data: {source: {type: text, path: missing.txt}}
                      |                                   ^
                """),
        WrongSpec(
            "help for nothing",
            arguments: ["help", "nosuch"],
            says: """
                error: there is no command 'lathe nosuch'
                  (commands: init, check, run, resume, fork, sweep, runs, compare, diff, report, evaluate, generate, bench, prepare, extract, tokenize, components, schema)
                """),
        WrongSpec(
            "a misspelt command",
            arguments: ["rn", "x.yaml"],
            says: """
                error: there is no command 'lathe rn'; did you mean 'run'?
                  (commands: init, check, run, resume, fork, sweep, runs, compare, diff, report, evaluate, generate, bench, prepare, extract, tokenize, components, schema)
                """),
        WrongSpec(
            "a misspelt command of a command",
            arguments: ["sweep", "statsu", "x.yaml"],
            says: """
                error: there is no command 'lathe sweep statsu'; did you mean 'status'?
                  (commands: run, plan, status, retry, stop)
                """),
        WrongSpec(
            "a negative temperature",
            arguments: ["generate", "last", "--temperature", "-1"],
            says: """
                Error: --temperature -1.0: must be at least 0
                Usage: lathe generate <run[@step]> [--results <dir>] [--threads <threads>] [--prompt <prompt>] [--tokens <tokens>] [--temperature <temperature>] [--top-k <top-k>] [--top-p <top-p>] [--seed <seed>]
                  See 'lathe generate --help' for more information.
                """),
        WrongSpec(
            "an unknown section",
            arguments: ["components", "trainig"],
            says: """
                error: no kind, component or section is named 'trainig'; did you mean 'training'?
                  = kinds: source, cleaning, tokenizer, loader, model, optimizer, schedule, clipping, stopping, sink, strategy, launcher; sections: experiment, data, data.split, training, validation, checkpoints, samples, compute, sweep, objective, range
                """),
        WrongSpec(
            "two kinds of starting file",
            arguments: ["init", "--sweep", "--text", "a.txt"],
            says: """
                Error: --sweep and --text cannot be combined; use --base
                Usage: lathe init [<path>] [--text <file>] [--sweep] [--base <spec>]
                  See 'lathe init --help' for more information.
                """),
    ]
}
