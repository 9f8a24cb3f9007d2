import Foundation
import LatheResults
import LatheSystem
import Testing

@Suite struct RecordTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var record: RunRecord {
        var record = RunRecord(
            name: "a/b", identity: "0123456789abcdef", seed: .max, latheVersion: "0.1.0",
            commandLine: ["lathe", "run", "a.yaml"], configuration: ["model.type": "lstm", "seed": "1"],
            created: Timestamp(milliseconds: 1_772_357_400_250))
        record.id = "20260301-093000-01234567"
        record.parent = .init(run: "other", step: 250)
        record.status = .failed
        record.failure = "loss is nan"
        record.exitCode = 1
        record.machine = MachineRecord(
            host: "h", processor: "p", cores: 2, simdLevel: "x86-64-v4", system: "Linux", memoryMegabytes: 512)
        record.blas = LinearAlgebraRecord(library: "OpenBLAS 0.3.21", kernel: "SkylakeX", threads: 2, coreType: "Zen")
        record.git = GitRecord(commit: nil, dirty: true)
        record.hashes.data = "dd"
        return record
    }

    @Test func runRecordIsWrittenInAStableForm() throws {
        try record.write(to: folder.file("run.json"))
        #expect(
            try folder.text("run.json") == """
                {
                  "blas" : {
                    "kernel" : "SkylakeX",
                    "library" : "OpenBLAS 0.3.21",
                    "openblas_coretype" : "Zen",
                    "threads" : 2
                  },
                  "command_line" : [
                    "lathe",
                    "run",
                    "a.yaml"
                  ],
                  "configuration" : {
                    "model.type" : "lstm",
                    "seed" : "1"
                  },
                  "created" : "2026-03-01T09:30:00.250Z",
                  "exit_code" : 1,
                  "failure" : "loss is nan",
                  "git" : {
                    "dirty" : true
                  },
                  "hashes" : {
                    "data" : "dd"
                  },
                  "id" : "20260301-093000-01234567",
                  "identity" : "0123456789abcdef",
                  "lathe_version" : "0.1.0",
                  "machine" : {
                    "cores" : 2,
                    "host" : "h",
                    "memory_mb" : 512,
                    "processor" : "p",
                    "simd_level" : "x86-64-v4",
                    "system" : "Linux"
                  },
                  "name" : "a/b",
                  "parent" : {
                    "run" : "other",
                    "step" : 250
                  },
                  "resumed" : [

                  ],
                  "schema_version" : 1,
                  "seed" : 18446744073709551615,
                  "status" : "failed"
                }

                """)
        #expect(try RunRecord.read(from: folder.file("run.json")) == record)
    }

    @Test func aTornRecordIsAnErrorWhereverItIsCut() throws {
        try record.write(to: folder.file("run.json"))
        let bytes = try DurableFile.read(folder.file("run.json"))
        for count in 0..<(bytes.count - 2) {
            try folder.write(bytes[..<count], to: "torn.json")
            #expect(throws: RecordError.self) { try RunRecord.read(from: folder.file("torn.json")) }
        }
    }

    @Test(arguments: [
        (#"{"schema_version": 2}"#, "written by a newer Lathe (schema_version 2); this one reads up to 1"),
        (#"{"schema_version": 1}"#, "'id' is missing"), ("{}", "'schema_version' is missing"),
        ("[]", "'' is not of type Dictionary<String, Any>"), ("{\"schema", "not valid JSON (truncated or edited?)"),
    ])
    func brokenRecordsAreExplained(text: String, problem: String) throws {
        try folder.write(text, to: "run.json")
        let path = folder.file("run.json")
        #expect { try RunRecord.read(from: path) } throws: { error in
            guard let error = error as? RecordError else { return false }
            return error.problem == problem && "\(error)" == "\(path): \(problem)"
        }
    }

    @Test func aWrongValueIsNamedByItsKey() throws {
        try record.write(to: folder.file("run.json"))
        let text = try folder.text("run.json").replacing("2026-03-01T09:30:00.250Z", with: "yesterday")
        try folder.write(text, to: "run.json")
        #expect { try RunRecord.read(from: folder.file("run.json")) } throws: {
            ($0 as? RecordError)?.problem == "'created': 'yesterday' is not a time such as 2026-03-01T09:30:00Z"
        }
    }

    @Test func summaryComesBackWithNumbersThatAreNotFinite() throws {
        var summary = RunSummary(
            steps: 2000, tokens: 1_536_000, final: ["validation/loss": .nan, "validation/perplexity": .infinity],
            best: ["validation/loss": 1.9], bestStep: 1750,
            verdict: OverfittingVerdict(kind: .diverged, text: "diverged"), seconds: 12.5, parameters: 1000)
        summary.floorBitsPerByte = 1.25
        summary.peakMegabytes = 100.5
        try summary.write(to: folder.file("summary.json"))
        let text = try folder.text("summary.json")
        #expect(text.contains("\"validation/loss\" : \"nan\"") && text.contains("\"peak_rss_mb\" : 100.5"))
        let read = try RunSummary.read(from: folder.file("summary.json"))
        #expect(read.final["validation/loss"]?.isNaN == true)
        #expect(read.final["validation/perplexity"] == .infinity)
        #expect(read.best == summary.best && read.verdict == summary.verdict && read.floorBitsPerByte == 1.25)
    }

    @Test func gitStateIsReadFromTheWorkTree() throws {
        func git(_ arguments: String...) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments =
                [
                    "git", "-C", folder.path, "-c", "user.name=n", "-c", "user.email=e@example.org", "-c",
                    "commit.gpgsign=false",
                ] + arguments
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
        }
        #expect(GitRecord.current(in: folder.file("missing")) == nil)
        try git("init", "-q")
        #expect(GitRecord.current(in: folder.path) == GitRecord(commit: nil, dirty: false))
        try folder.write("one", to: "file")
        try git("add", "file")
        try git("commit", "-qm", "one")
        let clean = try #require(GitRecord.current(in: folder.path))
        #expect(clean.commit?.count == 40 && !clean.dirty)
        try folder.write("untracked", to: "other")
        #expect(GitRecord.current(in: folder.path) == clean)
        try folder.write("two", to: "file")
        #expect(GitRecord.current(in: folder.path) == GitRecord(commit: clean.commit, dirty: true))
    }

    @Test func thisMachineIsDescribed() {
        let machine = MachineRecord.current(simdLevel: "x86-64-v3")
        #expect(!machine.host.isEmpty && !machine.processor.isEmpty && machine.cores >= 1)
        #expect(machine.simdLevel == "x86-64-v3")
        #if os(Linux)
            #expect(Memory.peakMegabytes > 1 && Memory.anonymousMegabytes > 0)
        #endif
    }
}
