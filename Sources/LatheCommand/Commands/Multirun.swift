import LatheComponents
import LatheSpec
import LatheSweeps

/// `lathe run SPEC key=a,b --multirun`: a sweep from the command line.
struct Multirun {
    private let definition: SweepDefinition
    private let registry: Registry
    private let results: String
    private let file: String

    /// Overrides with comma-separated values become parameters; the others apply to all trials.
    ///
    /// - Throws: `Diagnostics`.
    init(_ spec: SpecOptions, results: String, registry: Registry) throws {
        self.registry = registry
        self.results = results
        var set: [Override] = [], parameters: [SweepDefinition.Parameter] = []
        var problems: [Diagnostic] = []
        for (order, text) in spec.overrides.enumerated() {
            do throws(Diagnostics) {
                let values = Self.values(of: text)
                guard values.count > 1, let equals = text.firstIndex(of: "=") else {
                    set.append(try Override(parsing: text, order: order))
                    continue
                }
                let key = text[..<equals]
                let overrides = try values.map { value throws(Diagnostics) in
                    try Override(parsing: "\(key)=\(value)", order: order)
                }
                parameters.append(
                    .init(key: String(key), mark: overrides[0].mark, values: .list(overrides.compactMap(\.value))))
            } catch {
                problems += error.list
            }
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        guard !parameters.isEmpty else {
            throw UsageError(
                "--multirun needs a key with several values, separated by commas: optimizer.learning_rate=1e-3,3e-3")
        }
        let name = spec.path.split(separator: "/").last.map(String.init) ?? "experiment"
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        file = "--multirun"
        let standard = try SweepDefaults(registry)
        definition = SweepDefinition(
            name: stem + "-multirun", base: spec.path, set: set, parameters: parameters, strategy: standard.strategy,
            launcher: standard.launcher, text: Self.yaml(stem + "-multirun", spec.path, set, parameters))
    }

    func run(isQuiet: Bool) throws {
        let sweep = try LoadedSweep(
            definition, file: file, results: results, registry: registry, again: "the same command")
        try sweep.run(SweepRunOptions.standard, isQuiet: isQuiet)
    }

    /// The values after the `=`, split at commas outside brackets and quotes.
    private static func values(of text: String) -> [Substring] {
        guard let equals = text.firstIndex(of: "=") else { return [] }
        var values: [Substring] = []
        var depth = 0
        var quote: Character?
        var start = text.index(after: equals)
        for index in text.indices[start...] {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
                continue
            }
            switch character {
            case "\"", "'": quote = character
            case "[", "{": depth += 1
            case "]", "}": depth -= 1
            case "," where depth == 0:
                values.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        return values + [text[start...]]
    }

    private static func yaml(
        _ name: String, _ base: String, _ set: [Override], _ parameters: [SweepDefinition.Parameter]
    ) -> String {
        var entries: [Node.Entry] = [.init("name", .string(name)), .init("base", .string(SpecPath(base).resolved))]
        if !set.isEmpty {
            entries.append(.init("set", .mapping(set.map { .init($0.key, $0.value ?? .plain("null")) })))
        }
        let lists = parameters.map { parameter -> Node.Entry in
            guard case .list(let values) = parameter.values else { return .init(parameter.key, .sequence([])) }
            return .init(parameter.key, .sequence(values))
        }
        return Node.mapping(entries + [.init("parameters", .mapping(lists))]).yaml
    }
}

private struct SweepDefaults {
    let strategy: Chosen<any SearchStrategy>
    let launcher: Chosen<any Launcher>

    init(_ registry: Registry) throws {
        let spec = try SpecLoader(SweepSpec.self, lookup: registry, title: "the sweep").load(
            SourceText("base: none", name: "defaults")
        ).get()
        strategy = spec.strategy
        launcher = spec.launcher
    }
}
