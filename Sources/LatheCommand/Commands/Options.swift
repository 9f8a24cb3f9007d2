import ArgumentParser
import LatheResults

struct ResultsOptions: ParsableArguments {
    @Option(name: .customLong("results"), help: ArgumentHelp("The folder of runs.", valueName: "dir"))
    var path = "results"

    var folder: ResultsFolder { ResultsFolder(path: path) }

    func validate() throws {
        guard !path.isEmpty else { throw ValidationError("--results is empty; name a folder such as '.'") }
    }
}

struct MovedFiles: ParsableArguments {
    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp(
            "Where a file of the run is now: 'data.source.path=input.txt'; may be repeated. Its contents must be "
                + "the same.",
            valueName: "key=path"))
    var overrides: [String] = []
}

struct SpecOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The experiment's YAML file.", valueName: "spec"),
        completion: .file(extensions: ["yaml", "yml"]))
    var path: String
    @Argument(
        help: ArgumentHelp(
            "Overrides: 'optimizer.learning_rate=3e-4', 'model={type: lstm}', '~clipping' (removes a key).",
            valueName: "key=value"))
    var overrides: [String] = []
}
