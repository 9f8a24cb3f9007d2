import LatheComponents
import LatheSpec
import LatheSweeps

/// docs/spec.md and docs/sweeps.md.
enum SpecPages {
    static func experiments(_ registry: Registry) -> String {
        experimentText + EnvironmentVariable.markdown + "\n"
            + reference(registry, SpecSection.experiment) { !sweepKinds.contains($0) }
    }

    static func sweeps(_ registry: Registry) -> String {
        sweepText + reference(registry, SpecSection.sweep) { sweepKinds.contains($0) }
    }

    private static let sweepKinds: Set<String> = [
        Kind<any SearchStrategy>.strategy.name, Kind<any Launcher>.launcher.name,
    ]

    private static func reference(
        _ registry: Registry, _ sections: [SpecSection], _ isShown: (String) -> Bool
    ) -> String {
        MarkdownReference(Catalogue(registry, sections: sections).filtered(isShown)).text
    }

    private static let experimentText = """
        # Experiments

        Every key of an experiment's YAML, with its type, range and default. `make docs` writes this page from the
        declarations in the source; `lathe components NAME` prints a part of it, `lathe init` writes a spec to start
        from.

        - A key that is left out has its default. Unknown keys, wrong types and values out of range are errors, all
          reported at once.
        - A component is a mapping with `type` and its own keys, or its bare name:
          `optimizer: {type: sgd, momentum: 0.9}`, `loader: sequential`.
        - `extends: base.yaml`, or a list of files, merges this file into others, key by key. A changed `type` replaces
          the whole component.
        - On the command line, `key.path=value` sets a key, `~key.path` drops one, and lists and mappings are written
          as in YAML: `'optimizer.betas=[0.9, 0.99]'`, `'model={type: lstm}'`. In a file, keys are nested instead.
        - A relative path in a file is relative to the file's folder; on the command line, to the working directory.
          `~/` is the home folder.
        - Numbers may be written `1e-3`, `1_000` or `0x10`; a whole number stays whole in any notation: `1e3`.

        ## Environment variables


        """

    private static let sweepText = """
        # Sweeps

        Every key of a sweep's YAML, with its type, range and default. `make docs` writes this page from the
        declarations in the source; `lathe init --sweep` writes a sweep to start from.

        ```yaml
        base: experiment.yaml
        set: {training.steps: 200}                  # for all trials
        variants:                                   # named sets of changes
          transformer: {}
          lstm: {model: {type: lstm}, loader: contiguous_streams}
        parameters:                                 # every combination, and with every variant
          optimizer.learning_rate: [1e-3, 3e-3]     # a list,
          model.dropout: {from: 0, to: 0.4, count: 3}   # or a range
        exclude: [{variant: lstm, model.dropout: 0}]
        repeat: 3                                   # seeds: seed, seed + 1, seed + 2
        ```

        Keys under `set`, `variants` and `parameters` are an experiment's, with dots, as on the command line;
        [spec.md](spec.md) lists them. `lathe sweep plan` shows the trials and what they cost; `lathe sweep run` runs
        those that are missing. `lathe sweep run sweep.yaml launcher.workers=2` overrides a key of the sweep itself.
        `lathe run experiment.yaml optimizer.learning_rate=1e-3,3e-3 --multirun` is a sweep without a file.


        """
}
