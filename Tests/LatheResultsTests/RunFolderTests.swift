import Foundation
import LatheResults
import LatheSystem
import Testing

@Suite struct RunFolderTests {
    private let results: TemporaryFolder

    init() throws { results = try TemporaryFolder() }

    private func record(_ name: String = "exp", identity: String = "abcdef0123456789", at milliseconds: Int = 0)
        -> RunRecord
    {
        RunRecord(
            name: name, identity: identity, seed: 1, latheVersion: "1",
            created: Timestamp(milliseconds: 1_772_357_400_250 + milliseconds))
    }

    @Test func aNewFolderHasItsRecordAndIsLocked() throws {
        let created = try RunFolder.create(in: results.path, record: record("My run: α/β"))
        #expect(created.folder.path == results.file("My-run-α-β/20260301-093000-abcdef01"))
        #expect(created.record.id == "20260301-093000-abcdef01")
        #expect(try created.folder.readRecord() == created.record)
        #expect(RunLock.isHeld(folder: created.folder.path))
        let updated = try created.folder.updateRecord { $0.status = .running }
        #expect(try created.folder.readRecord() == updated && updated.status == .running)
        #expect(created.folder.sample(step: 5).hasSuffix("/samples/step-5.txt"))
    }

    @Test func foldersOfTheSameSecondAreDistinct() async throws {
        let path = results.path
        let record = record()
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<12 { group.addTask { try RunFolder.create(in: path, record: record).record.id } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        let first = "20260301-093000-abcdef01"
        #expect(ids == Set([first] + (2...12).map { "\(first)-\($0)" }))
        #expect(Set(try DurableFolder.names(in: results.file("exp"))) == ids)
        let look = ResultsIndex(ResultsFolder(path: path)).look()
        #expect(Set(look.runs.map(\.id)) == ids && look.problems.isEmpty)
    }

    @Test(arguments: [
        ("nanogpt-char_cpu.v2", "nanogpt-char_cpu.v2"), ("../../etc/passwd", "etc-passwd"), ("", "experiment"),
        ("...", "experiment"), ("Sweeps", "experiment-Sweeps"), (".hidden", "hidden"), ("a  b\n\u{0}c", "a-b-c"),
        ("学習 1", "学習-1"), (String(repeating: "é", count: 400), String(repeating: "é", count: 50)),
    ])
    func experimentNamesBecomeFolderNames(name: String, slug: String) {
        #expect(ExperimentSlug.slug(name) == slug)
    }

    @Test func checkpointsAppearWholeAndLinksFollow() throws {
        struct Crash: Error {}
        let run = try RunFolder.create(in: results.path, record: record()).folder
        #expect(try run.checkpointSteps().isEmpty && run.step(of: .last) == nil)
        for step in [0, 250, 1000, 500] {
            try run.publishCheckpoint(step: step) { try DurableFile.write("\(step)", to: $0 + "/trainer.json") }
            try run.point(.last, toStep: step)
        }
        try run.point(.best, toStep: 250)
        #expect(throws: Crash.self) { try run.publishCheckpoint(step: 2000) { _ in throw Crash() } }
        try DurableFolder.create(run.checkpoints + "/step-007")
        #expect(try run.checkpointSteps() == [0, 250, 500, 1000])
        #expect(run.step(of: .last) == 500 && run.step(of: .best) == 250)
        #expect(try DurableFile.read(run.checkpoints + "/best/trainer.json") == Array("250".utf8))
        try run.pruneCheckpoints(keep: 3)
        #expect(try run.checkpointSteps() == [250, 500, 1000])
        try run.pruneCheckpoints(keep: 1)
        #expect(try run.checkpointSteps() == [250, 500])
        try run.removeCheckpoint(step: 500)
        #expect(run.step(of: .last) == nil)
        try DurableFolder.create(run.checkpoints + "/.step-9.1-1.tmp")
        try run.removeLeftovers()
        #expect(try DurableFolder.names(in: run.checkpoints) == ["best", "last", "step-007", "step-250"])
    }

    @Test func theLockExcludesOthersAndNamesItsHolder() throws {
        var created: RunFolder.Created? = try RunFolder.create(in: results.path, record: record())
        let run = try #require(created).folder
        let holder = "process \(ProcessInfo.processInfo.processIdentifier) on "
        #expect { try run.lock() } throws: { ($0 as? RunInUse)?.holder.hasPrefix(holder) == true }
        created = nil
        #expect(!RunLock.isHeld(folder: run.path))
        let lock = try run.lock()
        #expect(lock.folder == run.path && RunLock.isHeld(folder: run.path))
        #expect(throws: FileError.self) { try RunFolder(path: results.file("none")).lock() }
    }

    @Test func aKilledProcessLeavesAnInterruptedRun() throws {
        let run = try RunFolder.create(in: results.path, record: record()).folder
        try run.updateRecord { $0.status = .running }
        #expect(try StoredRun(folder: run).status == .interrupted)
        // util-linux's flock takes the same lock from another process.
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["flock", "--no-fork", run.path + "/.lock", "sh", "-c", "echo locked; exec sleep 60"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        _ = output.fileHandleForReading.availableData
        #expect(try StoredRun(folder: run).status == .running)
        #expect(throws: RunInUse.self) { try run.lock() }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try StoredRun(folder: run).status == .interrupted)
        _ = try run.lock()
        try run.updateRecord { $0.status = .completed }
        #expect(try StoredRun(folder: run).status == .completed)
    }

    @Test func lookingDoesNotKeepAnotherFromLocking() async throws {
        let run = try RunFolder.create(in: results.path, record: record()).folder
        let looking = Task.detached {
            while !Task.isCancelled {
                _ = RunLock.isHeld(folder: run.path)
                await Task.yield()
            }
        }
        for _ in 0..<200 { _ = try run.lock() }
        looking.cancel()
        await looking.value
    }
}
