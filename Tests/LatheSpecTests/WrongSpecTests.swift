import LatheSpec
import TestSupport
import Testing

@Suite struct WrongSpecTests {
    /// A short valid spec, to which the tests add mistakes.
    private let short = "name: x\nmodel: lstm\ndata: {source: {type: text, path: a.txt}}\n"

    private func expect(
        _ text: String, _ overrides: String..., says expected: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let loaded = loader.load(SourceText(text, name: "gpt.yaml"), overrides: overrides)
        #expect(loaded.spec == nil, sourceLocation: sourceLocation)
        expectText(loaded.problems.description, expected, sourceLocation: sourceLocation)
    }

    @Test func shortSpecIsRight() {
        #expect(load(short).problems.list.isEmpty)
        #expect(load(valid).problems.list.isEmpty)
    }

    @Test func misspeltKey() {
        expect(
            short + "optimizer:\n  type: adamw\n  lerning_rate: 3e-4\n",
            says: """
                gpt.yaml:6:3: error: unknown key 'lerning_rate' in optimizer 'adamw'; did you mean 'learning_rate'?
                    6 |   lerning_rate: 3e-4
                      |   ^
                """)
    }

    @Test func keyOfAnotherPlace() {
        expect(
            short + "momentum: 0.9\ntrain: 0.5\nlayers: 2\nzebra: 1\n",
            says: """
                gpt.yaml:4:1: error: unknown key 'momentum' in the spec; its keys are name, description, tags, seed, \
                data, model, optimizer, schedule, scope, figures, compute
                    4 | momentum: 0.9
                      | ^
                      = 'momentum' is a key of optimizer 'sgd'
                gpt.yaml:5:1: error: unknown key 'train' in the spec; its keys are name, description, tags, seed, \
                data, model, optimizer, schedule, scope, figures, compute
                    5 | train: 0.5
                      | ^
                      = 'train' is a key of 'data.split'
                gpt.yaml:6:1: error: unknown key 'layers' in the spec; its keys are name, description, tags, seed, \
                data, model, optimizer, schedule, scope, figures, compute
                    6 | layers: 2
                      | ^
                      = 'layers' is a key of model 'lstm', model 'transformer'
                gpt.yaml:7:1: error: unknown key 'zebra' in the spec; its keys are name, description, tags, seed, \
                data, model, optimizer, schedule, scope, figures, compute
                    7 | zebra: 1
                      | ^
                """)
    }

    @Test func keyOfAComponentWithoutKnobs() {
        expect(
            short + "schedule: {type: constant, rate: 1}\n",
            says: """
                gpt.yaml:4:28: error: unknown key 'rate' in schedule 'constant'; it has no keys
                    4 | schedule: {type: constant, rate: 1}
                      |                            ^
                """)
    }

    @Test func wrongTypes() {
        expect(
            """
            name: [x]
            seed: -1
            model: {type: transformer, layers: 2.5, heads: many, biases: yes, dropout: "0.1", activation: gellu}
            data: {source: {type: text, path: a.txt}, split: 0.9, cleaning: lowercase}
            compute: {threads: several}
            scope: most
            figures: [1]
            """,
            says: """
                gpt.yaml:1:7: error: 'name': found a list, expected text
                    1 | name: [x]
                      |       ^
                gpt.yaml:2:7: error: 'seed': found '-1', expected a whole number; it must be between 0 and \
                18446744073709551615
                    2 | seed: -1
                      |       ^
                gpt.yaml:3:36: error: 'layers' in model 'transformer': found '2.5', expected a whole number
                    3 | model: {type: transformer, layers: 2.5, heads: many, biases: yes, dropout: "0.1", activation: \
                gellu}
                      |                                    ^
                gpt.yaml:3:48: error: 'heads' in model 'transformer': found 'many', expected a whole number
                    3 | model: {type: transformer, layers: 2.5, heads: many, biases: yes, dropout: "0.1", activation: \
                gellu}
                      |                                                ^
                gpt.yaml:3:62: error: 'biases' in model 'transformer': found 'yes', expected true or false
                    3 | model: {type: transformer, layers: 2.5, heads: many, biases: yes, dropout: "0.1", activation: \
                gellu}
                      |                                                              ^
                gpt.yaml:3:76: error: 'dropout' in model 'transformer': found the string "0.1", expected a number; \
                remove the quotes
                    3 | model: {type: transformer, layers: 2.5, heads: many, biases: yes, dropout: "0.1", activation: \
                gellu}
                      |                                                                            ^
                gpt.yaml:3:95: error: 'activation' in model 'transformer': found 'gellu', expected one of gelu, relu, \
                relu_squared; did you mean 'gelu'?
                    3 | model: {type: transformer, layers: 2.5, heads: many, biases: yes, dropout: "0.1", activation: \
                gellu}
                      |                                                                                               ^
                gpt.yaml:4:50: error: 'data.split': found '0.9', expected a mapping
                    4 | data: {source: {type: text, path: a.txt}, split: 0.9, cleaning: lowercase}
                      |                                                  ^
                gpt.yaml:4:65: error: 'data.cleaning': found 'lowercase', expected a list; write [a, b]
                    4 | data: {source: {type: text, path: a.txt}, split: 0.9, cleaning: lowercase}
                      |                                                                 ^
                gpt.yaml:5:20: error: 'compute.threads': found 'several', expected a whole number or auto
                    5 | compute: {threads: several}
                      |                    ^
                gpt.yaml:6:8: error: 'scope': found 'most', expected 'all', or a mapping
                    6 | scope: most
                      |        ^
                gpt.yaml:7:10: error: 'figures': found a list, expected a mapping
                    7 | figures: [1]
                      |          ^
                """)
    }

