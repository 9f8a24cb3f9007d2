import ArgumentParser
import LatheComponents
import LatheData
import LatheReports
import LatheResults
import LatheSpec
import LatheSystem

struct Prepare: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write an experiment's token files and data card, or reuse them if they exist.",
        discussion: """
            Memory use does not grow with the text, all cores encode, and interrupted work resumes.
              lathe prepare gpt2.yaml                                         into the cache, where runs look for them
              lathe prepare gpt2.yaml --format nanogpt --output data/mine     train.bin and val.bin for nanoGPT
              lathe prepare gpt2.yaml --format llmc --output data/mine        for llm.c
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case nanogpt, llmc
    }

    @OptionGroup var spec: SpecOptions
    @Option(help: ArgumentHelp("Also write token files for another program: nanogpt or llmc.", valueName: "format"))
    var format: Format?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder for these files and the data card.", valueName: "dir"))
    var output: String?
    @Flag(help: "Print the data card as JSON.")
    var json = false
    @Flag(name: .shortAndLong, help: "Do not show progress.")
    var quiet = false

    func validate() throws {
        if format != nil, output == nil { throw ValidationError("--format needs --output, the folder to write to") }
        if let output, output.isEmpty { throw ValidationError("--output is empty; name a folder such as '.'") }
    }

    func run(_ registry: Registry) throws {
        let loaded = try LoadedExperiment(spec.path, overrides: spec.overrides, registry: registry)
        let data = try loaded.prepareText(isQuiet: quiet)
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
                "\(NumberText.percent(share)) of the validation text's sequences of \(leakage.words) words also "
                + "occur in the training text\n"
        }
        return text + "\((output ?? data.folder) + "/" + DataCard.markdownName)\n"
    }
}
