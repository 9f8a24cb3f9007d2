import Foundation
import Testing

/// Random changes to arguments and specs: the command always answers and never crashes.
@Suite struct MutationTests {
    private static let seeds = Array(UInt64(1)...8)

    private func expectAnswer(
        _ outcome: CommandOutcome, _ what: String, codes: Set<Int32> = [0, 2],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.signal == nil, "\(what): \(outcome.errors)", sourceLocation: sourceLocation)
        #expect(codes.contains(outcome.code ?? -1), "\(what): \(outcome.errors)", sourceLocation: sourceLocation)
        #expect(outcome.isWithoutTrace, "\(what): \(outcome.errors)", sourceLocation: sourceLocation)
        #expect((outcome.code == 0) || !outcome.errors.isEmpty, "\(what)", sourceLocation: sourceLocation)
    }

    @Test(arguments: seeds) func specs(_ seed: UInt64) throws {
        let sandbox = try Sandbox()
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "-1", "0", "1e999", "nan", "99999999999999999999", "null", "~", "[]", "{}", "''", "*a", "&a", "? ", "- ",
            ": ",
            "!!x ", "|", ">", "%", "@", "`", "\t", "\u{0}", "\u{FEFF}", "𝔘", "é", "\r", "\"", "lstm", "type",
            "extends: x.yaml\n",
            "true", "0x10", "1_000", ".inf",
        ]
        for _ in 0..<20 {
            var bytes = Array((Bool.random(using: &random) ? Specs.transformer : Specs.lstm).utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...9, using: &random)))
                case 2: bytes.insert(contentsOf: Array(pieces.randomElement(using: &random)!.utf8), at: place)
                case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: place)
                default:
                    // Replaces the value of some key.
                    let colons = bytes.indices.filter { bytes[$0] == UInt8(ascii: ":") }
                    guard let colon = colons.randomElement(using: &random) else { continue }
                    let end = bytes[colon...].firstIndex {
                        $0 == UInt8(ascii: ",") || $0 == 10 || $0 == UInt8(ascii: "}")
                    }
                    bytes.replaceSubrange(
                        colon + 1..<(end ?? bytes.count),
                        with: Array((" " + pieces.randomElement(using: &random)!).utf8))
                }
                if bytes.isEmpty { bytes = [10] }
            }
            try sandbox.write(bytes: bytes, to: "x.yaml")
            let outcome = try sandbox.lathe("check", "x.yaml")
            expectAnswer(outcome, String(decoding: bytes, as: UTF8.self))
        }
        #expect(!sandbox.exists("results"))
    }

    @Test(arguments: seeds) func arguments(_ seed: UInt64) throws {
        let sandbox = try Sandbox()
        _ = try sandbox.run("gpt.yaml", "training.steps=1")
        var random = SeededGenerator(seed: seed &+ 1000)
        let commands = [
            "check", "resume", "fork", "runs", "compare", "evaluate", "generate", "prepare", "tokenize", "components",
            "schema",
        ]
        let pieces = [
            "gpt.yaml", "a.txt", "last", "last@1", "last@", "@", "gpt/last", "results", "results/gpt", ".", "/", "",
            "-", "--",
            "--json", "--csv", "--decode", "--tokens=3", "--tokens=-3", "--tokens=99999999999999999999",
            "--temperature=nan",
            "--temperature=1e-300", "--top-k=0", "--top-k=9999999", "--top-p=1e-300", "--seed=-1", "--threads=1000000",
            "--split=train", "--split=test", "--prompt=é\u{1F600}", "--prompt=", "--results=results", "--results=a.txt",
            "--results=/dev/null", "--help", "--version", "-q", "-x", "model.width=16", "model.width=-16",
            "model={type: lstm}", "~model", "~", "=", "a.b.c=1", "training.steps=0", "seed=18446744073709551615",
            "training.context=1", "training.batch_size=1", "data.split.train=0.001", "optimizer=sgd", "\u{1B}[2J",
            "%s%n",
        ]
        for _ in 0..<20 {
            var arguments = [commands.randomElement(using: &random)!]
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                arguments.append(pieces.randomElement(using: &random)!)
            }
            let outcome = try sandbox.start(arguments, input: "the cat 1 2 3").wait()
            // 1: resume or fork in a folder that is not writable.
            expectAnswer(outcome, "\(arguments)", codes: [0, 1, 2])
        }
    }

    @Test(arguments: seeds) func overrides(_ seed: UInt64) throws {
        let sandbox = try Sandbox()
        var random = SeededGenerator(seed: seed &+ 2000)
        let keys = [
            "model.width", "model.heads", "model.layers", "model.dropout", "training.context", "training.batch_size",
            "training.micro_batch_size", "optimizer.learning_rate", "optimizer.betas", "schedule.warmup_steps",
            "validation.every", "validation.scope", "samples.tokens", "samples.prompt", "samples.top_k",
            "samples.temperature",
            "checkpoints.every", "checkpoints.keep", "data.split.train", "data.split.validation", "data.split.test",
            "compute.threads", "seed", "tokenizer", "loader", "clipping", "stopping", "tokenizer.type", "name",
        ]
        let values = [
            "0", "1", "2", "3", "7", "-1", "0.5", "1e-30", "1e30", "9223372036854775807", "1073741824", "65536", "all",
            "{bytes: 1}", "{bytes: 1000000}", "word", "char", "byte", "sequential", "contiguous_streams", "value",
            "none",
            "{type: patience, validations: 1}", "", "[0.0, 0.0]", "a/../b", "..", "x",
        ]
        for _ in 0..<20 {
            var changes = ["training.steps=2"]
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                changes.append("\(keys.randomElement(using: &random)!)=\(values.randomElement(using: &random)!)")
            }
            let spec = Bool.random(using: &random) ? "gpt.yaml" : "lstm.yaml"
            // 1: a run that diverges.
            expectAnswer(try sandbox.start(["run", spec] + changes).wait(), "\(spec) \(changes)", codes: [0, 1, 2])
        }
        // No name escapes the folder.
        #expect(
            Set(sandbox.names(".")).isSubset(
                of: [
                    "a.txt", "gpt.yaml", "lstm.yaml", "cache", "results",
                ] + sandbox.names(".").filter { $0.hasPrefix(".command") }))
    }
}