    @Test func outOfRange() {
        expect(
            short + "optimizer: {type: adamw, learning_rate: 0, betas: [0.9, 1.0, 0], weight_decay: 1e39}\n"
                + "compute: {threads: 0}\n",
            says: """
                gpt.yaml:4:41: error: 'learning_rate' in optimizer 'adamw': found 0, must be above 0 and at most 10
                    4 | optimizer: {type: adamw, learning_rate: 0, betas: [0.9, 1.0, 0], weight_decay: 1e39}
                      |                                         ^
                gpt.yaml:4:51: error: 'betas' in optimizer 'adamw': found 3 items, must be exactly 2
                    4 | optimizer: {type: adamw, learning_rate: 0, betas: [0.9, 1.0, 0], weight_decay: 1e39}
                      |                                                   ^
                gpt.yaml:4:80: error: 'weight_decay' in optimizer 'adamw': found '1e39', expected a number; it is out \
                of range for a Float
                    4 | optimizer: {type: adamw, learning_rate: 0, betas: [0.9, 1.0, 0], weight_decay: 1e39}
                      |                                                                                ^
                gpt.yaml:5:20: error: 'compute.threads': found 0, must be at least 1 and at most 1024
                    5 | compute: {threads: 0}
                      |                    ^
                """)
    }

    @Test func itemOutOfRange() {
        expect(
            short + "optimizer:\n  betas:\n    - 0.9\n    - 1.0\n",
            says: """
                gpt.yaml:7:7: error: 'betas' in optimizer 'adamw': found 1.0, must be at least 0 and below 1
                    7 |     - 1.0
                      |       ^
                """)
    }

    @Test func unknownComponent() {
        expect(
            short + "optimizer:\n  type: adamv\n  momentum: 3\n  typo: 5\nschedule: cosin\n",
            says: """
                gpt.yaml:5:9: error: unknown optimizer 'adamv'; did you mean 'adamw'?
                    5 |   type: adamv
                      |         ^
                      = known: adamw, sgd
                gpt.yaml:8:11: error: unknown schedule 'cosin'; did you mean 'cosine'?
                    8 | schedule: cosin
                      |           ^
                      = known: constant, cosine
                """)
    }

    @Test func componentOfAnotherKind() {
        expect(
            short + "optimizer: cosine\n",
            says: """
                gpt.yaml:4:12: error: unknown optimizer 'cosine'; 'cosine' is a schedule
                    4 | optimizer: cosine
                      |            ^
                      = known: adamw, sgd
                """)
    }

    @Test func componentWithoutType() {
        expect(
            "name: x\nmodel: {layers: 2}\ndata: {source: {path: a.txt}, cleaning: [[]]}\nschedule: {type: }\n",
            says: """
                gpt.yaml:2:8: error: 'model': missing key 'type', which names a model
                    2 | model: {layers: 2}
                      |        ^
                      = known: lstm, transformer
                gpt.yaml:3:16: error: 'data.source': missing key 'type', which names a data source
                    3 | data: {source: {path: a.txt}, cleaning: [[]]}
                      |                ^
                      = known: text
                gpt.yaml:3:42: error: 'data.cleaning': found a list, expected a cleaning step
                    3 | data: {source: {path: a.txt}, cleaning: [[]]}
                      |                                          ^
                      = known: lowercase, whitespace
                gpt.yaml:4:18: error: 'schedule.type': found nothing, expected the name of a schedule
                    4 | schedule: {type: }
                      |                  ^
                      = known: constant, cosine
                """)
    }

