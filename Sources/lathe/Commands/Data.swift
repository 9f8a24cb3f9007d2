import ArgumentParser
import LatheComponents
import LatheData
import LatheReports
import LatheResults
import LatheSpec
import LatheTraining

/// `lathe prepare`
struct Prepare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make an experiment's token files, or say that they are there already.")

    @OptionGroup var spec: SpecOptions

    func run() throws {
        let bench = try Workbench(spec.path, overrides: spec.overrides, registry: try .installed())
        let data = try bench.prepare(isQuiet: false)
        print(
            "\(NumberText.grouped(data.training.count)) tokens to train on, \(NumberText.grouped(data.validation.count)) to validate on, "
                + "\(NumberText.grouped(data.vocabulary.size)) ids")
    }
}
