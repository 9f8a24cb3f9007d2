import Foundation
import Testing

/// The package as SwiftPM reads it.
struct Package {
    let root: URL
    let manifest: String
    /// The output of `swift package dump-package`.
    let dump: String
    let targets: [Target]
    /// The version requirement of each dependency.
    let requirements: [(name: String, requirement: [String: Any])]

    var modules: Set<String> { Set(targets.map(\.name)) }

    init() throws {
        root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
        dump = try Self.dumped(root)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(dump.utf8)) as? [String: Any])
        targets = try #require(json["targets"] as? [[String: Any]]).map(Target.init)
        requirements = (json["dependencies"] as? [[String: Any]] ?? []).flatMap { entry in
            entry.flatMap { kind, values in
                (values as? [[String: Any]] ?? []).map { value in
                    let requirement = value["requirement"] as? [String: Any]
                    return (value["identity"] as? String ?? kind, requirement ?? ["\(kind)": ""])
                }
            }
        }
    }

    func target(_ name: String) throws -> Target { try #require(targets.first { $0.name == name }) }

    /// Recursive; paths are relative to the root.
    func paths(under folder: String) -> [String] {
        (FileManager.default.subpaths(atPath: root.appending(path: folder).path) ?? []).map { folder + "/" + $0 }
            .sorted()
    }

    /// With its own scratch folder: the tests' is locked while they run.
    private static func dumped(_ root: URL) throws -> String {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "lathe-package-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let output = scratch.appending(path: "dump.json"), errors = scratch.appending(path: "errors.txt")
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "swift", "package", "--package-path", root.path, "--scratch-path", scratch.appending(path: "build").path,
            "dump-package",
        ]
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        let message = try String(contentsOf: errors, encoding: .utf8)
        try #require(process.terminationStatus == 0, "\(message)")
        return try String(contentsOf: output, encoding: .utf8)
    }
}

struct Target {
    let name: String
    let type: String
    /// Relative to the root.
    let folder: String
    /// Targets and products.
    let dependencies: [String]
    let settings: String

    var isPlugin: Bool { folder.hasPrefix("Plugins/") }

    init(_ json: [String: Any]) throws {
        let name = try #require(json["name"] as? String)
        let type = try #require(json["type"] as? String)
        self.name = name
        self.type = type
        folder = json["path"] as? String ?? (type == "test" ? "Tests/" : "Sources/") + name
        dependencies = (json["dependencies"] as? [[String: Any]] ?? []).compactMap { entry in
            entry.values.lazy.compactMap { ($0 as? [Any])?.first as? String }.first
        }
        settings = "\(json["settings"] ?? "")"
    }

    func swiftFiles(in root: URL) throws -> [SwiftFile] {
        let names = FileManager.default.subpaths(atPath: root.appending(path: folder).path) ?? []
        return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
            let path = folder + "/" + name
            return SwiftFile(path: path, text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
        }
    }

    func isC(in root: URL) -> Bool {
        (FileManager.default.subpaths(atPath: root.appending(path: folder).path) ?? []).contains { $0.hasSuffix(".c") }
    }
}

struct SwiftFile {
    /// Relative to the root.
    let path: String
    let text: String

    /// The text without comments.
    var code: String { text.replacing(/\/\/.*/, with: "") }

    var imports: [String] {
        let pattern =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
        return text.split(whereSeparator: \.isNewline).compactMap { $0.firstMatch(of: pattern).map { String($0.1) } }
    }

    /// The types that are visible outside the file.
    var typeNames: [String] {
        text.matches(of: /(?m)^(?:public |package )?(?:final )?(?:struct|class|enum) (\w+)/).map { String($0.1) }
    }
}