    @Test func missingKeys() {
        expect(
            "seed: 1\ndata: {source: text}\n",
            says: """
                gpt.yaml:1:1: error: missing key 'name' in the spec: The experiment's name.
                    1 | seed: 1
                      | ^
                gpt.yaml:1:1: error: missing key 'model' in the spec: The model.
                    1 | seed: 1
                      | ^
                      = known: lstm, transformer
                gpt.yaml:2:16: error: missing key 'path' in data source 'text': The file or files.
                    2 | data: {source: text}
                      |                ^
                """)
    }

    @Test func checkAcrossFields() {
        expect(
            "name: x\nmodel: {type: transformer, heads: 3}\ndata:\n  source: {type: text, path: a}\n  split: {train: 1}\n",
            says: """
                gpt.yaml:2:35: error: width 128 is not divisible by 3 heads
                    2 | model: {type: transformer, heads: 3}
                      |                                   ^
                gpt.yaml:5:18: error: the shares add up to more than 1
                    5 |   split: {train: 1}
                      |                  ^
                """)
    }

    @Test func checkDespiteAnUnknownKey() {
        expect(
            short, "model.type=transformer", "model.heads=3", "model.hidth=4",
            says: """
                command line: model.heads=3: error: width 128 is not divisible by 3 heads
                      | model.heads=3
                      |             ^
                command line: model.hidth=4: error: unknown key 'hidth' in model 'transformer'; did you mean 'width'?
                      | model.hidth=4
                      |       ^
                """)
    }

    @Test func fileAndOverridesTogether() {
        expect(
            short + "sed: 1\n", "optimizer.lr=1", "model=", "seed=1e30",
            says: """
                gpt.yaml:4:1: error: unknown key 'sed' in the spec; did you mean 'seed'?
                    4 | sed: 1
                      | ^
                command line: optimizer.lr=1: error: unknown key 'lr' in optimizer 'adamw'; did you mean 'learning_rate'?
                      | optimizer.lr=1
                      |           ^
                command line: model=: error: 'model': found nothing, expected a model
                      | model=
                      |       ^
                      = known: lstm, transformer
                command line: seed=1e30: error: 'seed': found '1e30', expected a whole number; it must be between 0 \
                and 18446744073709551615
                      | seed=1e30
                      |      ^
                """)
    }

    @Test func nothingWhereSomethingMustBe() {
        expect(
            short + "description:\nseed: null\ncompute:\n",
            says: """
                gpt.yaml:4:13: error: 'description': found nothing, expected text; write "" for empty text
                    4 | description:
                      |             ^
                gpt.yaml:5:7: error: 'seed': found null, expected a whole number
                    5 | seed: null
                      |       ^
                gpt.yaml:6:9: error: 'compute': found nothing, expected a mapping
                    6 | compute:
                      |         ^
                """)
    }

    @Test func notAMapping() {
        expect(
            "- name: x\n",
            says: """
                gpt.yaml:1:1: error: the spec: found a list, expected a mapping
                    1 | - name: x
                      | ^
                """)
    }

    @Test func duplicateKeyTogetherWithTheRest() {
        expect(
            short + "seed: 1\nseed: 2\noptimizer: {lr: 1}\n",
            says: """
                gpt.yaml:5:1: error: duplicate key 'seed', first on line 4
                    5 | seed: 2
                      | ^
                gpt.yaml:6:13: error: unknown key 'lr' in optimizer 'adamw'; did you mean 'learning_rate'?
                    6 | optimizer: {lr: 1}
                      |             ^
                """)
    }

    @Test func warningsDoNotStopASpec() throws {
        struct Careful: FieldGroup {
            @Field("Steps.") var steps = 10
            func check(_ problems: inout Problems) { problems.warning("\(steps) steps are few", at: $steps.mark) }
        }
        let loaded = SpecLoader(Careful.self, lookup: NoComponents()).load(SourceText("steps: 3\n", name: "a.yaml"))
        #expect(try loaded.get().steps == 3)
        expectText(
            loaded.problems.description,
            """
            a.yaml:1:8: warning: 3 steps are few
                1 | steps: 3
                  |        ^
            """)
    }

    @Test func problemsAreSortedAndSaidOnce() {
        let first = SourceText("a: 1\nb: 2\n", name: "a.yaml", order: 0)
        let second = SourceText("c: 3\n", name: "c.yaml", order: 1)
        let early = Diagnostic("early", at: Mark(first, line: 1, column: 1))
        let late = Diagnostic("late", at: Mark(first, line: 2, column: 1))
        let other = Diagnostic("other", at: Mark(second, line: 1, column: 1))
        #expect(Diagnostics([other, late, early, late]).list == [early, late, other])
    }

    @Test func manyProblemsAreCut() {
        let text = short + (0..<300).map { "key\($0): 1\n" }.joined()
        let loaded = load(text)
        #expect(loaded.problems.list.count == 300)
        #expect(loaded.problems.description.hasSuffix("and 200 more"))
    }
}
