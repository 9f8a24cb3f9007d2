import ArgumentParser
import LatheComponents
import LatheSpec
import LatheSweeps

struct Components: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the available components, the sections of a spec, and their knobs.",
        discussion: """
            Without an argument, one line per component and section; with the name of a component, a kind or a section,
            its knobs. 'lathe components experiment' and 'lathe components sweep' list every key of a spec.
            """)

    @Argument(help: "A component (adamw), a kind (optimizer) or a section (training, data.split, sweep).")
    var name: String?
    @Flag(help: "Print everything as JSON.")
    var json = false

    func run(_ registry: Registry) throws {
        let all = Catalogue(registry, sections: SpecSection.experiment + SpecSection.sweep)
        let shown = try name.map { try all.named($0) } ?? all
        if json { print(shown.node.json()) } else { Console.output(name == nil ? shown.overview : shown.details) }
    }
}

struct Schema: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema (draft-07) of experiments or sweeps, for editors.",
        discussion: """
            lathe schema > lathe.schema.json
            lathe schema --sweep > lathe-sweep.schema.json
            With '# yaml-language-server: $schema=lathe.schema.json' as a spec's first line, editors complete and
            check it.
            """)

    @Flag(help: "For sweeps instead of experiments.")
    var sweep = false
    @Flag(help: "Print the reference of all keys in Markdown instead (docs/spec.md, docs/sweeps.md).")
    var markdown = false

    func run(_ registry: Registry) throws {
        if markdown { return Console.output(sweep ? SpecPages.sweeps(registry) : SpecPages.experiments(registry)) }
        let schema = JSONSchema(lookup: registry)
        let node =
            sweep
            ? schema.schema(of: SweepSpec.self, title: "Lathe sweep")
            : schema.schema(of: ExperimentSpec.self, title: "Lathe experiment")
        print(node.json())
    }
}

extension SpecSection {
    static var experiment: [SpecSection] {
        all(of: ExperimentSpec.self, name: "experiment", summary: "An experiment; the whole of its spec.")
    }

    static var sweep: [SpecSection] {
        all(of: SweepSpec.self, name: "sweep", summary: "A sweep: variations of an experiment.")
            + [ParameterRange.section]
    }
}
