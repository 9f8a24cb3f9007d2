import Foundation
import LatheComponents
import LatheTokenizers
import Testing

/// Checks against tiktoken and Hugging Face's tokenizers, run by the Python in LATHE_INTEROP_PYTHON.
@Suite(
    .enabled(if: python != nil, "needs LATHE_INTEROP_PYTHON; make test-interop sets it"),
    .enabled(if: SharedData.isThere, "needs ../shared/data beside the repository"))
struct TokenizerInteropTests {
    private func run(_ arguments: String...) throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../References/LatheTokenizers/interop.py").standardizedFileURL.path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(python))
        process.arguments = [script] + arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments[0]) failed; see what Python says above")
    }

    private func ids(_ line: some StringProtocol) -> [UInt32] { line.split(separator: " ").compactMap { UInt32($0) } }

    private func text(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    private func model(_ json: Data) throws -> (vocabulary: [String: Int], merges: [String]) {
        let root = try JSONSerialization.jsonObject(with: json) as? [String: Any]
        let model = try #require(root?["model"] as? [String: Any])
        let merges =
            (model["merges"] as? [String]) ?? (model["merges"] as? [[String]])?.map { $0.joined(separator: " ") }
        return (try #require(model["vocab"] as? [String: Int]), try #require(merges))
    }

    @Test func randomStringsAsInTiktoken() throws {
        let folder = TemporaryFolder()
        let vocabulary = try fit(GPT2Tokenizer(.init(path: SharedData.vocabulary)))
        try run("strings", SharedData.folder + "/gpt2-bpe", "100000", "1", folder.path + "/random")
        let texts = try String(contentsOfFile: folder.path + "/random.hex", encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        let expected = try String(contentsOfFile: folder.path + "/random.ids", encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(texts.count == 100_001)
        for (text, line) in zip(texts, expected) {
            let digits = Array(text)
            let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(digits[$0...($0 + 1)]), radix: 16)
            }
            #expect(try encode(vocabulary, bytes) == ids(line), "\(text)")
        }
    }

    @Test(arguments: [(SharedData.shakespeare, 4096), (SharedData.wikiTextTraining, 32_768)])
    func trainedMergesAreThoseOfTokenizers(path: String, size: Int) throws {
        let folder = TemporaryFolder()
        var config = BytePairTokenizer.Config()
        config.vocabularySize = size
        let vocabulary = try text(path).withUnsafeBytes {
            try BytePairTokenizer(config).fit($0.bindMemory(to: UInt8.self))
        }
        try run("train", path, "\(size)", "\(config.minimumCount)", folder.path + "/theirs.json")
        let theirs = try model(text(folder.path + "/theirs.json"))
        let ours = try model(Data(vocabulary.files["tokenizer.json"] ?? []))
        #expect(ours.merges == theirs.merges)
        #expect(ours.vocabulary == theirs.vocabulary)
    }

    /// Each line a document, as `documents: line` reads them.
    @Test func mergesOfDocumentsAreThoseOfTokenizers() throws {
        let folder = TemporaryFolder()
        let lines = String(decoding: try text(SharedData.wikiTextValidation), as: UTF8.self)
            .split(separator: "\n").filter { $0.contains { $0 != " " } }.map(String.init)
        var config = BytePairTokenizer.Config()
        config.vocabularySize = 4096
        let vocabulary = try fit(BytePairTokenizer(config), onDocuments: lines)
        try run("documents", SharedData.wikiTextValidation, "4096", "2", folder.path + "/theirs.json")
        let theirs = try model(text(folder.path + "/theirs.json"))
        let ours = try model(Data(vocabulary.files["tokenizer.json"] ?? []))
        #expect(ours.merges == theirs.merges)
        #expect(ours.vocabulary == theirs.vocabulary)
    }

    /// The tokenizers library loads our file and encodes alike; the file that it saves loads here and encodes alike.
    @Test func tokenizerJSONRoundTrip() throws {
        let folder = TemporaryFolder()
        var config = BytePairTokenizer.Config()
        config.vocabularySize = 8192
        let trained = try text(SharedData.wikiTextTraining).withUnsafeBytes {
            try BytePairTokenizer(config).fit($0.bindMemory(to: UInt8.self))
        }
        let published = try fit(GPT2Tokenizer(.init(path: SharedData.vocabulary)))
        let validation = try text(SharedData.wikiTextValidation)
        for (name, vocabulary) in [("trained", trained), ("published", published)] {
            let path = folder.file(name + ".json", vocabulary.files["tokenizer.json"] ?? [])
            try run("encode", path, SharedData.wikiTextValidation, folder.path + "/" + name + "-back")
            let ours = try encode(vocabulary, validation)
            #expect(try ids(String(contentsOfFile: folder.path + "/" + name + "-back.ids", encoding: .utf8)) == ours)
            let back = try fit(GPT2Tokenizer(.init(path: folder.path + "/" + name + "-back.json")))
            #expect(back.files == vocabulary.files)
            #expect(try encode(back, validation) == ours)
        }
    }
}

private let python = ProcessInfo.processInfo.environment["LATHE_INTEROP_PYTHON"]
