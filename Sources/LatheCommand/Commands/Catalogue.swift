import ArgumentParser
import LatheComponents
import LatheSpec

struct Components: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the available components and their knobs.",
        discussion: "Without an argument, one line per component; with a kind or a component's name, its knobs.")

    @Argument(help: "A kind (optimizer) or a component (adamw).")
    var name: String?
    @Flag(help: "Print everything as JSON.")
    var json = false

    func run(_ registry: Registry) throws {
        let all = Catalogue(registry)
        let shown = try name.map { try all.named($0) } ?? all
        if json { print(shown.node.json()) } else { Console.output(name == nil ? shown.overview : shown.details) }
    }
}

struct Schema: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema (draft-07) of experiments, for editors.",
        discussion: """
            lathe schema > lathe.schema.json
            With '# yaml-language-server: $schema=lathe.schema.json' as a spec's first line, editors complete and
            check it.
            """)

    func run(_ registry: Registry) throws {
        let schema = JSONSchema(lookup: registry)
        print(schema.schema(of: ExperimentSpec.self, title: "Lathe experiment").json())
    }
}
