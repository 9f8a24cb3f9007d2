import LatheSpec
import TestSupport
import Testing

@Suite struct OverrideTests {
    private func expect(
        _ overrides: String..., says expected: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let loaded = loader.load(SourceText(valid, name: "gpt.yaml"), overrides: overrides)
        #expect(loaded.spec == nil, sourceLocation: sourceLocation)
        expectText(loaded.problems.description, expected, sourceLocation: sourceLocation)
    }

    /// The resolved spec at a dotted path, as YAML.
    private func value(_ path: String, _ overrides: String...) throws -> String {
        let spec = try loader.load(SourceText(valid, name: "gpt.yaml"), overrides: overrides).get()
        var node = spec.resolved
        for key in path.split(separator: ".") { node = try #require(node[String(key)]) }
        return node.yaml
    }

    @Test func setsAndDrops() throws {
        #expect(try value("optimizer.learning_rate", "optimizer.learning_rate=3e-4") == "0.0003\n")
        #expect(try value("data.split.train", "data.split.train=0.5") == "0.5\n")
        #expect(try value("tags", "tags=[a, 'b c', 3]") == "[a, b c, \"3\"]\n")
        #expect(try value("seed", "~seed") == "1337\n")
        #expect(try value("optimizer.betas", "~optimizer.betas") == "[0.9, 0.999]\n")
        #expect(try value("schedule", "~schedule") == "null\n")
        #expect(try value("data.split", "data.split={train: 0.5}") == "train: 0.5\nvalidation: 0.1\n")
        #expect(try value("scope", "scope={bytes: 10}") == "bytes: 10\n")
        #expect(try value("scope", "scope=all") == "all\n")
    }

    @Test func textIsTakenAsItIs() throws {
        #expect(try value("description", "description=a: b # c") == "\"a: b # c\"\n")
        #expect(try value("description", "description=no") == "\"no\"\n")
        #expect(try value("description", #"description="a\nb""#) == #""a\nb""# + "\n")
        #expect(try value("description", "description=a=b") == "\"a=b\"\n")
    }

    @Test func listsByIndex() throws {
        #expect(try value("data.cleaning", "data.cleaning.0=whitespace") == "- type: whitespace\n- type: whitespace\n")
        #expect(
            try value("data.cleaning", "data.cleaning.1.type=lowercase") == "- type: lowercase\n- type: lowercase\n")
        #expect(try value("data.cleaning", "~data.cleaning.0", "~data.cleaning.1") == "[]\n")
        #expect(try value("data.cleaning", "~data.cleaning.0") == "- type: whitespace\n")
        #expect(try value("optimizer.betas", "optimizer.betas.0=0.5") == "[0.5, 0.99]\n")
        // Items of a default can be overridden too.
        #expect(try value("optimizer.betas", "~optimizer.type", "optimizer.betas.1=0.5") == "[0.9, 0.5]\n")
    }

    @Test func aNewTypeReplacesTheComponent() throws {
        let sgd = "type: sgd\nlearning_rate: 0.1\nmomentum: 0.5\n"
        #expect(try value("optimizer", "optimizer.type=sgd", "optimizer.momentum=0.5") == sgd)
        #expect(try value("optimizer", "optimizer.momentum=0.5", "optimizer.type=sgd") == sgd)
        #expect(try value("optimizer", "optimizer=sgd", "optimizer.momentum=0.5") == sgd)
        #expect(try value("optimizer", "optimizer={type: sgd, momentum: 0.5}") == sgd)
    }

    @Test func theSameTypeKeepsTheComponent() throws {
        let kept = "type: adamw\nlearning_rate: 0.001\nbetas: [0.9, 0.99]\nweight_decay: 0.5\nmaximum_norm: null\n"
        #expect(try value("optimizer", "optimizer=adamw", "optimizer.weight_decay=0.5") == kept)
        #expect(try value("optimizer", "optimizer.type=adamw", "optimizer.weight_decay=0.5") == kept)
        #expect(try value("schedule.warmup_steps", "schedule.warmup_steps=7") == "7\n")
    }

    @Test func theDefaultComponentHasAType() throws {
        let base = "name: x\nmodel: lstm\ndata: {source: {type: text, path: a}}\noptimizer: {learning_rate: 0.5}\n"
        let plain = try load(base).get()
        #expect(plain.optimizer.name == "adamw")
        #expect(try load(base, "optimizer.type=adamw").get().optimizer.resolved["learning_rate"]?.text == "0.5")
        #expect(try load(base, "optimizer.type=sgd").get().optimizer.resolved["learning_rate"]?.text == "0.1")
    }

