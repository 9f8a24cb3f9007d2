import LatheSpec
import TestSupport
import Testing

@Suite struct DescriptionTests {
    @Test func overview() throws {
        expectText(
            Catalogue(Bench()).overview,
            """
            optimizer: Updates the parameters.
              adamw        The adamw optimizer.
              sgd          The sgd optimizer.

            schedule
              constant     The constant schedule.
              cosine       The cosine schedule.

            model
              lstm         The lstm model.
              transformer  The transformer model.

            cleaning step (data.cleaning)
              lowercase    The lowercase cleaning step.
              whitespace   The whitespace cleaning step.

            data source (data.source)
              text         The text data source.

            """)
    }

    @Test func details() throws {
        expectText(
            try Catalogue(Bench()).named("adamw").details,
            """
            optimizer: Updates the parameters.

              adamw  The adamw optimizer.
                learning_rate  number (0, 10]                    0.001         Step size.
                betas          list of number [0, 1), count = 2  [0.9, 0.999]  Decay of the moments.
                weight_decay   number ≥ 0                        0.01          Pull towards zero.
                maximum_norm   number > 0 or null                null          Largest norm; null for none.

            """)
        expectText(
            try Catalogue(Bench()).named("data.source").details,
            """
            data source (data.source)

              text  The text data source.
                path   path, or list of path  required       The file or files.
                limit  integer ≥ 0            1099511627776  Bytes to read.

            """)
    }

    @Test func unknownName() {
        do {
            _ = try Catalogue(Bench()).named("adanw")
            Issue.record("found")
        } catch {
            expectText(
                error.description,
                """
                error: no kind, component or section is named 'adanw'; did you mean 'adamw'?
                  = kinds: optimizer, schedule, model, cleaning step, data source
                """)
        }
    }

    @Test func asData() throws {
        let node = try Catalogue(Bench()).named("sgd").node
        expectText(
            node.json(),
            """
            [
              {
                "kind": "optimizer",
                "place": "optimizer",
                "summary": "Updates the parameters.",
                "components": [
                  {
                    "name": "sgd",
                    "summary": "The sgd optimizer.",
                    "revision": 2,
                    "module": "Bench",
                    "knobs": [
                      {
                        "key": "learning_rate",
                        "type": "number > 0",
                        "required": false,
                        "default": 0.1,
                        "help": "Step size."
                      },
                      {
                        "key": "momentum",
                        "type": "number [0, 1)",
                        "required": false,
                        "default": 0.0,
                        "help": "Share of the last step that is kept."
                      }
                    ]
                  }
                ]
              }
            ]
            """)
    }
}

@Suite struct CommentedYAMLTests {
    @Test func startingSpec() throws {
        let node = try #require(load(valid, "data.cleaning=[lowercase]").node)
        let text = node.commentedYAML(of: Experiment.self, lookup: Bench())
        expectText(
            text,
            """
            name: gpt                         # The experiment's name.
            seed: 1337                        # What randomness starts from. (integer ≥ 0)
            data:                             # The text.
              source:                         # Where documents come from.
                type: text                    # The text data source.
                path: input.txt               # The file or files. (path, or list of path)
              cleaning: [lowercase]           # What is done to documents, in order. (list of cleaning step)
              split:                          # How documents are divided.
                train: 0.9                    # Share for training. (number (0, 1])
                validation: 0.1               # Share for validation. (number [0, 1))
            model:                            # The model.
              type: transformer               # The transformer model. Or: lstm.
              layers: 4                       # Blocks. (integer [1, 128])
              heads: 4                        # Heads of each block. (integer ≥ 1)
              width: 128                      # Width of the residual stream. (integer [1, 16384])
            optimizer:                        # How parameters are updated.
              type: adamw                     # The adamw optimizer. Or: sgd.
              learning_rate: 1e-3             # Step size. (number (0, 10])
              betas: [0.9, 0.99]              # Decay of the moments. (list of number [0, 1), count = 2)
            schedule: cosine                  # How the step size changes. (schedule or null)
            compute:                          # Where it runs.
              threads: auto                   # Threads. (auto or integer [1, 1024])

            """)
        #expect(load(text).spec?.resolved == load(valid, "data.cleaning=[lowercase]").spec?.resolved)
    }
}
