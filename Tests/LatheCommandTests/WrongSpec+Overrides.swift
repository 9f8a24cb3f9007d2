extension WrongSpec {
    static let overrides: [WrongSpec] = [
        WrongSpec(
            "misspelt override",
            arguments: ["run", "x.yaml", "model.widht=5"],
            says: """
                command line: model.widht=5: error: unknown key 'widht' in model 'transformer'; did you mean 'width'?
                      | model.widht=5
                      |       ^
                """),
        WrongSpec(
            "no override",
            arguments: ["run", "x.yaml", "model.width"],
            says: """
                command line: model.width: error: expected key.path=value, or ~key.path to drop a key
                      | model.width
                      | ^
                      = did you mean model.width=…?
                """),
        WrongSpec(
            "override of a list item",
            arguments: ["run", "x.yaml", "optimizer.betas.5=0.5"],
            says: """
                command line: optimizer.betas.5=0.5: error: '5' is not an item of 'optimizer.betas', which has items \
                0 to 1
                      | optimizer.betas.5=0.5
                      |                 ^
                      = to add an item, set the whole list
                """),
        WrongSpec(
            "override without a value",
            arguments: ["run", "x.yaml", "training.steps="],
            says: """
                command line: training.steps=: error: training needs a length: one of steps, epochs and tokens
                      | training.steps=
                      |                ^
                """),
        WrongSpec(
            "override of broken YAML",
            arguments: ["run", "x.yaml", "model={type: lstm"],
            says: """
                command line: model={type: lstm: error: this '{' is not closed, or a ',' is missing after an item
                      | model={type: lstm
                      |       ^
                      = noticed on line 2
                """),
        WrongSpec(
            "override within a scalar",
            arguments: ["run", "x.yaml", "name.first=x"],
            says: """
                command line: name.first=x: error: 'name' is 'x', which has no keys
                      | name.first=x
                      |      ^
                """),
        WrongSpec(
            "nothing to drop",
            arguments: ["run", "x.yaml", "~stoping"],
            says: """
                command line: ~stoping: error: there is no key 'stoping' in the spec to drop
                      | ~stoping
                      |  ^
                      = keys present: name, data, model, training
                """),
        WrongSpec(
            "drops what is required",
            arguments: ["run", "x.yaml", "~model"],
            says: """
                command line: ~model: error: missing key 'model' in the spec: The architecture.
                      | ~model
                      |  ^
                      = known: lstm, transformer
                """),
        WrongSpec(
            "two overrides of one key",
            arguments: ["run", "x.yaml", "training.steps=6", "training.steps=7x"],
            says: """
                command line: training.steps=7x: error: 'training.steps' is set twice, also by 'training.steps=6'
                      | training.steps=7x
                      | ^
                """),
    ]
}
