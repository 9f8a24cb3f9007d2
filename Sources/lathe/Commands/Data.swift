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

/// `lathe tokenize`
struct Tokenize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn a text into the ids of a run's or an experiment's tokenizer, or back.",
        discussion: "The text is read from a file, or from standard input with '-'. Ids are white-space separated.")

    @Argument(help: ArgumentHelp("A run, or an experiment's YAML file.", valueName: "run|spec"))
    var source: String
    @Argument(help: "The text, or with --decode the ids; '-' for standard input.")
    var file = "-"
    @Flag(help: "Turn ids back into text.")
    var decode = false
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var results: ResultsOptions

    func run() throws {
        let vocabulary = try vocabulary()
        let input = try DurableFile.read(file == "-" ? "/dev/stdin" : file)
        if decode {
            try printText(vocabulary, String(decoding: input, as: UTF8.self))
        } else {
            try printIds(vocabulary, input)
        }
    }

    /// What messages call the input.
    private var place: String { file == "-" ? "standard input" : file }

    private func vocabulary() throws -> any Vocabulary {
        let registry = try Registry.installed()
        if source.hasSuffix(".yaml") || source.hasSuffix(".yml") {
            return try Workbench(source, overrides: [], registry: registry).prepare(isQuiet: true).vocabulary
        }
        let run = try results.folder.run(source)
        return try Workbench(run.folder, registry: registry).vocabulary(of: run.folder)
    }

    private func printIds(_ vocabulary: any Vocabulary, _ input: [UInt8]) throws {
        guard String(validating: input, as: UTF8.self) != nil else {
            throw DataError(place, "is not UTF-8; convert it, with iconv say")
        }
        var encoded = EncodedText(keepsOrigins: false)
        do { try input.withUnsafeBufferPointer { try vocabulary.encode($0, into: &encoded) } } catch let error
            as DataError
        {
            throw DataError(place, byteOffset: error.byteOffset, error.message)
        }
        if json {
            print(
                JSONValue.object([
                    .init("tokens", .integer(encoded.ids.count)), .init("bytes", .integer(input.count)),
                    .init("ids", .array(encoded.ids.map { .integer(Int($0)) })),
                ]).text())
        } else {
            print(encoded.ids.map(String.init).joined(separator: " "))
        }
    }

    private func printText(_ vocabulary: any Vocabulary, _ input: String) throws {
        var bytes: [UInt8] = []
        for (index, word) in input.split(whereSeparator: { $0.isWhitespace || $0 == "," || $0 == "[" || $0 == "]" })
            .enumerated()
        {
            guard let id = Int(word), id >= 0, id < vocabulary.size else {
                throw DataError(
                    place,
                    "word \(index + 1), '\(TextWidth.printable(String(word.prefix(40))))', is no id from 0 to \(vocabulary.size - 1)"
                )
            }
            vocabulary.decode(id, into: &bytes)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if json {
            print(JSONValue.object([.init("text", .string(text))]).text())
        } else {
            Console.output(text)
        }
    }
}
