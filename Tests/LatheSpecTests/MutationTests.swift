import LatheSpec
import Testing

/// Reading any mutation of a spec gives a spec or diagnostics and never traps.
@Suite struct MutationTests {
    private static let fragments: [String] = [
        "\t", "\n", ": ", "- ", "[", "]", "{", "}", "&a ", "*a", "!t ", "<<: ", "\"", "'", "#", "|\n", ">\n", "---\n",
        "? ",
        "null", "~", "1e999", "-1", ".nan", "type: ", "type: sgd\n", "\u{0}", "\u{FEFF}", "語", "\r", "%", "@",
        "extends: x\n",
        "optimizer", "cosine", "0x", "1_", "e5", "  ", "\u{2028}", "name", "99999999999999999999",
    ]

    @Test(arguments: 0..<8)
    func mutatedSpecs(_ seed: Int) {
        var random = SeededNumbers(state: UInt64(seed))
        var accepted = 0
        for _ in 0..<1000 {
            var scalars = Array(valid.unicodeScalars)
            for _ in 0..<[1, 1, 1, 2, 5].randomElement(using: &random)! {
                let place = Int.random(in: 0..<scalars.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0:
                    scalars.insert(contentsOf: Self.fragments.randomElement(using: &random)!.unicodeScalars, at: place)
                case 1:
                    scalars.removeSubrange(place..<min(scalars.count, place + Int.random(in: 1...9, using: &random)))
                case 2: scalars[place] = Unicode.Scalar(UInt8.random(in: 0..<128, using: &random))
                case 3: scalars.insert(contentsOf: scalars[place..<min(scalars.count, place + 30)], at: place)
                default: scalars.swapAt(place, Int.random(in: 0..<scalars.count, using: &random))
                }
                if scalars.isEmpty { scalars = ["a"] }
            }
            var text = ""
            text.unicodeScalars.append(contentsOf: scalars)
            let loaded = load(text)
            #expect((loaded.spec == nil) == loaded.problems.hasErrors)
            #expect(loaded.problems.description.isEmpty == loaded.problems.list.isEmpty)
            guard let spec = loaded.spec else { continue }
            accepted += 1
            #expect(load(spec.resolved.yaml).spec?.resolved == spec.resolved)
        }
        #expect(accepted > 20)
    }

    @Test func mutatedOverrides() {
        let paths = [
            "optimizer", "optimizer.type", "optimizer.betas", "optimizer.betas.0", "data.cleaning.1", "data", "seed",
            "", ".",
            "data.cleaning.9.type", "model.layers.x", "extends", "schedule.warmup_steps", "data.source.path",
            "figures.a.b",
            "scope", "scope.bytes", "compute.threads", "name", "zebra.a", "data.split.train", "type", "0",
            "model.inner.type",
        ]
        let values = [
            "", "1", "sgd", "lstm", "{}", "[]", "{type: sgd}", "[lowercase]", "null", "auto", "{a: {b: 1}}", "[", "\"x",
            "=",
            "0.5", "{type: {a: 1}}", "[[1], {}]", "*a", "{bytes: 1}", "\u{0}", "\n", "{a: 1}\n{b: 2}",
        ]
        var random = SeededNumbers(state: 99)
        for _ in 0..<2000 {
            let overrides = (0..<Int.random(in: 1...4, using: &random)).map { _ -> String in
                let path = paths.randomElement(using: &random)!
                switch Int.random(in: 0..<6, using: &random) {
                case 0: return "~" + path
                case 1: return path + values.randomElement(using: &random)!
                default: return path + "=" + values.randomElement(using: &random)!
                }
            }
            let loaded = loader.load(SourceText(valid, name: "gpt.yaml"), overrides: overrides)
            #expect((loaded.spec == nil) == loaded.problems.hasErrors)
            _ = loaded.problems.description
        }
    }
}
