import ArgumentParser
import LatheResults

/// Where runs are.
struct ResultsOptions: ParsableArguments {
    @Option(name: .customLong("results"), help: ArgumentHelp("The folder of runs.", valueName: "dir"))
    var path = "results"

    var folder: ResultsFolder { ResultsFolder(path: path) }

    func validate() throws {
        guard !path.isEmpty else { throw ValidationError("--results is empty; name a folder, '.' say") }
    }
}

/// A spec and changes to it.
struct SpecOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The experiment, a YAML file.", valueName: "spec"),
        completion: .file(extensions: ["yaml", "yml"]))
    var path: String
    @Argument(
        help: ArgumentHelp(
            "Changes on top: 'optimizer.learning_rate=3e-4', 'model={type: lstm}', '~clipping' (drops a key).",
            valueName: "key=value"))
    var overrides: [String] = []
}
