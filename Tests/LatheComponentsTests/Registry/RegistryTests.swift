import LatheComponents
import LatheSpec
import Testing

// A kind of component declared by a third-party plugin.
private protocol Brake: Component where Product == any Brake {
    func strength() -> Double
}

extension Kind where Product == any Brake {
    fileprivate static var brake: Self { Kind("brake", summary: "Slows things down.") }
}

extension Brake {
    fileprivate static var kind: Kind<any Brake> { .brake }
    fileprivate var product: any Brake { self }
}

private struct Disc: Brake {
    static let name = "disc"
    static let summary = "A disc."

    struct Config: ComponentConfig {
        @Field("Force.", in: 0...10) var force = 2.0
    }

    let config: Config
    init(_ config: Config) { self.config = config }
    func strength() -> Double { config.force }

    func validate(in context: ExperimentContext) -> [Diagnostic] {
        config.force > 5
            ? [Diagnostic("too strong for this", at: config.$force.mark), Diagnostic("and no mark", at: nil)] : []
    }
}

private struct Drum: Brake {
    static let name = "drum"
    static let summary = "A drum with a disc in it."
    static let revision = 3

    struct Config: ComponentConfig {
        @Field("What is in it.", .brake) var inner: Chosen<any Brake>?
    }

    let config: Config
    init(_ config: Config) { self.config = config }
    func strength() -> Double { 1 }
}

private struct OtherDisc: Brake {
    static let name = "disc"
    static let summary = "Another disc."
    struct Config: ComponentConfig {}
    init(_ config: Config) {}
    func strength() -> Double { 0 }
}

private struct Vehicle: FieldGroup {
    @Field("The brakes.", .brake) var brakes: [Chosen<any Brake>]
}

@Suite struct RegistryTests {
    private func load(_ text: String) throws -> LoadedSpec<Vehicle> {
        let registry = try Registry([Drum.self, Disc.self])
        return SpecLoader(Vehicle.self, lookup: registry).load(SourceText(text, name: "v.yaml"))
    }

    @Test func componentsAreChosenAndMade() throws {
        let vehicle = try load("brakes: [disc, {type: disc, force: 4}, {type: drum, inner: disc}]").get()
        #expect(try vehicle.brakes.map { try $0.make().strength() } == [2, 4, 1])
        #expect(vehicle.brakes.map(\.title) == ["brake 'disc'", "brake 'disc'", "brake 'drum'"])
        #expect(vehicle.brakes[2].revision == 3)
        #expect(vehicle.choices.map(\.name) == ["disc", "disc", "drum", "disc"])
    }

    @Test func checksAreFoundWhateverTheKind() throws {
        let vehicle = try load("brakes:\n  - disc\n  - {type: drum, inner: {type: disc, force: 6}}\n").get()
        let problems = try vehicle.choices.flatMap {
            try $0.validate(
                in: ExperimentContext(
                    shape: BatchShape(rows: 1, context: 1), steps: nil, loaderName: "any", rowsContinue: true))
        }
        #expect(
            Diagnostics(problems).description == """
                v.yaml:3:25: error: and no mark
                    3 |   - {type: drum, inner: {type: disc, force: 6}}
                      |                         ^
                v.yaml:3:45: error: too strong for this
                    3 |   - {type: drum, inner: {type: disc, force: 6}}
                      |                                             ^
                """)
    }

    @Test func duplicatesNameBothModules() throws {
        var registry = try Registry([Disc.self])
        let error = #expect(throws: DuplicateComponent.self) {
            try registry.register([OtherDisc.self], module: "OtherPlugin")
        }
        #expect(
            error?.description
                == "two components of kind brake are named 'disc', in LatheComponentsTests and in OtherPlugin; "
                + "rename one, or register only one")
    }

    @Test func entriesAreSortedAndKnowTheirModule() throws {
        let registry = try Registry([Drum.self, Disc.self])
        #expect(registry.components(of: "brake").map(\.name) == ["disc", "drum"])
        #expect(registry.components(of: "brake").map(\.module) == ["LatheComponentsTests", "LatheComponentsTests"])
        #expect(registry.kinds.map(\.name) == ["brake"])
        #expect(registry.components(of: "none").isEmpty)
    }
}
