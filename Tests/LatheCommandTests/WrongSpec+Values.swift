extension WrongSpec {
    static let values: [WrongSpec] = [
        WrongSpec(
            "misspelt key",
            text: spec(rest: "optimizer: {type: adamw, lerning_rate: 3e-4}\n"),
            says: """
                x.yaml:5:26: error: unknown key 'lerning_rate' in optimizer 'adamw'; did you mean 'learning_rate'?
                    5 | optimizer: {type: adamw, lerning_rate: 3e-4}
                      |                          ^
                """),
        WrongSpec(
            "misspelt key of the spec",
            text: spec(rest: "tokeniser: byte\n"),
            says: """
                x.yaml:5:1: error: unknown key 'tokeniser' in the spec; did you mean 'tokenizer'?
                    5 | tokeniser: byte
                      | ^
                """),
        WrongSpec(
            "wrong type",
            text: spec(training: "training: {steps: many, context: 8, batch_size: 4}"),
            says: """
                x.yaml:4:19: error: 'training.steps': found 'many', expected a whole number
                    4 | training: {steps: many, context: 8, batch_size: 4}
                      |                   ^
                """),
        WrongSpec(
            "a list for a number",
            text: spec(training: "training: {steps: 5, context: [8], batch_size: 4}"),
            says: """
                x.yaml:4:31: error: 'training.context': found a list, expected a whole number
                    4 | training: {steps: 5, context: [8], batch_size: 4}
                      |                               ^
                """),
        WrongSpec(
            "a mapping for text",
            text: spec(name: "name: {a: b}"),
            says: """
                x.yaml:1:7: error: 'name': found a mapping, expected text
                    1 | name: {a: b}
                      |       ^
                """),
        WrongSpec(
            "out of range",
            text: spec(model: "model: {type: transformer, layers: 1, heads: 2, width: 16, dropout: 1.5}"),
            says: """
                x.yaml:3:69: error: 'dropout' in model 'transformer': found 1.5, must be at least 0 and below 1
                    3 | model: {type: transformer, layers: 1, heads: 2, width: 16, dropout: 1.5}
                      |                                                                     ^
                """),
        WrongSpec(
            "beyond a whole number",
            text: spec(rest: "seed: 18446744073709551616\n"),
            says: """
                x.yaml:5:7: error: 'seed': found '18446744073709551616', expected a whole number; it must be between 0 and 18446744073709551615
                    5 | seed: 18446744073709551616
                      |       ^
                """),
        WrongSpec(
            "unknown component",
            text: spec(rest: "optimizer: adamm\n"),
            says: """
                x.yaml:5:12: error: unknown optimizer 'adamm'; did you mean 'adam'?
                    5 | optimizer: adamm
                      |            ^
                      = known: adam, adamw, sgd
                """),
        WrongSpec(
            "unknown model",
            text: spec(model: "model: {type: mamba, layers: 1}"),
            says: """
                x.yaml:3:15: error: unknown model 'mamba'
                    3 | model: {type: mamba, layers: 1}
                      |               ^
                      = known: lstm, transformer
                """),
        WrongSpec(
            "missing required key",
            text: spec(model: ""),
            says: """
                x.yaml:1:1: error: missing key 'model' in the spec: The architecture.
                    1 | name: x
                      | ^
                      = known: lstm, transformer
                """),
        WrongSpec(
            "missing key of a component",
            text: spec(data: "data: {source: text}"),
            says: """
                x.yaml:2:16: error: missing key 'path' in source 'text': A UTF-8 text file (may be gzipped), a folder, a pattern such as corpus/**/*.txt, or a list of them.
                    2 | data: {source: text}
                      |                ^
                """),
        WrongSpec(
            "two errors at once",
            text: spec(rest: "optimizer: {type: adamw, betas: [0.9], epsilon: 0}\n"),
            says: """
                x.yaml:5:33: error: 'betas' in optimizer 'adamw': found 1 item, must be exactly 2
                    5 | optimizer: {type: adamw, betas: [0.9], epsilon: 0}
                      |                                 ^
                x.yaml:5:49: error: 'epsilon' in optimizer 'adamw': found 0, must be above 0
                    5 | optimizer: {type: adamw, betas: [0.9], epsilon: 0}
                      |                                                 ^
                """),
        WrongSpec(
            "errors in several places",
            text: spec(
                model: "model: {type: transformer, layers: 0, heads: 3, width: 16}",
                training: "training: {steps: 5, context: 8, batch_size: 4, micro_batch_size: 3}",
                rest: "schedule: {type: cosine, warmup: 3}\n"),
            says: """
                x.yaml:3:36: error: 'layers' in model 'transformer': found 0, must be at least 1 and at most 1024
                    3 | model: {type: transformer, layers: 0, heads: 3, width: 16}
                      |                                    ^
                x.yaml:4:67: error: micro_batch_size 3 does not divide batch_size 4; use 2
                    4 | training: {steps: 5, context: 8, batch_size: 4, micro_batch_size: 3}
                      |                                                                   ^
                x.yaml:5:26: error: unknown key 'warmup' in schedule 'cosine'; did you mean 'warmup_steps'?
                    5 | schedule: {type: cosine, warmup: 3}
                      |                          ^
                """),
        WrongSpec(
            "wrong choice",
            text: spec(rest: "compute: {precision: fp64}\n"),
            says: """
                x.yaml:5:22: error: 'compute.precision': found 'fp64', expected one of fp32, bf16, bf16_if_available
                    5 | compute: {precision: fp64}
                      |                      ^
                """),
        WrongSpec(
            "no list",
            text: spec(rest: "sinks: csv\n"),
            says: """
                x.yaml:5:8: error: 'sinks': found 'csv', expected a list; write [a, b]
                    5 | sinks: csv
                      |        ^
                """),
    ]
}
