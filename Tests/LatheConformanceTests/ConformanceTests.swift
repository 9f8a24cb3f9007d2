import LatheBuiltins
import LatheComponents
import LatheSpec
import LatheTestSupport
import LatheWeb
import Testing

/// The keys that messages suggest for other tools' names exist.
@Test func foreignNamesMeanKeysThatExist() throws {
    let registry = try Registry(Builtins.plugins)
    var keys: Set<String> = []
    func add(_ fields: [FieldDescription], _ prefix: String) {
        for field in fields {
            keys.insert(prefix + field.key)
            if case .group(let inner) = field.schema { add(inner, prefix + field.key + ".") }
        }
    }
    add(fields(of: ExperimentSpec.self), "")
    for kind in registry.kinds {
        for component in registry.components(of: kind.name) { add(component.fields, kind.place + ".") }
    }
    let meant = Set(ExperimentSpec.foreignNames.values.joined())
    #expect(meant.isSubset(of: keys), "\(meant.subtracting(keys))")
    #expect(ExperimentSpec.foreignNames["n_layer"] == ["model.layers"])
}

/// Every built-in component passes the conformance suite of its kind.
struct ConformanceTests {
    private func suite() throws -> Conformance {
        let registry = try Registry(Builtins.plugins.filter { $0 != WebPlugin.self })
        // Any text file will do; this one is at hand.
        return Conformance(
            registry,
            knobs: [
                "source/text": ["{path: '\(#filePath)'}", "{path: ['\(#filePath)', '\(#filePath)']}"],
                "source/synthetic": ["{}", "{characters: 20000}", "{seed: 2}"],
                "source/jsonl": ["{path: '\(file("a.jsonl"))'}", "{path: '\(file("a.jsonl"))', column: other}"],
                "source/csv": ["{path: '\(file("a.csv"))', column: note}"],
                "source/tokens": ["{path: '\(file("a.bin"))'}"],
                "source/mixture": [
                    "{sources: [{source: {type: text, path: '\(#filePath)'}}, {source: {characters: 20000, type: synthetic}, weight: 3}], until: all}"
                ],
                "cleaning/replace": ["{pattern: 'no+n', with: midday}"],
            ])
    }

    /// A fixture of the data tests.
    private func file(_ name: String) -> String {
        var parts = #filePath.split(separator: "/").dropLast(2)
        parts += ["References", "LatheData", Substring(name)]
        return "/" + parts.joined(separator: "/")
    }

    private func expectNone(_ failures: [ConformanceFailure], location: SourceLocation = #_sourceLocation) {
        #expect(failures.isEmpty, "\(failures.map(\.description).joined(separator: "\n"))", sourceLocation: location)
    }

    @Test func knobs() throws { expectNone(try suite().knobFailures()) }
    @Test func architectures() throws { expectNone(try suite().architectureFailures()) }
    @Test func optimizers() throws { expectNone(try suite().optimizerFailures()) }
    @Test func schedules() throws { expectNone(try suite().scheduleFailures()) }
    @Test func clipping() throws { expectNone(try suite().clippingFailures()) }
    @Test func stopping() throws { expectNone(try suite().stoppingFailures()) }
    @Test func loaders() throws { expectNone(try suite().loaderFailures()) }
    @Test func tokenizers() throws { expectNone(try suite().tokenizerFailures()) }
    @Test func cleaning() throws { expectNone(try suite().cleaningFailures()) }
    /// The rest of the suite would need the network; sources that fetch have their own tests.
    @Test func knobsOfSourcesThatFetch() throws {
        let zeros = String(repeating: "0", count: 64)
        let suite = Conformance(
            try Registry([WebPlugin.self]),
            knobs: [
                "source/web": ["{urls: 'http://127.0.0.1/'}", "{urls: ['http://127.0.0.1/a', 'http://127.0.0.1/b']}"],
                "source/download": ["{url: 'http://127.0.0.1/', sha256: '\(zeros)'}"],
                "source/html": ["{path: '\(#filePath)', select: article}"],
            ])
        expectNone(suite.knobFailures())
    }
    @Test func sources() throws { expectNone(try suite().sourceFailures()) }
    @Test func sinks() throws { expectNone(try suite().sinkFailures()) }
}
