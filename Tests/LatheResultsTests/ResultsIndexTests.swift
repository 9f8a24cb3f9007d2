import Foundation
import LatheResults
import LatheSystem
import Testing

@Suite struct ResultsIndexTests {
    private let folder: TemporaryFolder
    private var index: ResultsIndex { ResultsIndex(ResultsFolder(path: folder.path)) }

    init() throws { folder = try TemporaryFolder() }

    /// A run whose files look old to the file system's clock.
    @discardableResult
    private func add(_ name: String, minute: Int, status: RunStatus = .completed, bits: Double = 2) throws -> RunFolder
    {
        var record = RunRecord(
            name: name, identity: "identity\(minute)", seed: UInt64(minute), latheVersion: "1",
            configuration: ["model.type": "lstm", "seed": "\(minute)"],
            created: Timestamp(milliseconds: 1_772_357_400_000 + minute * 60_000))
        record.status = status
        record.ended = Timestamp(milliseconds: 1)
        let run = try RunFolder.create(in: folder.path, record: record).folder
        if status == .completed { try summary(bits).write(to: run.summary) }
        return run
    }

    private func summary(_ bits: Double) -> RunSummary {
        RunSummary(
            steps: 5, tokens: 50, final: [MetricName.validationBitsPerByte: bits],
            best: [MetricName.validationBitsPerByte: bits], bestStep: 5,
            verdict: OverfittingVerdict(kind: .improving, text: ""), seconds: 3, parameters: 7)
    }

    /// An index entry is trusted once its files are older than the clock's coarsest tick.
    private func settle() { Thread.sleep(forTimeInterval: 2.1) }

    @Test func aSecondLookReadsNothing() throws {
        for minute in 0..<3 { try add("a", minute: minute) }
        settle()
        let first = index.look(), second = index.look()
        #expect(first.readCount == 3 && second.readCount == 0)
        #expect(first.runs == second.runs && first.runs.map(\.seed) == [0, 1, 2])
    }

    @Test func everyPartOfARunSurvives() throws {
        let run = try add("ä", minute: 1)
        try run.updateRecord { record in
            record.parent = RunRecord.Parent(run: "p", step: -3)
            record.failure = "it \u{1F4A5}"
            record.seed = .max
            record.hashes = HashesRecord(data: "d", validation: "v", tokenizer: "t", spec: "s", configuration: "c")
        }
        var full = summary(-0.0)
        full.gapToTraining = 0.25
        full.flopsPerToken = 1e9
        full.bytesPerToken = 4.25
        full.tokensPerSecond = .infinity
        full.peakMegabytes = 100
        full.floorBitsPerByte = 0.5
        full.acceptedShare = 0.75
        full.unrankedReason = "r"
        try full.write(to: run.summary)
        settle()
        let first = index.look(), second = index.look()
        #expect(second.readCount == 0 && first.runs == second.runs)
        let digest = try #require(second.runs.first)
        for value in [
            Mirror(reflecting: digest), Mirror(reflecting: digest.figures), Mirror(reflecting: digest.hashes),
        ] {
            for child in value.children {
                let isSet = Mirror(reflecting: child.value).displayStyle != .optional || "\(child.value)" != "nil"
                #expect(isSet, "\(child.label ?? "?") is not tested")
            }
        }
        #expect(digest.figures.final[MetricName.validationBitsPerByte]?.sign == .minus)
    }

    @Test func whatChangedIsReadAgain() throws {
        let changed = try add("a", minute: 0)
        let removed = try add("a", minute: 1)
        let stays = try add("b", minute: 2)
        settle()
        _ = index.look()
        try summary(9).write(to: changed.summary)
        try DurableFolder.remove(removed.path)
        let added = try add("c", minute: 3)
        let look = index.look()
        #expect(look.readCount == 2 && look.runs.map(\.path) == [changed, stays, added].map(\.path))
        #expect(look.runs[0].figures.final[MetricName.validationBitsPerByte] == 9)
    }

    @Test func aFileThatMayStillChangeIsNotTrusted() throws {
        let run = try add("a", minute: 0)
        _ = index.look()
        // The same size, perhaps within the same clock tick.
        try summary(3).write(to: run.summary)
        #expect(index.look().runs[0].figures.final[MetricName.validationBitsPerByte] == 3)
    }

    @Test func aDamagedIndexIsMadeAgain() throws {
        for minute in 0..<20 { try add("a", minute: minute) }
        settle()
        let runs = index.look().runs
        let good = Array(try Data(contentsOf: URL(fileURLWithPath: index.path)))
        var random = SystemRandomNumberGenerator()
        for attempt in 0..<60 {
            var bytes = good
            switch attempt % 4 {
            case 0:
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            case 2: bytes.append(0)
            default:
                bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            }
            try folder.write(bytes, to: ".index")
            let look = index.look()
            #expect(look.runs == runs && look.readCount == 20 && look.problems.isEmpty)
        }
        #expect(index.look().readCount == 0)
        try folder.write("", to: ".index")
        try FileManager.default.removeItem(atPath: index.path)
        try DurableFolder.create(index.path)
        #expect(index.look().runs == runs)
    }

    @Test func runsThatAreDamagedAreToldEachTime() throws {
        let good = try add("a", minute: 0)
        let torn = try add("a", minute: 1)
        let figures = try add("a", minute: 2)
        try DurableFile.write("{", to: torn.record)
        try DurableFile.write("{", to: figures.summary)
        settle()
        for _ in 0..<2 {
            let look = index.look()
            #expect(look.runs.map(\.path) == [good.path, figures.path])
            #expect(look.runs[1].figures.final.isEmpty)
            #expect(
                look.problems.map(\.message) == [
                    "\(torn.record): not valid JSON (truncated or edited?)",
                    "\(figures.summary): not valid JSON (truncated or edited?)",
                ])
            #expect(look.problems.map(\.folder) == [torn.path, figures.path])
        }
    }

    @Test func whatARunAtWorkHoldsIsNotKept() throws {
        let run = try add("a", minute: 0, status: .running)
        settle()
        do {
            let lock = try run.lock()
            #expect(index.look().runs.map(\.status) == [.running])
            withExtendedLifetime(lock) {}
        }
        #expect(index.look().runs.map(\.status) == [.interrupted])
    }

    @Test func anIndexThatMovesWithItsFolderStillHolds() throws {
        try add("a", minute: 0)
        settle()
        _ = index.look()
        let other = folder.path + "-moved"
        try FileManager.default.moveItem(atPath: folder.path, toPath: other)
        defer { try? FileManager.default.moveItem(atPath: other, toPath: folder.path) }
        let look = ResultsIndex(ResultsFolder(path: other)).look()
        #expect(look.readCount == 0 && look.runs.first?.path.hasPrefix(other + "/a/") == true)
    }

    @Test func manyLooksAtOnceAgree() async throws {
        for minute in 0..<30 { try add("a", minute: minute) }
        settle()
        let path = folder.path
        try await withThrowingTaskGroup(of: [RunDigest].self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for _ in 0..<10 {
                        if worker == 0 { try? DurableFolder.remove(path + "/.index") }
                        let look = ResultsIndex(ResultsFolder(path: path)).look()
                        if look.runs.count != 30 { return [] }
                    }
                    return ResultsIndex(ResultsFolder(path: path)).look().runs
                }
            }
            let all = try await group.reduce(into: []) { $0.append($1) }
            #expect(all.allSatisfy { $0.count == 30 && $0 == all[0] })
        }
        #expect(try folder.names == [".index", "a"])
    }
}
