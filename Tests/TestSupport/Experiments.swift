import LatheBuiltins
package import LatheComponents
import LatheSpec

/// The registry of the command.
package let builtins = Result { try Registry(Builtins.plugins) }

/// An experiment with the built-in components, from some of its keys as YAML.
package func experiment(_ keys: String) throws -> ExperimentSpec {
    var text = keys + "\n"
    if !keys.contains("training:") { text += "training: {steps: 1}\n" }
    if !keys.contains("model:") { text += "model: {type: lstm}\n" }
    return try SpecLoader(ExperimentSpec.self, lookup: try builtins.get()).load(
        SourceText(text, name: "experiment.yaml")
    ).get()
}

/// An architecture from its `type` and knobs, as YAML without braces.
package func architecture(_ knobs: String) throws -> any Architecture {
    try experiment("model: {type: \(knobs)}").model.make()
}
