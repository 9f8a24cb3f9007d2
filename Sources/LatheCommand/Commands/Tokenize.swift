import ArgumentParser
import LatheComponents
import LatheData
import LatheKernels
import LatheReports
import LatheResults
import LatheSpec
import LatheSystem
import LatheTraining

struct Tokenize: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Encode text with a run's or an experiment's tokenizer, decode ids, or compare tokenizers.",
        discussion: """
            The text is read from a file, or from standard input with '-'. Ids are separated by white space.
              lathe tokenize last text.txt --pieces                               token boundaries
              lathe tokenize gpt2.yaml text.txt --statistics --with quickstart-lstm/last    two tokenizers side by side
            """)

    @Argument(help: ArgumentHelp("A run, or an experiment's YAML file.", valueName: "run|spec"))
    var source: String
    @Argument(help: "The text, or with --decode the ids; '-' for standard input.")
    var file = "-"
    @Flag(help: "Decode ids into text, byte for byte.")
    var decode = false
    @Flag(help: "Show token boundaries, by colour on a terminal and by bars elsewhere.")
    var pieces = false
    @Flag(help: "Show tokens, bytes per token, vocabulary used and speed, one row per tokenizer.")
    var statistics = false
    @Option(
        name: .customLong("with"), parsing: .singleValue,
        help: ArgumentHelp("Another tokenizer for --statistics; may be repeated.", valueName: "run|spec"))
    var others: [String] = []
    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp(
            "An override for the experiments: 'tokenizer.path=vocab.bpe'; may be repeated.", valueName: "key=value"))
    var overrides: [String] = []
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var results: ResultsOptions

    func validate() throws {
        guard [decode, pieces, statistics].count(where: { $0 }) <= 1 else {
            throw ValidationError("--decode, --pieces and --statistics cannot be combined")
        }
        guard others.isEmpty || statistics else { throw ValidationError("--with needs --statistics") }
    }

    func run(_ registry: Registry) throws {
        if statistics {
            let tokenizers = try ([source] + others).map { (name: $0, vocabulary: try self.vocabulary($0, registry)) }
            let input = try Console.input(file)
            let table = try TokenizerStatistics(input, place: place).table(tokenizers)
            if json { print(table.json().text(indented: true)) } else { Console.output(table.text()) }
            return
        }
        let vocabulary = try self.vocabulary(source, registry)
        let input = try Console.input(file)
        if decode {
            try printText(vocabulary, String(decoding: input, as: UTF8.self))
        } else {
            let ids = try vocabulary.ids(of: input, place: place)
            if pieces { printPieces(vocabulary, ids) } else { printIds(ids, input) }
        }
    }

    private var place: String { file == "-" ? "standard input" : file }

    private func vocabulary(_ source: String, _ registry: Registry) throws -> any Vocabulary {
        if source.hasSuffix(".yaml") || source.hasSuffix(".yml") {
            return try LoadedExperiment(source, overrides: overrides, registry: registry).prepare(isQuiet: true)
                .vocabulary
        }
        let run = try results.folder.run(source)
        return try LoadedExperiment(run, registry: registry).vocabulary(of: run)
    }

    private func printIds(_ ids: [UInt32], _ input: [UInt8]) {
        if json {
            print(
                JSONValue.object([
                    .init("tokens", .integer(ids.count)), .init("bytes", .integer(input.count)),
                    .init("ids", .array(ids.map { .integer(Int($0)) })),
                ]).text())
        } else {
            print(ids.map(String.init).joined(separator: " "))
        }
    }

    private func printPieces(_ vocabulary: any Vocabulary, _ ids: [UInt32]) {
        let texts = ids.map { vocabulary.text(of: Int($0)) }
        if json {
            print(
                JSONValue.array(
                    zip(ids, texts).map { .object([.init("id", .integer(Int($0))), .init("text", .string($1))]) }
                ).text())
            return
        }
        // Cycle through six background colours so that neighbours differ.
        let colours = [44, 42, 45, 43, 46, 41]
        var line = ""
        for (index, text) in texts.enumerated() {
            let shown = text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { TextWidth.printable(String($0)) }.joined(separator: "⏎")
            if Console.showsColours {
                line += "\u{1B}[30;\(colours[index % colours.count])m\(shown)\u{1B}[0m"
            } else {
                line += (line.isEmpty || line.hasSuffix("\n") ? "" : "|") + shown
            }
            if text.hasSuffix("\n") { line += "\n" }
        }
        Console.output(line.hasSuffix("\n") ? line : line + "\n")
    }

    private func printText(_ vocabulary: any Vocabulary, _ input: String) throws {
        var bytes: [UInt8] = []
        for (index, word) in input.split(whereSeparator: { $0.isWhitespace || $0 == "," || $0 == "[" || $0 == "]" })
            .enumerated()
        {
            guard let id = Int(word), id >= 0, id < vocabulary.size else {
                throw DataError(
                    place,
                    "word \(index + 1), '\(TextWidth.printable(String(word.prefix(40))))', is not an id from 0 to "
                        + "\(vocabulary.size - 1)"
                )
            }
            vocabulary.decode(id, into: &bytes)
        }
        if json {
            print(JSONValue.object([.init("text", .string(String(decoding: bytes, as: UTF8.self)))]).text())
        } else {
            Console.output(bytes)
        }
    }
}

