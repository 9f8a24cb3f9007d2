import Foundation
import LatheSpec
import TestSupport
import Testing

/// Removed after the test.
private final class Folder {
    let path: String

    init(_ files: [String: String]) throws {
        path = NSTemporaryDirectory() + "lathe-" + UUID().uuidString
        for (name, text) in files {
            let url = URL(filePath: path + "/" + name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: false, encoding: .utf8)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func load(_ name: String, _ overrides: String...) -> LoadedSpec<Experiment> {
        loader.load(path + "/" + name, overrides: overrides)
    }

    /// Messages without the folder's path.
    func messages(_ name: String, _ overrides: String...) -> String {
        loader.load(path + "/" + name, overrides: overrides).problems.description
            .replacingOccurrences(of: path + "/", with: "")
    }
}

@Suite struct ExtendsTests {
    private let base = """
        name: base
        data:
          source: {type: text, path: input.txt}
        model: {type: transformer, layers: 2, heads: 2}
        optimizer: {type: sgd, momentum: 0.9}
        """

    @Test func layersMergeDeeply() throws {
        let folder = try Folder([
            "base.yaml": base,
            "more/child.yaml": "extends: ../base.yaml\nname: child\nmodel: {layers: 8}\noptimizer: adamw\n",
        ])
        let loaded = folder.load("more/child.yaml", "seed=7")
        let spec = try loaded.get()
        #expect(spec.name == "child")
        #expect(spec.seed == 7)
        #expect(spec.model.resolved["layers"]?.text == "8")
        #expect(spec.model.resolved["heads"]?.text == "2")
        #expect(spec.optimizer.resolved["momentum"] == nil)
        #expect(spec.paths.map(\.resolved) == [SpecPath(folder.path + "/input.txt").resolved])
        #expect(loaded.files.map { $0.name.split(separator: "/").last } == ["child.yaml", "base.yaml"])
        #expect(loaded.files.map(\.text).last == base)
        #expect(loaded.node?["extends"] == nil)
    }

    @Test func laterFilesOfAListWin() throws {
        let folder = try Folder([
            "base.yaml": base, "wide.yaml": "model: {width: 256}\nseed: 1\n", "seed.yaml": "seed: 2\n",
            "child.yaml": "extends: [base.yaml, wide.yaml, seed.yaml]\nname: child\n",
        ])
        let spec = try folder.load("child.yaml").get()
        #expect(spec.seed == 2)
        #expect(spec.model.resolved["width"]?.text == "256")
    }

    @Test func problemsAreReportedInTheirFile() throws {
        let folder = try Folder([
            "base.yaml": base + "\nseed: x\n", "child.yaml": "extends: base.yaml\nsed: 2\n",
        ])
        expectText(
            folder.messages("child.yaml"),
            """
            child.yaml:2:1: error: unknown key 'sed' in the spec; did you mean 'seed'?
                2 | sed: 2
                  | ^
            base.yaml:6:7: error: 'seed': found 'x', expected a whole number
                6 | seed: x
                  |       ^
            """)
    }

    @Test func cyclesAndMissingFiles() throws {
        let folder = try Folder([
            "self.yaml": "extends: ./self.yaml\n", "a.yaml": "extends: b.yaml\n", "b.yaml": "extends: a.yaml\n",
            "lost.yaml": "extends: nowhere.yaml\nsed: 1\n", "odd.yaml": "extends: [{a: 1}, ]\n",
            "folder.yaml": "extends: .\n", "list.yaml": "- a\n", "onlist.yaml": "extends: list.yaml\n",
        ])
        expectText(
            folder.messages("self.yaml"),
            """
            self.yaml:1:10: error: a file cannot extend itself: ./self.yaml
                1 | extends: ./self.yaml
                  |          ^
            """)
        expectText(
            folder.messages("a.yaml"),
            """
            b.yaml:1:10: error: these files extend each other: a.yaml
                1 | extends: a.yaml
                  |          ^
            """)
        expectText(
            folder.messages("lost.yaml"),
            """
            lost.yaml:1:10: error: nowhere.yaml: no such file
                1 | extends: nowhere.yaml
                  |          ^
            lost.yaml:2:1: error: unknown key 'sed' in the spec; did you mean 'seed'?
                2 | sed: 1
                  | ^
            """)
        expectText(
            folder.messages("odd.yaml"),
            """
            odd.yaml:1:11: error: 'extends': found a mapping, expected the path of a spec
                1 | extends: [{a: 1}, ]
                  |           ^
            """)
        #expect(folder.messages("folder.yaml").contains("a folder, not a file"))
        #expect(folder.messages("onlist.yaml").hasPrefix("list.yaml:1:1: error: found a list, expected a mapping"))
    }

    @Test func manyFilesAreBounded() throws {
        var files: [String: String] = [:]
        for index in 0..<40 { files["\(index).yaml"] = "extends: [\(index + 1).yaml, \(index + 1).yaml]\n" }
        files["40.yaml"] = base
        let folder = try Folder(files)
        #expect(folder.messages("0.yaml").contains("a spec can consist of at most 64 files"))
    }

    @Test func filesThatCannotBeRead() throws {
        let folder = try Folder(["empty.yaml": "", "comment.yaml": "# nothing\n"])
        #expect(folder.messages("none.yaml") == "none.yaml: error: no such file")
        #expect(folder.messages("empty.yaml") == "empty.yaml: error: the file is empty")
        #expect(folder.messages("comment.yaml") == "comment.yaml: error: the file is empty")
        #expect(folder.messages("none.yaml", "seed").contains("command line: seed: error"))
        try Data("name: x\ndescription: \u{e9}a".utf8 + [0xFF, 0x41]).write(
            to: URL(filePath: folder.path + "/bytes.yaml"))
        expectText(
            folder.messages("bytes.yaml"),
            """
            bytes.yaml:2:16: error: invalid UTF-8: unexpected byte 0xFF
                2 | description: éa\u{FFFD}A
                  |                ^
            """)
        try Data([0xFF, 0xFE, 0x61, 0x00]).write(to: URL(filePath: folder.path + "/utf16.yaml"))
        #expect(folder.messages("utf16.yaml").contains("looks like UTF-16: save it as UTF-8"))
        let large = FileManager.default.createFile(atPath: folder.path + "/large.yaml", contents: Data(count: 5 << 20))
        #expect(large)
        #expect(
            folder.messages("large.yaml") == "large.yaml: error: larger than 4 MiB, the maximum for a spec")
    }
}
