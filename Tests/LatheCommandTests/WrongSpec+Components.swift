extension WrongSpec {
    /// Values that are valid alone but not together.
    static let components: [WrongSpec] = [
        WrongSpec(
            "width not divisible by heads",
            text: spec(model: "model: {type: transformer, layers: 1, heads: 3, width: 16}"),
            says: """
                x.yaml:3:56: error: width 16 is not divisible by 3 heads; use 2 heads or a width of 18
                    3 | model: {type: transformer, layers: 1, heads: 3, width: 16}
                      |                                                        ^
                """),
        WrongSpec(
            "carried state with windows at random",
            text: spec(model: "model: {type: lstm, embedding_size: 8, hidden_size: 8, layers: 1, state: carry}"),
            says: """
                x.yaml:3:74: error: lstm carries its state from batch to batch, but the rows of loader 'random_windows' with batch_size 4 do not continue one \
                another; use loader 'contiguous_streams', or state: reset
                    3 | model: {type: lstm, embedding_size: 8, hidden_size: 8, layers: 1, state: carry}
                      |                                                                          ^
                """),
        WrongSpec(
            "carried state with sequential windows",
            text: spec(
                model: "model: {type: lstm, embedding_size: 8, hidden_size: 8, layers: 1, state: carry}",
                rest: "loader: sequential\n"),
            says: """
                x.yaml:3:74: error: lstm carries its state from batch to batch, but the rows of loader 'sequential' with batch_size 4 do not continue one another; \
                use loader 'contiguous_streams', or state: reset
                    3 | model: {type: lstm, embedding_size: 8, hidden_size: 8, layers: 1, state: carry}
                      |                                                                          ^
                """),
        WrongSpec(
            "tied embeddings of unequal sizes",
            text: spec(
                model:
                    "model: {type: lstm, embedding_size: 8, hidden_size: 9, layers: 1, state: reset, tied_embeddings: true}"
            ),
            says: """
                x.yaml:3:98: error: tied_embeddings needs embedding_size 8 and hidden_size 9 to be equal
                    3 | model: {type: lstm, embedding_size: 8, hidden_size: 9, layers: 1, state: reset, tied_embeddings: true}
                      |                                                                                                  ^
                """),
        WrongSpec(
            "betas of a wrong count",
            text: spec(rest: "optimizer: {type: adamw, betas: [0.9, 0.99, 0.999]}\n"),
            says: """
                x.yaml:5:33: error: 'betas' in optimizer 'adamw': found 3 items, must be exactly 2
                    5 | optimizer: {type: adamw, betas: [0.9, 0.99, 0.999]}
                      |                                 ^
                """),
        WrongSpec(
            "micro-batches that do not divide",
            text: spec(training: "training: {steps: 5, context: 8, batch_size: 12, micro_batch_size: 5}"),
            says: """
                x.yaml:4:68: error: micro_batch_size 5 does not divide batch_size 12; use 4
                    4 | training: {steps: 5, context: 8, batch_size: 12, micro_batch_size: 5}
                      |                                                                    ^
                """),
        WrongSpec(
            "two lengths",
            text: spec(training: "training: {steps: 5, epochs: 1, context: 8, batch_size: 4}"),
            says: """
                x.yaml:4:30: error: training has 2 lengths, steps and epochs; give one of steps, epochs and tokens
                    4 | training: {steps: 5, epochs: 1, context: 8, batch_size: 4}
                      |                              ^
                """),
        WrongSpec(
            "no length",
            text: spec(training: "training: {context: 8, batch_size: 4}"),
            says: """
                x.yaml:4:11: error: training needs a length: one of steps, epochs and tokens
                    4 | training: {context: 8, batch_size: 4}
                      |           ^
                """),
        WrongSpec(
            "a split of more than all",
            text: spec(data: "data: {source: {type: text, path: a.txt}, split: {train: 0.9, validation: 0.2}}"),
            says: """
                x.yaml:2:75: error: train 0.9, validation 0.2 and test 0.0 add up to 1.1; the sum must be at most 1
                    2 | data: {source: {type: text, path: a.txt}, split: {train: 0.9, validation: 0.2}}
                      |                                                                           ^
                """),
        WrongSpec(
            "no room for validation",
            text: spec(data: "data: {source: {type: text, path: a.txt}, split: {train: 0.9, validation: 0}}"),
            says: """
                x.yaml:2:75: error: 'data.split.validation': found 0, must be above 0 and below 1
                    2 | data: {source: {type: text, path: a.txt}, split: {train: 0.9, validation: 0}}
                      |                                                                           ^
                """),
    ]
}
