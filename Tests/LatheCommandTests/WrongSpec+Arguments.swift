extension WrongSpec {
    static let arguments: [WrongSpec] = [
        WrongSpec(
            "no command known",
            arguments: ["frobnicate"],
            says: """
                error: there is no command 'lathe frobnicate'
                  (commands: init, check, run, resume, fork, sweep, runs, compare, diff, report, evaluate, generate, bench, prepare, extract, tokenize, components, schema)
                """),
        WrongSpec(
            "no spec",
            arguments: ["run"],
            says: """
                Error: Missing expected argument '<spec>'
                Help:  <spec>  The experiment's YAML file.
                Usage: lathe run <spec> [<key=value> ...] [--results <dir>] [--quiet] [--multirun]
                  See 'lathe run --help' for more information.
                """),
        WrongSpec(
            "a sweep in place of an experiment",
            arguments: ["run", "x.yaml", "seed=7"],
            text: "base: base.yaml\nparameters: {optimizer.learning_rate: [1e-3, 3e-3]}\n",
            says: """
                x.yaml: error: this is a sweep, not an experiment; 'lathe sweep run x.yaml' runs it
                  = 'lathe sweep plan x.yaml' shows what would run
                """),
        WrongSpec(
            "an experiment in place of a sweep",
            arguments: ["sweep", "run", "x.yaml", "--workers", "2"],
            says: """
                x.yaml: error: this is an experiment, not a sweep; 'lathe run x.yaml' trains it
                  = a sweep names it as its 'base'
                """),
        WrongSpec(
            "two forms at once",
            arguments: ["runs", "--json", "--csv"],
            says: """
                Error: --json and --csv cannot be combined
                Usage: lathe runs [--results <dir>] [--where <condition> ...] [--sort <key>] [--descending] [--columns <keys>] [--json] [--csv]
                  See 'lathe runs --help' for more information.
                """),
        WrongSpec(
            "unknown option",
            arguments: ["run", "x.yaml", "--resluts", "y"],
            says: """
                Error: Unknown option '--resluts'. Did you mean '--results'?
                Usage: lathe run <spec> [<key=value> ...] [--results <dir>] [--quiet] [--multirun]
                  See 'lathe run --help' for more information.
                """),
        WrongSpec(
            "option without a value",
            arguments: ["run", "x.yaml", "--results"],
            says: """
                Error: Missing value for '--results <dir>'
                Help:  --results <dir>  The folder of runs.
                Usage: lathe run <spec> [<key=value> ...] [--results <dir>] [--quiet] [--multirun]
                  See 'lathe run --help' for more information.
                """),
        WrongSpec(
            "empty results",
            arguments: ["run", "x.yaml", "--results", ""],
            says: """
                Error: --results is empty; name a folder such as '.'
                Usage: lathe run <spec> [<key=value> ...] [--results <dir>] [--quiet] [--multirun]
                  See 'lathe run --help' for more information.
                """),
        WrongSpec(
            "unknown run",
            arguments: ["resume", "nothing"],
            says: """
                error: no run 'nothing' in results; name a run by its path, its id, a unique prefix of its id, or 'last'
                (there are no runs there; choose another folder with --results)
                """),
        WrongSpec(
            "unknown run in a folder",
            arguments: ["evaluate", "nothing/last"],
            says: """
                error: no run 'nothing/last' in results; name a run by its path, its id, a unique prefix of its id, or 'last'
                (there are no runs there; choose another folder with --results)
                """),
        WrongSpec(
            "unknown checkpoint form",
            arguments: ["evaluate", "a@b@c"],
            says: """
                error: 'a@b@c' is not of the form run[@step]
                """),
        WrongSpec(
            "no number",
            arguments: ["generate", "last", "--tokens", "many"],
            says: """
                Error: The value 'many' is invalid for '--tokens <tokens>'
                Help:  --tokens <tokens>  Tokens to generate.
                Usage: lathe generate <run[@step]> [--results <dir>] [--threads <threads>] [--prompt <prompt>] [--tokens <tokens>] [--temperature <temperature>] \
                [--top-k <top-k>] [--top-p <top-p>] [--seed <seed>]
                  See 'lathe generate --help' for more information.
                """),
        WrongSpec(
            "a negative number",
            arguments: ["generate", "last", "--tokens=-1"],
            says: """
                Error: --tokens -1: must be at least 0
                Usage: lathe generate <run[@step]> [--results <dir>] [--threads <threads>] [--prompt <prompt>] [--tokens <tokens>] [--temperature <temperature>] \
                [--top-k <top-k>] [--top-p <top-p>] [--seed <seed>]
                  See 'lathe generate --help' for more information.
                """),
        WrongSpec(
            "temperature below zero",
            arguments: ["generate", "last", "--temperature=-0.5"],
            says: """
                Error: --temperature -0.5: must be at least 0
                Usage: lathe generate <run[@step]> [--results <dir>] [--threads <threads>] [--prompt <prompt>] [--tokens <tokens>] [--temperature <temperature>] \
                [--top-k <top-k>] [--top-p <top-p>] [--seed <seed>]
                  See 'lathe generate --help' for more information.
                """),
        WrongSpec(
            "a share of more than all",
            arguments: ["generate", "last", "--top-p", "1.5"],
            says: """
                Error: --top-p 1.5: must be above 0 and at most 1
                Usage: lathe generate <run[@step]> [--results <dir>] [--threads <threads>] [--prompt <prompt>] [--tokens <tokens>] [--temperature <temperature>] \
                [--top-k <top-k>] [--top-p <top-p>] [--seed <seed>]
                  See 'lathe generate --help' for more information.
                """),
        WrongSpec(
            "no thread",
            arguments: ["evaluate", "last", "--threads", "0"],
            says: """
                error: --threads 0: must be at least 1 and at most 1024
                """),
        WrongSpec(
            "unknown split",
            arguments: ["evaluate", "last", "--split", "all"],
            says: """
                Error: The value 'all' is invalid for '--split <split>'. Please provide one of 'train', 'validation' or 'test'.
                Help:  --split <split>  The split: train (as many bytes as validation has), validation or test.
                Usage: lathe evaluate <run[@step]> [--results <dir>] [--threads <threads>] [--split <split>] [--set <key=path> ...] [--json]
                  See 'lathe evaluate --help' for more information.
                """),
        WrongSpec(
            "unknown component",
            arguments: ["components", "adamx"],
            says: """
                error: no kind, component or section is named 'adamx'; did you mean 'adam'?
                  = kinds: source, cleaning, tokenizer, loader, model, optimizer, schedule, clipping, stopping, sink, strategy, launcher; sections: experiment, data, data.split, training, validation, checkpoints, samples, compute, sweep, objective, range
                """),
        WrongSpec(
            "no run to compare",
            arguments: ["compare"],
            says: """
                error: no runs in results; start one with 'lathe run SPEC'
                """),
        WrongSpec(
            "nothing of that name to compare",
            arguments: ["compare", "nothing"],
            says: """
                error: 'nothing' is not a run, sweep, experiment or folder of runs in results
                  (there are no runs there; choose another folder with --results)
                """),
        WrongSpec(
            "a condition without a comparison",
            arguments: ["compare", "--where", "model.type"],
            says: """
                Error: --where 'model.type' is not a condition; write KEY=VALUE, or with !=, <, <=, > or >= between them
                Usage: lathe compare [<options>] [<runs> ...]
                  See 'lathe compare --help' for more information.
                """),
        WrongSpec(
            "an order of nothing",
            arguments: ["runs", "--descending"],
            says: """
                Error: --descending needs --sort
                Usage: lathe runs [--results <dir>] [--where <condition> ...] [--sort <key>] [--descending] [--columns <keys>] [--json] [--csv]
                  See 'lathe runs --help' for more information.
                """),
        WrongSpec(
            "an empty column",
            arguments: ["runs", "--columns", "id,,seed"],
            says: """
                Error: --columns 'id,,seed' names an empty key
                Usage: lathe runs [--results <dir>] [--where <condition> ...] [--sort <key>] [--descending] [--columns <keys>] [--json] [--csv]
                  See 'lathe runs --help' for more information.
                """),
        WrongSpec(
            "an axis that is none",
            arguments: ["compare", "--align", "epochs"],
            says: """
                Error: The value 'epochs' is invalid for '--align <axis>': must be one of step, tokens, bytes, flops, seconds
                Help:  --align <axis>  Compare at equal cost (step, tokens, bytes, flops or seconds), as far as all runs got.
                Usage: lathe compare [<options>] [<runs> ...]
                  See 'lathe compare --help' for more information.
                """),
        WrongSpec(
            "the best step at equal cost",
            arguments: ["compare", "--best", "--align", "step"],
            says: """
                Error: --best and --align cannot be combined
                Usage: lathe compare [<options>] [<runs> ...]
                  See 'lathe compare --help' for more information.
                """),
        WrongSpec(
            "diff without a second run",
            arguments: ["diff", "a"],
            says: """
                Error: Missing expected argument '<second>'
                Help:  <second>  Another run.
                Usage: lathe diff <first> <second> [--results <dir>] [--json]
                  See 'lathe diff --help' for more information.
                """),
        WrongSpec(
            "one argument too many",
            arguments: ["schema", "x.yaml"],
            says: """
                Error: Unexpected argument 'x.yaml'
                Usage: lathe schema [--sweep] [--markdown]
                  See 'lathe schema --help' for more information.
                """),
    ]
}
