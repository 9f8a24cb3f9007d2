import Foundation
import LatheResults
import Testing

/// A folder for one test, with its own cache, results folder and texts, in which the command runs.
final class Sandbox: Sendable {
    /// Without symbolic links, as the command sees it.
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.resolvingSymlinksInPath().path
        try write(Texts.sentences(6000, seed: 1), to: "a.txt")
        try write(Specs.transformer, to: "gpt.yaml")
        try write(Specs.lstm, to: "lstm.yaml")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ text: String, to name: String) throws { try write(bytes: Array(text.utf8), to: name) }

    func write(bytes: [UInt8], to name: String) throws {
        let folder = URL(fileURLWithPath: file(name)).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: name.hasPrefix("/") ? name : file(name))))
    }

    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: file(folder))) ?? []).sorted()
    }

    func start(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws -> RunningCommand
    {
        try RunningCommand(Lathe.path, arguments, in: self, input: input, environment: environment)
    }

    @discardableResult
    func lathe(_ arguments: String..., input: String = "", environment: [String: String] = [:]) throws
        -> CommandOutcome
    { try start(arguments, input: input, environment: environment).wait() }

    /// Runs the command and expects exit code 0.
    @discardableResult
    func done(_ arguments: String..., input: String = "", sourceLocation: SourceLocation = #_sourceLocation) throws
        -> CommandOutcome
    {
        let outcome = try start(arguments, input: input).wait()
        #expect(outcome.code == 0, "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
        return outcome
    }

    /// Oldest first.
    var runs: [RunFolder] { ResultsIndex(ResultsFolder(path: file("results"))).look().runs.map(\.folder) }

    func run(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> RunFolder {
        let outcome = try start(["run"] + arguments + ["--quiet"]).wait()
        try #require(outcome.code == 0, "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
        return RunFolder(path: file(outcome.output.trimmingCharacters(in: .newlines)))
    }
}

enum Lathe {
    /// The executable, beside the test bundle.
    static let path: String = {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? Bundle.main
        let folder =
            bundle.bundlePath.hasSuffix(".xctest") ? bundle.bundleURL.deletingLastPathComponent() : bundle.bundleURL
        return folder.appendingPathComponent("lathe").resolvingSymlinksInPath().path
    }()
}

struct CommandOutcome: Sendable {
    /// Nil if a signal ended it.
    var code: Int32?
    var signal: Int32?
    var output: String
    var errors: String

    /// No message comes from a crash.
    var isWithoutTrace: Bool {
        let all = output + errors
        return !["Fatal error", "Swift runtime", "Backtrace", "Thread 0", "Stack dump", "*** "].contains {
            all.contains($0)
        }
    }
}
