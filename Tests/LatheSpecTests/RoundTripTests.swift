import LatheSpec
import Testing

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

private let wildTexts = [
    "", " ", "a", "no", "Yes", "NULL", "~", "true", "y", "on", "1", "1e3", "0x1F", "1_000", "12:30", "2024-01-01", ".5",
    "-", "- a", "a: b", "a #b", "#a", "[a]", "{a}", "a, b", "*a", "&a", "!a", "%a", "@a", "`a", "'a'", "\"a\"", "\\n",
    "a\nb", "\n", "a\n", "\ta", "a\u{0}b", "\u{7F}", "\u{85}", "\u{2028}", "\u{FEFF}", "é", "e\u{301}", "語", "😀",
    "a  b",
    " a", "a ", "=", "<<", "?", ":", "|", ">", "---", "...", "a:", "null", "Off", "\u{FFFE}", "\u{10FFFF}",
    "path/to_x.txt",
]

@Suite struct RoundTripTests {
    /// A random valid experiment, as a user might write it.
    private func experiment(_ random: inout SeededNumbers) -> Node {
        func text() -> Node { .string(wildTexts.randomElement(using: &random)!) }
        func number() -> Node {
            let exponent = Int.random(in: -30...30, using: &random)
            return .plain("\(Int.random(in: 1...999_999, using: &random))e\(exponent)")
        }
        func share() -> Node { .plain("\(Float.random(in: 0..<1, using: &random))") }
        func maybe(_ key: String, _ value: Node) -> [Node.Entry] {
            Bool.random(using: &random) ? [.init(key, value)] : []
        }
        func mapping(_ entries: [Node.Entry]...) -> Node { .mapping(entries.flatMap { $0 }.shuffled(using: &random)) }
        let sgd = mapping([.init("type", .plain("sgd"))], maybe("learning_rate", number()), maybe("momentum", share()))
        let adamw = mapping(
            [.init("type", .plain("adamw"))], maybe("betas", .sequence([share(), share()])),
            maybe("weight_decay", number()),
            maybe("maximum_norm", Bool.random(using: &random) ? number() : .plain("null")))
        let optimizers = [sgd, adamw, .plain("sgd"), .plain("adamw")]
        let transformer = mapping(
            [.init("type", .plain("transformer"))], maybe("layers", .plain("1e1")), maybe("dropout", share()),
            maybe("activation", .plain("relu_squared")), maybe("biases", .plain("false")))
        let lstm = mapping([.init("type", .plain("lstm"))], maybe("inner", optimizers.randomElement(using: &random)!))
        let cleaning = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            [Node.plain("lowercase"), .mapping([.init("type", .plain("whitespace"))])].randomElement(using: &random)!
        }
        let path =
            Bool.random(using: &random) ? Node.string("a b/../c.txt") : .sequence([.string("#x"), .string("/y: z")])
        return mapping(
            [.init("name", text())], maybe("description", text()), maybe("tags", .sequence([text(), text(), text()])),
            maybe("seed", .plain("\(random.next())")),
            [.init("model", Bool.random(using: &random) ? lstm : transformer)],
            [
                .init(
                    "data",
                    mapping(
                        [.init("source", mapping([.init("type", .plain("text")), .init("path", path)]))],
                        maybe("cleaning", .sequence(cleaning)),
                        maybe("split", .mapping([.init("train", .plain("0.25"))]))))
            ],
            maybe("optimizer", optimizers.randomElement(using: &random)!),
            maybe("schedule", [.plain("cosine"), .plain("null")].randomElement(using: &random)!),
            maybe("scope", [.plain("all"), .mapping([.init("bytes", .plain("7"))])].randomElement(using: &random)!),
            maybe("figures", .mapping(Set(wildTexts.filter { !$0.isEmpty }).prefix(5).map { .init($0, number()) })),
            maybe("compute", .mapping([.init("threads", Bool.random(using: &random) ? .plain("3") : .plain("auto"))])))
    }

    @Test func resolvedSpecsResolveToThemselves() throws {
        var random = SeededNumbers(state: 1)
        var canonical: Set<String> = []
        for _ in 0..<600 {
            let node = experiment(&random)
            // A random learning rate may exceed its limit, which makes the spec invalid.
            guard let spec = load(node.yaml).spec else { continue }
            let text = spec.resolved.yaml
            let again = loader.load(SourceText(text, name: "results/x/config.yaml"))
            #expect(again.problems.list.isEmpty, "\(again.problems)\n\(text)")
            let resolved = try again.get()
            #expect(resolved.resolved == spec.resolved)
            #expect(resolved.resolved.yaml == text)
            #expect(resolved.canonicalText() == spec.canonicalText())
            canonical.insert(spec.canonicalText())
        }
        #expect(canonical.count > 300)
    }

    @Test(arguments: wildTexts)
    func textIsWrittenAsText(_ text: String) throws {
        let node = Node.mapping([
            .init("a", .string(text)), .init("b", .sequence([.string(text), .string(text)])),
            .init("c", .sequence([.mapping([.init("d", .string(text))])])),
        ])
        let read = try Node(parsing: SourceText(node.yaml, name: "x.yaml"))
        #expect(read["a"]?.text == text)
        #expect(read["b"]?.items?.map(\.text) == [text, text])
        #expect(read["c"]?.items?.first?["d"]?.text == text)
        guard !text.isEmpty else { return }
        let keyed = try Node(parsing: SourceText(Node.mapping([.init(text, .plain("1"))]).yaml, name: "x.yaml"))
        #expect(keyed.entries?.map(\.key) == [text])
    }

    @Test func numbersAreWrittenForBothVersionsOfYAML() {
        #expect(Float(1e-5).node.yaml == "1.0e-5\n")
        #expect(Double(1e22).node.yaml == "1.0e+22\n")
        #expect(Double(1.5e-7).node.yaml == "1.5e-7\n")
        #expect(Float(0.1).node.yaml == "0.1\n")
        #expect(Double(3).node.yaml == "3.0\n")
    }

    @Test func nestedListsAreWritten() throws {
        let text = "a:\n  - - 1\n    - {b: 2}\n  - []\n  - {}\n"
        let node = try Node(parsing: SourceText(text, name: "x.yaml"))
        #expect(try Node(parsing: SourceText(node.yaml, name: "x.yaml")) == node)
    }

    @Test func identityKeepsWhatDecidesTheResult() throws {
        let base = try load(valid).get().canonicalText { _ in "hash" }
        #expect(
            base == """
                {"data":{"cleaning":[{"type":"cleaning step/lowercase/1"},{"type":"cleaning step/whitespace/1"}],\
                "source":{"type":"data source/text/1","path":["hash"]}},"model":{"type":"model/transformer/1"},\
                "optimizer":{"type":"optimizer/adamw/1","betas":[0.9,0.99]},"schedule":{"type":"schedule/cosine/1"}}
                """)
        func identity(_ overrides: String...) throws -> String {
            try loader.load(SourceText(valid, name: "gpt.yaml"), overrides: overrides).get().canonicalText { _ in "hash"
            }
        }
        #expect(try identity("name=other", "tags=[a]", "compute.threads=3", "model.dropout=0.0", "~seed") == base)
        #expect(try identity("optimizer.learning_rate=0.001", "data.source.path=other.txt") == base)
        #expect(try identity("seed=1") != base)
        #expect(try identity("optimizer=sgd").contains("optimizer/sgd/2"))
        #expect(try identity("scope={bytes: 7}").contains(#""scope":{"bytes":7}"#))
    }

    @Test func jsonIsJSON() throws {
        let node = try Node(
            parsing: SourceText("{a: +1, b: 1_0, c: .5, d: 1e-3, e: True, f: ~, g: 0x1, h: 5., i: 01}", name: "x"))
        #expect(
            node.json(indented: false)
                == #"{"a":"+1","b":"1_0","c":".5","d":1e-3,"e":"True","f":null,"g":"0x1","h":"5.","i":"01"}"#)
        #expect(Node.string("a\"\\\n\u{1}é").json() == #""a\"\\\n\u0001é""#)
    }
}
