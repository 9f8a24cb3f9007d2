import Foundation
import Testing

@Suite struct PrepareTests {
    private static let spec = """
        name: p
        data:
          source: {type: jsonl, path: corpus}
          cleaning: [deduplicate, {type: length, minimum: 5}]
          split: {by: documents, train: 0.8, validation: 0.2}
        tokenizer: {type: bpe, vocabulary_size: 400}
        model: {type: lstm, hidden_size: 8}
        training: {steps: 1, context: 8, batch_size: 2}

        """

    private func sandbox(documents: Int) throws -> Sandbox {
        let sandbox = try Sandbox()
        try sandbox.write(Self.spec, to: "p.yaml")
        let lines = (0..<documents).map { number in
            "{\"text\": \"\(Texts.sentences(900, seed: UInt64(number % 500)).replacing("\n", with: "\\n")) \(number / 2)\"}"
        }
        try sandbox.write(lines.joined(separator: "\n"), to: "corpus/a.jsonl")
        try sandbox.write("{\"text\": \"abc\"}\n", to: "corpus/b.jsonl")
        return sandbox
    }

    /// All prepared files except checked.json, which holds timestamps.
    private func prepared(_ sandbox: Sandbox, _ cache: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for kind in ["text", "tokens"] {
            for key in sandbox.names("\(cache)/\(kind)") {
                for name in sandbox.names("\(cache)/\(kind)/\(key)") where name != "checked.json" {
                    files["\(kind)/\(key)/\(name)"] = try sandbox.bytes("\(cache)/\(kind)/\(key)/\(name)")
                }
            }
        }
        return files
    }

    @Test func cardTellsWhatWasDone() throws {
        let sandbox = try sandbox(documents: 40)
        let outcome = try sandbox.done(
            "prepare", "p.yaml", "data.source.license=CC0", "--format", "llmc", "--output", "out")
        #expect(outcome.output.hasSuffix("out/data-card.md\n"))
        #expect(sandbox.names("out") == ["data-card.json", "data-card.md", "train_000000.bin", "val_000000.bin"])
        let card = try sandbox.text("out/data-card.md")
        for part in [
            "/corpus/a.jsonl | CC0 |", "| deduplicate | documents dropped | ", "| length | documents too short | 1 |",
            "Documents that repeat an earlier one: 0 of ", "Runs of 13 words", "## Start of the training text",
        ] { #expect(card.contains(part), "\(part) in\n\(card)") }
        let json = try sandbox.done("prepare", "p.yaml", "--json", "--quiet")
        #expect(json.output.contains("\"ids_used\"") && json.output.contains("\"documents_too_short\""))
        #expect(json.errors.isEmpty)
    }

    @Test func killedAndResumedItWritesTheSameBytes() throws {
        let sandbox = try sandbox(documents: 3000)
        let start = ContinuousClock.now
        try sandbox.done("prepare", "p.yaml")
        let time = start.duration(to: .now) / .milliseconds(1)
        let expected = try prepared(sandbox, "cache")
        #expect(expected.count > 10)
        var kills = 0
        for number in 1...6 {
            let command = try sandbox.start(["prepare", "p.yaml"], environment: ["LATHE_CACHE": sandbox.file("other")])
            usleep(UInt32(1000 * time * Double(number) / 8))
            command.send(SIGKILL)
            if try command.wait().signal == SIGKILL { kills += 1 }
        }
        #expect(kills > 0)
        try #require(
            try sandbox.lathe("prepare", "p.yaml", environment: ["LATHE_CACHE": sandbox.file("other")]).code == 0)
        let found = try prepared(sandbox, "other")
        #expect(found.keys.sorted() == expected.keys.sorted())
        for (name, bytes) in expected { #expect(found[name] == bytes, "\(name)") }
        #expect(sandbox.names("other/tmp").isEmpty)
    }

    /// Killed while the tokenizer's files are being rewritten: a missing file is made again, with everything that
    /// depends on it.
    @Test func tokenizerThatLostAFileIsFittedAgain() throws {
        let sandbox = try sandbox(documents: 300)
        try sandbox.done("prepare", "p.yaml")
        let expected = try prepared(sandbox, "cache")
        let key = try #require(sandbox.names("cache/tokens").first)
        let folder = sandbox.file("cache/tmp/tokens-\(key)")
        try #require(rename(sandbox.file("cache/tokens/\(key)"), folder) == 0)
        let hashes = "cd '\(folder)' && sha256sum tokenizer-* | sed 's/  tokenizer-/ /' > fitted.record"
        #expect(
            try RunningCommand("/bin/sh", ["-c", hashes], in: sandbox, input: "", environment: [:]).wait().code == 0)
        unlink(folder + "/tokenizer-tokenizer_config.json")
        try sandbox.write("left by a process that was killed", to: "cache/tmp/999999999-abc")
        try sandbox.done("prepare", "p.yaml")
        #expect(try prepared(sandbox, "cache") == expected)
        #expect(sandbox.names("cache/tmp").isEmpty)
    }

    /// A line of 1 GB in a sparse file, which takes no disk space.
    @Test(arguments: [
        ("{type: jsonl, path: big}", "line 1: is longer than 64 MiB; each line must be one document"),
        ("{type: csv, path: big}", "line 1: a quote within a field that is not in quotes"),
        ("{type: text, path: big}", "is NUL, which text does not contain"),
    ]) func aGigabyteInALine(_ source: String, _ says: String) throws {
        let sandbox = try Sandbox()
        try sandbox.write("{\"text\": \"", to: "big")
        try #require(truncate(sandbox.file("big"), 1_000_000_000) == 0)
        try sandbox.write(Self.spec, to: "p.yaml")
        let outcome = try sandbox.lathe("prepare", "p.yaml", "data.source=\(source)", "--quiet")
        #expect(outcome.code == 2 && outcome.isWithoutTrace)
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
        #expect(sandbox.names("cache/text").isEmpty && sandbox.names("cache/tmp").isEmpty)
    }

    @Test func textWithoutAPlaceToCutIsRefused() throws {
        let sandbox = try Sandbox()
        try sandbox.write("start " + String(repeating: "x", count: 20_000_000) + " end\n", to: "x.txt")
        try sandbox.write(Self.spec, to: "p.yaml")
        let outcome = try sandbox.lathe(
            "prepare", "p.yaml", "data.source={type: text, path: x.txt}", "data.cleaning=[]",
            "data.split.by=characters", "--quiet")
        #expect(outcome.code == 2 && outcome.isWithoutTrace)
        #expect(
            outcome.errors.contains(
                "cleaned text (train split): byte 5: there is no place to cut in the 8 MiB from here on"),
            "\(outcome.errors)")
        #expect(sandbox.names("cache/tokens").isEmpty && sandbox.names("cache/tmp").isEmpty)
        try sandbox.done(
            "prepare", "p.yaml", "data.source={type: text, path: x.txt}", "data.cleaning=[]",
            "data.split.by=characters",
            "tokenizer={type: byte}")
    }
}