    @Test func pathsAreRelativeToWhereTheyWereWritten() throws {
        let file = try load(valid, name: "some/where/gpt.yaml").get()
        let override = try load(valid, "data.source.path=in.txt", name: "some/where/gpt.yaml").get()
        let here = SpecPath(".").resolved
        #expect(file.paths.map(\.resolved) == [here + "/some/where/input.txt"])
        #expect(file.paths.map(\.written) == ["input.txt"])
        #expect(override.paths.map(\.resolved) == [here + "/in.txt"])
        #expect(SpecPath("/a/./b/../c.txt").resolved == "/a/c.txt")
    }

    @Test func illFormed() {
        expect(
            "seed", "seed:3", "a..b=1", "model.layers=[1", "+seed=1", "seed.x=1", "~seed=3", "extends=a.yaml",
            says: """
                command line: seed: error: expected key.path=value, or ~key.path to drop a key
                      | seed
                      | ^
                      = did you mean seed=…?
                command line: seed:3: error: expected key.path=value, or ~key.path to drop a key
                      | seed:3
                      | ^
                      = did you mean seed=3?
                command line: a..b=1: error: an empty key in 'a..b'; expected key.path=value
                      | a..b=1
                      |   ^
                command line: model.layers=[1: error: this '[' is not closed, or a ',' is missing after an item
                      | model.layers=[1
                      |              ^
                      = noticed on line 2
                command line: +seed=1: error: a key cannot start with '+'
                      | +seed=1
                      | ^
                      = write seed=1
                command line: seed.x=1: error: 'seed' is '1337', which has no keys
                      | seed.x=1
                      |      ^
                command line: ~seed=3: error: '~' drops a key and takes no value
                      | ~seed=3
                      | ^
                      = to drop it, write ~seed
                command line: extends=a.yaml: error: 'extends' only works in files
                      | extends=a.yaml
                      | ^
                      = pass the other file's path instead of this one
                """)
    }

    @Test func contradictions() {
        expect(
            "seed=1", "seed=2", "optimizer=sgd", "optimizer.type=adamw", "model={layers: 2}", "model.layers=3",
            "~compute", "compute.threads=2", "~schedule", "~schedule",
            says: """
                command line: seed=2: error: 'seed' is set twice, also by 'seed=1'
                      | seed=2
                      | ^
                command line: optimizer.type=adamw: error: 'optimizer.type' is set twice, also by 'optimizer=sgd'
                      | optimizer.type=adamw
                      | ^
                command line: model.layers=3: error: 'model.layers' is set twice, also by 'model={layers: 2}'
                      | model.layers=3
                      | ^
                command line: ~compute: error: 'compute' is both dropped and set, by 'compute.threads=2'
                      | ~compute
                      |  ^
                command line: ~schedule: error: 'schedule' is dropped twice
                      | ~schedule
                      |  ^
                command line: ~schedule: error: 'schedule' is dropped twice
                      | ~schedule
                      |  ^
                """)
    }

    @Test func nothingToDropOrNoSuchItem() {
        expect(
            "~sed", "~optimizer.momentum", "data.cleaning.2=lowercase", "~data.cleaning.x", "optimizer.betas.7=1",
            says: """
                command line: ~sed: error: there is no key 'sed' in the spec to drop; did you mean 'seed'?
                      | ~sed
                      |  ^
                      = keys present: name, seed, data, model, optimizer, schedule, compute
                command line: ~optimizer.momentum: error: there is no key 'momentum' in 'optimizer' to drop
                      | ~optimizer.momentum
                      |            ^
                      = keys present: type, learning_rate, betas
                command line: data.cleaning.2=lowercase: error: '2' is not an item of 'data.cleaning', which has items \
                0 to 1
                      | data.cleaning.2=lowercase
                      |               ^
                      = to add an item, set the whole list
                command line: ~data.cleaning.x: error: 'x' is not an item of 'data.cleaning', which has items 0 to 1
                      | ~data.cleaning.x
                      |                ^
                      = to add an item, set the whole list
                command line: optimizer.betas.7=1: error: '7' is not an item of 'optimizer.betas', which has items \
                0 to 1
                      | optimizer.betas.7=1
                      |                 ^
                      = to add an item, set the whole list
                """)
    }

    @Test func typeOfAnotherComponentSurvivesNothing() {
        expect(
            "optimizer.type=sgd", "optimizer.betas=[0.9, 0.9]",
            says: """
                command line: optimizer.betas=[0.9, 0.9]: error: unknown key 'betas' in optimizer 'sgd'; its keys are \
                learning_rate, momentum
                      | optimizer.betas=[0.9, 0.9]
                      |           ^
                      = 'betas' is a key of optimizer 'adamw'
                """)
    }

    @Test func longPathsAreBounded() {
        let deep = Array(repeating: "a", count: 10_000).joined(separator: ".") + "=1"
        let problems = load(valid, deep).problems
        #expect(problems.list.map(\.message) == ["more than 32 keys in one path"])
    }
}
