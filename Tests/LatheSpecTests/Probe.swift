import LatheSpec
import Testing

@Test func probe() throws {
    let loaded = load(valid)
    print(loaded.problems)
    let spec = try loaded.get()
    print(spec.resolved.yaml)
    print(spec.canonicalText())
    print(spec.choices.map(\.title), spec.paths.map(\.resolved))
    for text in [
        "a: &a [*a]", "a: *b", "a:\n\tb: 1", "\ta: 1", "a: 1\n\tb: 2", "a: [1, 2", "a: {b: 1", "a: \"x", "a: 'x\nb: 1", "a: b: c", "a: 1\n b: 2", "a:\n  - 1\n - 2",
        "a: 1\na: 2", "a: !foo 1", "a: !!str 1", "<<: {a: 1}", "", "# only", "--- a\n--- b", "a: 1\n...\nb", "@a: 1", "a: \"\\q\"", "x", "[1]: 2", "a: \u{7}", "a\r\nb: 1", "? a", "a: %x", "a: [1, 2}", "a: ]", ": 1", "- a\nb: 1", "a:\n  b: 1\n c: 2", "%YAML 3.0\n---\na: 1", "a: `x`", "a: |x\n foo", "*a : 1", "a: &", "a: [\t1]", "a:\t1", "a: b\n\tc", "a: |\n\tfoo", "{a: 1, a: 2, <<: 3}", "- [\n", "a: 1\nb",
    ] {
        print("=====", text.debugDescription)
        do { print(try Node(parsing: SourceText(text, name: "x.yaml")).yaml, terminator: "") } catch { print(error) }
    }
    print("#### semantic")
    for (text, overrides) in [
        (valid, ["optimizer.lr=1"]), (valid, ["optimizer.type=sgd"]), (valid, ["optimizer=sgd", "optimizer.momentum=0.5"]), (valid, ["optimizer.momentum=0.5", "optimizer.type=sgd"]), (valid, ["seed=1", "seed=2"]),
        (valid, ["seed"]), (valid, ["seed:3"]), (valid, ["~seed"]), (valid, ["~sed"]), (valid, ["~optimizer.momentum"]), (valid, ["data.cleaning.0.type=whitespace"]), (valid, ["data.cleaning.2=lowercase"]), (valid, ["seed.x=1"]), (valid, ["a..b=1"]), (valid, ["model.layers=[1"]), (valid, ["+seed=1"]), (valid, ["scope={bytes: 10}"]), (valid, ["scope=some"]), (valid, ["schedule.warmup_steps=1e2"]), (valid, ["schedule=null"]), (valid, ["compute.threads=2.5"]), (valid, ["compute.threads=0"]), (valid, ["optimizer.betas.0=0.8"]), (valid, ["optimizer.betas=[0.8]"]), (valid, ["model.heads=3", "model.widht=5", "zebra=1"]), (valid, ["model.type=trasformer", "model.foo=1"]),
        ("name: x\noptimizer: {learning_rate: -1}\nlearning_rate: 3\ntrain: 4\nlayers: 1\n", []),
        ("{}", []), ("name:\nmodel: {layers: 2}\ndata: [1]\nseed: -1\n", []), ("name: no\nmodel: cosine\ndata: {source: {path: x}}", []), ("name: 5\nseed: 1e40\nmodel: [1]\ndata: {source: {type: text, path: []}}\noptimizer: {type: adamw, learning_rate: 1e-90, weight_decay: .nan, betas: [a, \"0.5\"]}\nfigures: {a: 1, b: x}", []),
    ] as [(String, [String])] {
        print("=====", text == valid ? "valid" : text.debugDescription, overrides)
        let loaded = loader.load(SourceText(text, name: "gpt.yaml"), overrides: overrides)
        print(loaded.problems)
        if let spec = loaded.spec { print(spec.canonicalText()) }
    }
    print(Catalogue(Bench()).details)
    print(Catalogue(Bench()).overview)
}