extension Vocabulary {
    /// - Throws: `DataError` that names `place`.
    fileprivate func ids(of input: [UInt8], place: String) throws -> [UInt32] {
        guard acceptsAnyBytes || String(validating: input, as: UTF8.self) != nil else {
            throw DataError(place, "is not UTF-8; convert it, for example with iconv")
        }
        var encoded = EncodedText(keepsOrigins: false)
        do { try input.withUnsafeBufferPointer { try encode($0, into: &encoded) } } catch let error as DataError {
            throw DataError(place, byteOffset: error.byteOffset, error.message)
        }
        return encoded.ids
    }

    /// A token as text; bytes that do not form whole characters are shown in hexadecimal.
    fileprivate func text(of id: Int) -> String {
        var bytes: [UInt8] = []
        decode(id, into: &bytes)
        return String(validating: bytes, as: UTF8.self)
            ?? bytes.map { "‹" + ($0 < 16 ? "0" : "") + String($0, radix: 16) + "›" }.joined()
    }
}

private struct TokenizerStatistics {
    private let text: [UInt8]
    private let place: String
    private let characters: Int

    init(_ text: [UInt8], place: String) {
        self.text = text
        self.place = place
        characters = text.count { $0 & 0xc0 != 0x80 }
    }

    func table(_ tokenizers: [(name: String, vocabulary: any Vocabulary)]) throws -> Table {
        let threads = Cores.count
        var table = Table(columns: [
            .init("tokenizer", alignment: .left), .init("vocabulary"), .init("tokens"),
            .init("bytes_per_token", title: "bytes/token"), .init("characters_per_token", title: "characters/token"),
            .init("ids_used", title: "ids used"), .init("megabytes_per_second", title: "MB/s"),
            .init("megabytes_per_second_threads", title: "MB/s, \(threads) threads"),
        ])
        for (name, vocabulary) in tokenizers {
            let ids = try vocabulary.ids(of: text, place: place)
            let count = max(1, ids.count)
            let one = try rate(vocabulary, threads: 1), all = try rate(vocabulary, threads: threads)
            let used = Set(ids).count
            table.append([
                .text(name), .init(.integer(vocabulary.size), text: NumberText.grouped(vocabulary.size)),
                .init(.integer(ids.count), text: NumberText.grouped(ids.count)),
                .number(Double(text.count) / Double(count)) { NumberText.decimals($0, 3) },
                .number(Double(characters) / Double(count)) { NumberText.decimals($0, 3) },
                .init(.integer(used), text: NumberText.grouped(used)),
                .number(one) { NumberText.decimals($0, 1) }, .number(all) { NumberText.decimals($0, 1) },
            ])
        }
        return table
    }

    /// Megabytes per second: the best of at least five encodings within half a second. Noise from other programs only
    /// slows it down, so the best is the most accurate.
    private func rate(_ vocabulary: any Vocabulary, threads: Int) throws -> Double {
        let encoding = ConcurrentEncoding(vocabulary: vocabulary, threads: threads)
        var best = Double.infinity
        var rounds = 0
        let begin = MonotonicClock.seconds
        while rounds < 5 || MonotonicClock.seconds - begin < 0.5 {
            rounds += 1
            let start = MonotonicClock.seconds
            _ = try text.withUnsafeBufferPointer { try encoding.encode($0, keepsOrigins: false) }
            best = min(best, MonotonicClock.seconds - start)
        }
        return Double(text.count) / 1e6 / best
    }
}
