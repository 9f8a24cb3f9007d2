import Foundation
import LatheResults
import LatheSystem
import Testing

@Suite struct ResultsFolderTests {
    private let folder: TemporaryFolder
    private let results: ResultsFolder

    init() throws {
        folder = try TemporaryFolder()
        results = ResultsFolder(path: folder.path)
    }

    @discardableResult
    private func add(_ name: String, _ identity: String, minute: Int) throws -> String {
        let record = RunRecord(
            name: name, identity: identity, seed: 1, latheVersion: "1",
            created: Timestamp(milliseconds: 1_772_357_400_000 + minute * 60_000))
        return try RunFolder.create(in: folder.path, record: record).folder.path
    }

    private func message(_ address: String) -> String {
        do { return "found \(try results.run(address).id)" } catch { return "\(error)" }
    }

    @Test func runsAreFoundByPathIdPrefixAndLast() throws {
        let first = try add("a", "ffff0000ff", minute: 0)
        try add("a", "ffff1111ff", minute: 1)
        let last = try add("b", "0000aaaaff", minute: 2)
        for (address, path) in [
            (first, first), (first + "/", first), (first + "/run.json", first), ("20260301-093000-ffff0000", first),
            ("20260301-093000", first), ("ffff0", first), ("last", last), ("20260301-0932", last),
            ("a/20260301-093000", first),
            ("b/last", last), ("b/0000", last),
        ] {
            #expect(try results.run(address).folder.path == path, "\(address)")
        }
        #expect(try results.run("a/last").id == "20260301-093100-ffff1111")
    }

    @Test func wrongAddressesSayWhatThereIs() throws {
        #expect(
            message("last") == """
                no run 'last' in \(folder.path); name a run by its path, its id, a unique prefix of its id, or 'last'
                (there are no runs there; choose another folder with --results)
                """)
        let first = try add("a", "ffff0000ff", minute: 0)
        let second = try add("b", "ffff1111ff", minute: 1)
        #expect(
            message("ffff") == """
                'ffff' matches 2 runs; give more of the id, or a path:
                  \(first)
                  \(second)
                """)
        #expect(message("2026").hasPrefix("'2026' matches 2 runs"))
        #expect(
            message("x") == """
                no run 'x' in \(folder.path); name a run by its path, its id, a unique prefix of its id, or 'last'; the newest are:
                  20260301-093100-ffff1111
                  20260301-093000-ffff0000
                """)
        for address in ["", "/", "//", "a/", "c/last", "..", "\u{0}"] {
            #expect(message(address).hasPrefix("no run '\(address)' in"), "\(address)")
        }
    }

    @Test func foreignAndBrokenThingsDoNotHideRuns() throws {
        let good = try add("a", "ffff0000ff", minute: 0)
        let torn = try add("a", "ffff1111ff", minute: 1)
        try DurableFile.write("{\"schema_version\": 1, \"id", to: torn + "/run.json")
        try DurableFolder.create(folder.file("a/half-made"))
        try DurableFolder.create(folder.file("a/.hidden.1-1.tmp"))
        try DurableFolder.create(folder.file("sweeps/s"))
        try folder.write("", to: "README.md")
        try folder.write("", to: "a/notes.txt")
        try DurableFolder.create(folder.file("a/strange/run.json"))
        try RelativeLink.point(folder.file("loop"), to: "loop")
        let contents = ResultsIndex(results).look()
        #expect(contents.runs.map(\.path) == [good])
        #expect(
            contents.problems.map(\.message).sorted() == [
                "\(torn)/run.json: not valid JSON (truncated or edited?)",
                "\(folder.path)/a/strange/run.json: cannot read: Is a directory",
            ])
        #expect(ResultsIndex(ResultsFolder(path: folder.file("none"))).look().runs.isEmpty)
        #expect(ResultsIndex(ResultsFolder(path: folder.file("README.md"))).look().problems.count == 1)
        #expect(message("nothing").hasSuffix("(2 could not be read: see 'lathe runs')"))
        #expect(message(torn).contains("not valid JSON"))
    }
}
