import Foundation
import LatheSystem
import Synchronization
import Testing

@Suite struct FileTests {
    private let folder: TemporaryFolder

    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    init() throws { folder = try TemporaryFolder() }

    @Test func writingReplacesAWholeFileAndLeavesNothingElse() throws {
        try DurableFile.write("old", to: folder.file("a"))
        try DurableFile.write(Array(repeating: 7, count: 300_000), to: folder.file("a"))
        #expect(try DurableFile.read(folder.file("a")) == Array(repeating: 7, count: 300_000))
        #expect(try folder.names == ["a"])
        try DurableFile.write([], to: folder.file("a"))
        #expect(try DurableFile.read(folder.file("a")).isEmpty)
        let longest = String(repeating: "n", count: 255)
        try DurableFile.write("x", to: folder.file(longest))
        #expect(try folder.text(longest) == "x")
    }

    @Test func errorsNameOperationPathAndReason() throws {
        try folder.write("", to: "file")
        let inFile = folder.file("file/child")
        #expect { try DurableFile.write("x", to: inFile) } throws: {
            "\($0)" == "\(inFile): cannot create: Not a directory"
        }
        let missing = folder.file("missing")
        #expect { try DurableFile.read(missing) } throws: {
            "\($0)" == "\(missing): cannot open: No such file or directory" && ($0 as? FileError)?.isMissing == true
        }
        #expect(throws: FileError(operation: "read", path: folder.file("file"), code: EFBIG)) {
            try DurableFile.write("four", to: folder.file("file"))
            _ = try DurableFile.read(folder.file("file"), limit: 3)
        }
        // It reports no size and never ends.
        #expect(throws: FileError(operation: "read", path: "/dev/zero", code: EFBIG)) {
            _ = try DurableFile.read("/dev/zero", limit: 1000)
        }
        #expect(throws: FileError(operation: "create folder", path: folder.file("file"), code: ENOTDIR)) {
            try DurableFolder.create(folder.file("file"))
        }
    }

    /// The remedy depends on the operation and the file.
    @Test func theAdviceFits() {
        func error(_ operation: String, _ code: Int32) -> FileError {
            FileError(operation: operation, path: "a", code: code)
        }
        let denied = "Permission denied (check the permissions"
        #expect("\(error("create", EACCES))" == "a: cannot create: \(denied), or choose another folder with --results)")
        #expect(
            "\(error("create", EACCES).suggesting("name another file"))"
                == "a: cannot create: \(denied), or name another file)")
        #expect("\(error("open", EACCES))" == "a: cannot open: \(denied))")
        #expect(
            "\(error("write", ENOSPC).suggesting("name another file"))"
                == "a: cannot write: No space left on device (free some space, or name another file)")
    }

    #if os(Linux)
        @Test func aFullDiskIsSaidToBeOne() throws {
            let writer = try LineWriter(appendingTo: "/dev/full")
            #expect { try writer.append("{}") } throws: {
                "\($0)".hasPrefix("/dev/full: cannot write: No space left on device (free some space")
            }
        }
    #endif

    @Test func linesAreAppendedAndATornOneIsCutOff() throws {
        try folder.write("one\ntwo\nthr", to: "lines")
        do {
            let writer = try LineWriter(appendingTo: folder.file("lines"))
            try writer.append("drei")
            try writer.append("")
            try writer.sync()
        }
        #expect(try folder.text("lines") == "one\ntwo\ndrei\n\n")
        try folder.write("torn", to: "torn")
        _ = try LineWriter(appendingTo: folder.file("torn"))
        #expect(try folder.text("torn") == "")
    }

    @Test func concurrentWritersNeverMixTheirLines() async throws {
        let path = folder.file("lines")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let lines = try LineWriter(appendingTo: path)
                    for _ in 0..<200 { try lines.append(String(repeating: "\(writer)", count: 500)) }
                }
            }
            try await group.waitForAll()
        }
        let lines = try folder.text("lines").split(separator: "\n")
        #expect(lines.count == 800)
        #expect(lines.allSatisfy { $0.count == 500 && Set($0).count == 1 })
    }

    @Test func linksSwitchInOneStepAndStayRelative() throws {
        let link = folder.file("last")
        #expect(RelativeLink.target(of: link) == nil)
        try RelativeLink.point(link, to: "step-1")
        try RelativeLink.point(link, to: "step-2")
        #expect(RelativeLink.target(of: link) == "step-2")
        #expect(try folder.names == ["last"])
    }

    @Test func aReaderAlwaysFindsALink() async throws {
        let link = folder.file("last")
        try RelativeLink.point(link, to: "step-0")
        let done = Flag()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for step in 1...20 { #expect(throws: Never.self) { try RelativeLink.point(link, to: "step-\(step)") } }
                done.isSet.store(true, ordering: .relaxed)
            }
            while !done.isSet.load(ordering: .relaxed) {
                #expect(RelativeLink.target(of: link)?.hasPrefix("step-") == true)
                await Task.yield()
            }
        }
    }

    @Test func aFolderAppearsWholeOrNotAtAll() throws {
        struct Stop: Error {}
        let path = folder.file("a/b/c")
        #expect(throws: Stop.self) {
            try DurableFolder.publish(at: path) { hidden in
                try DurableFile.write("half", to: hidden + "/one")
                throw Stop()
            }
        }
        #expect(try DurableFolder.names(in: folder.file("a/b")).isEmpty)
        for text in ["first", "second"] {
            try DurableFolder.publish(at: path) { hidden in
                #expect(hidden.hasPrefix(folder.file("a/b/.c.")))
                try DurableFolder.create(hidden + "/inner")
                try DurableFile.write(text, to: hidden + "/inner/\(text)")
            }
            #expect(try DurableFolder.names(in: path + "/inner") == [text])
        }
        #expect(try DurableFolder.names(in: folder.file("a/b")) == ["c"])
    }

    #if os(Linux)
        @Test func replacingAFolderNeverLeavesItsNameEmpty() async throws {
            let done = Flag()
            let path = folder.file("folder")
            try DurableFolder.publish(at: path) { try DurableFile.write("0", to: $0 + "/file") }
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for step in 1...10 {
                        #expect(throws: Never.self) {
                            try DurableFolder.publish(at: path) { try DurableFile.write("\(step)", to: $0 + "/file") }
                        }
                    }
                    done.isSet.store(true, ordering: .relaxed)
                }
                while !done.isSet.load(ordering: .relaxed) {
                    #expect((try? DurableFolder.names(in: path)) != nil)
                    await Task.yield()
                }
            }
            #expect(try folder.names == ["folder"])
            #expect(try folder.text("folder/file") == "10")
        }
    #endif

    @Test func removingTakesLinksNotWhatTheyPointTo() throws {
        try folder.write("stay", to: "outside")
        try DurableFolder.create(folder.file("gone/inner"))
        try RelativeLink.point(folder.file("gone/inner/link"), to: "../../outside")
        try DurableFolder.remove(folder.file("gone"))
        try DurableFolder.remove(folder.file("gone"))
        try DurableFolder.retire(folder.file("gone"))
        #expect(try folder.names == ["outside"])
        try folder.write("", to: ".x.1-1.tmp")
        try folder.write("", to: ".keep")
        try DurableFolder.removeLeftovers(in: folder.path)
        #expect(try folder.names == [".keep", "outside"])
    }
}
