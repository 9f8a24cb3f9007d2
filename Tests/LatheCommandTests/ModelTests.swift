import Foundation
import LatheResults
import LatheSystem
import Testing

/// The commands evaluate, generate and tokenize.
@Suite struct ModelTests {
    @Test(arguments: ["gpt.yaml", "lstm.yaml"]) func evaluationIsThatOfTheRun(_ spec: String) throws {
        let sandbox = try Sandbox()
        let run = try sandbox.run(spec, "checkpoints.keep=9", "training.micro_batch_size=3")
        for (address, step) in [("last@15", 15), ("last@last", 60), ("last", run.step(of: .best) ?? -1)] {
            let outcome = try sandbox.done("evaluate", address, "--json")
            let json = try JSONValue(parsing: Array(outcome.output.utf8))
            #expect(json["step"]?.integer == step)
            #expect(json["split"]?.string == "validation")
            #expect(json["run"]?.string == run.name)
            guard step % 10 == 0 else { continue }
            let record = try #require(try run.readMetrics().last { $0.split == .validation && $0.step == step })
            #expect(json["loss"]?.double == record.values[MetricName.validationLoss])
            #expect(json["perplexity"]?.double == record.values["validation/perplexity"])
            #expect(json["bits_per_byte"]?.double == record.values[MetricName.validationBitsPerByte])
            #expect((json["tokens"]?.integer ?? 0) > 500)
        }
        let threads = try ["1", "3"].map { try sandbox.done("evaluate", "last", "--json", "--threads", $0).output }
        #expect(threads[0] == threads[1])
        #expect(
            try sandbox.done("evaluate", "last", "--split", "train", "--json").output.contains("\"split\": \"train\""))
        let text = try sandbox.done("evaluate", "last").output
        #expect(text.contains("nats per token") && text.contains("bits per byte") && text.contains("tokens"))
        let test = try sandbox.lathe("evaluate", "last", "--split", "test")
        #expect(test.code == 2)
        #expect(test.errors == "error: the run has no test split; its configuration says data.split.test 0\n")
    }

    @Test func testSplitIsScored() throws {
        let sandbox = try Sandbox()
        _ = try sandbox.run("gpt.yaml", "data.split={train: 0.8, validation: 0.1, test: 0.1}", "training.steps=2")
        #expect(
            try sandbox.done("evaluate", "last", "--split", "test", "--json").output.contains("\"split\": \"test\""))
    }

    @Test(arguments: ["gpt.yaml", "lstm.yaml"]) func generation(_ spec: String) throws {
        let sandbox = try Sandbox()
        _ = try sandbox.run(spec)
        func text(_ arguments: String...) throws -> String {
            let outcome = try sandbox.start(["generate", "last", "--tokens", "60"] + arguments).wait()
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(outcome.errors.isEmpty)
            return outcome.output
        }
        let plain = try text("--prompt", "the ")
        #expect(plain.hasPrefix("the "))
        #expect(plain.hasSuffix("\n"))
        #expect(try text("--prompt", "the ") == plain)
        #expect(try text("--prompt", "the ", "--threads", "1") == plain)
        #expect(try text("--prompt", "the ", "--seed", "2") != plain)
        let greedy = try text("--prompt", "the ", "--temperature", "0")
        #expect(try text("--prompt", "the ", "--temperature", "0", "--seed", "9") == greedy)
        #expect(try text("--prompt", "the ", "--top-k", "1") == greedy)
        #expect(try text("--prompt", "the ", "--top-p", "1e-9") == greedy)
        #expect(try text("--prompt", "").count > 1)
        #expect(try text("--prompt", "Ω never seen").hasPrefix("Ω never seen"))
        // Both the prompt and the continuation exceed the context.
        let long = String(repeating: "the cat sat on the mat. ", count: 40)
        #expect(try text("--prompt", long).hasPrefix(long))
        #expect(try text("--tokens", "0", "--prompt", "x") == "x\n")
        #expect(try text("--temperature", "1e-300").isEmpty == false)
        #expect(try text("--temperature", "1e300").isEmpty == false)
    }

    @Test func unknownWordsOfAPrompt() throws {
        let sandbox = try Sandbox()
        _ = try sandbox.run("gpt.yaml", "tokenizer={type: word, minimum_count: 1}", "training.steps=5")
        let outcome = try sandbox.done("generate", "last", "--prompt", "the zeppelin sat", "--tokens", "5")
        #expect(outcome.output.hasPrefix("the zeppelin sat"))
        _ = try sandbox.run("gpt.yaml", "tokenizer={type: char, unknown: false}", "training.steps=5")
        let refused = try sandbox.lathe("generate", "last", "--prompt", "the Ω", "--tokens", "5")
        #expect(refused.code == 2)
        #expect(refused.isWithoutTrace)
        #expect(refused.errors.contains("the character 'Ω' (U+03A9)"), "\(refused.errors)")
        #expect(try sandbox.done("generate", "last", "--prompt", "", "--tokens", "5").output.count > 1)
    }

    @Test func tokensThereAndBack() throws {
        let sandbox = try Sandbox()
        _ = try sandbox.run("lstm.yaml", "training.steps=1")
        try sandbox.write("the cat sat.\n", to: "b.txt")
        for source in ["last", "lstm.yaml"] {
            let ids = try sandbox.done("tokenize", source, "b.txt").output
            #expect(ids.split(separator: " ").count == 13)
            #expect(try sandbox.done("tokenize", source, "-", "--decode", input: ids).output == "the cat sat.\n")
            #expect(try sandbox.done("tokenize", source, input: "the cat sat.\n").output == ids)
            let json = try sandbox.done("tokenize", source, "b.txt", "--json").output
            #expect(try sandbox.done("tokenize", source, "--decode", input: ids).output == "the cat sat.\n")
            #expect(try JSONValue(parsing: Array(json.utf8))["tokens"]?.integer == 13)
        }
        for (input, decodes, message) in [
            ("1 2 99", true, "error: standard input: word 3, '99', is not an id from 0 to 23\n"),
            ("1 -2", true, "error: standard input: word 2, '-2', is not an id from 0 to 23\n"),
            ("1 two", true, "error: standard input: word 2, 'two', is not an id from 0 to 23\n"),
        ] {
            let outcome = try sandbox.start(["tokenize", "last"] + (decodes ? ["--decode"] : []), input: input).wait()
            #expect(outcome.code == 2)
            #expect(
                outcome.errors.replacing(/to \d+/, with: "to 23") == message)
        }
        #expect(try sandbox.done("tokenize", "last", "--decode", input: "").output.isEmpty)
        #expect(try sandbox.done("tokenize", "last", input: "").output == "\n")
        try sandbox.write(bytes: [0x61, 0xff], to: "b.txt")
        let broken = try sandbox.lathe("tokenize", "last", "b.txt")
        #expect(broken.code == 2)
        #expect(broken.errors == "error: b.txt: is not UTF-8; convert it, for example with iconv\n")
        #expect(try sandbox.lathe("tokenize", "last", "missing.txt").code == 2)
        let folder = try sandbox.lathe("tokenize", "last", "results")
        #expect(folder.code == 2)
        #expect(folder.errors == "error: results: cannot read: Is a directory\n")
    }

    /// With another tokenizer, a model's ids would silently mean something else.
    @Test func anotherTokenizerIsRefused() throws {
        let sandbox = try Sandbox()
        let run = try sandbox.run("lstm.yaml", "training.steps=2", "tokenizer=word")
        let path = run.tokenizer + "/vocabulary.json", text = try sandbox.text(path)
        #expect(text.contains("\"cat\""))
        try text.replacingOccurrences(of: "\"cat\"", with: "\"cow\"").write(
            toFile: path, atomically: true, encoding: .utf8)
        for arguments in [["generate", "last"], ["tokenize", "last", "a.txt"]] {
            let outcome = try sandbox.start(arguments).wait()
            #expect(outcome.code == 2)
            #expect(
                outcome.errors.contains("/tokenizer: is not the tokenizer that the run began with"), "\(outcome.errors)"
            )
            #expect(outcome.output.isEmpty)
        }
    }

    /// Damaged files are named in the message; nothing crashes.
    @Test func damagedCheckpointsAreNamed() throws {
        let sandbox = try Sandbox()
        let run = try sandbox.run("gpt.yaml", "training.steps=2")
        let model = run.checkpoint(step: 2) + "/model.safetensors"
        let whole = try sandbox.bytes(model)
        var header = whole
        header[8] = UInt8(ascii: "?")
        for (bytes, part) in [
            (Array(whole.prefix(5)), "are too few for a safetensors file"),
            (Array(whole.prefix(whole.count / 2)), "does not fit bytes"),
            (Array(repeating: 0xff, count: 100), "exceeds the file"), (header, "the header is not JSON"),
            ([], "0 bytes are too few"), (whole + [0], "1 bytes follow the last tensor"),
        ] {
            try Data(bytes).write(to: URL(fileURLWithPath: model))
            let outcome = try sandbox.lathe("evaluate", "last")
            #expect(outcome.code == 2)
            #expect(outcome.isWithoutTrace)
            #expect(outcome.errors.contains("model.safetensors: "), "\(outcome.errors)")
            #expect(outcome.errors.contains(part), "\(outcome.errors)")
        }
    }
}
