import LatheSpec
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
                error: no kind and no component is named 'adanw'; did you mean 'adamw'?
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
