import ArgumentParser
import LatheComponents
import LatheData
import LatheReports
import LatheResults
import LatheSpec

/// `lathe prepare`
struct Prepare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make an experiment's token files and their data card, or say that they are there already.",
        discussion: """
            Memory does not grow with the text, all cores encode, and what was interrupted is gone on with.
              lathe prepare gpt2.yaml                                         into the cache, where runs look for them
              lathe prepare gpt2.yaml --format nanogpt --output data/mine     train.bin and val.bin for nanoGPT
              lathe prepare gpt2.yaml --format llmc --output data/mine        for llm.c
            """)

    /// Whose files to write.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case nanogpt, llmc
    }

    @OptionGroup var spec: SpecOptions
    @Option(help: ArgumentHelp("Write token files of another program too: nanogpt or llmc.", valueName: "format"))
    var format: Format?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder for files of that format, and for the data card.", valueName: "dir"))
    var output: String?
    @Flag(help: "Print the data card as JSON.")
    var json = false
    @Flag(name: .shortAndLong, help: "No progress.")
    var quiet = false

    func validate() throws {
        if format != nil, output == nil { throw ValidationError("--format needs --output, the folder to write to") }
        if let output, output.isEmpty { throw ValidationError("--output is empty; name a folder, '.' say") }
    }

    func run() throws {
        let bench = try Workbench(spec.path, overrides: spec.overrides, registry: try .installed())
        let data = try bench.prepareText(isQuiet: quiet)
        if let output {
            let display = PreparationDisplay(isQuiet: quiet)
            defer { display.clear() }
            try TokenExport(data, format: format.flatMap { .init(rawValue: $0.rawValue) }).write(to: output) {
                display.show($0)
            }
        }
        if json { Console.output(data.card.json) } else { Console.output(report(data)) }
    }

    private func report(_ data: PreparedData) -> String {
        var table = Table(columns: [
            .init("split", alignment: .left), .init("documents"), .init("bytes"), .init("tokens"),
            .init("bytes_per_token", title: "bytes/token"), .init("ids_used", title: "ids used"),
        ])
        for split in data.card.splits {
            table.append([
                .text(split.name), .init(.integer(split.documents), text: NumberText.grouped(split.documents)),
                .init(.integer(split.bytes), text: NumberText.grouped(split.bytes)),
                .init(.integer(split.tokens), text: NumberText.grouped(split.tokens)),
                .number(split.bytesPerToken) { NumberText.decimals($0, 3) },
                .init(.integer(split.idsUsed), text: NumberText.grouped(split.idsUsed)),
            ])
        }
        var text = table.text()
        if let leakage = data.card.leakage, leakage.sampledRuns > 0 {
            let share = Double(leakage.sharedRuns) / Double(leakage.sampledRuns)
            text +=
                "\(NumberText.percent(share)) of the validation text's runs of \(leakage.words) words are in the training text too\n"
        }
        return text + "\((output ?? data.folder) + "/" + DataCard.markdownName)\n"
    }
}
