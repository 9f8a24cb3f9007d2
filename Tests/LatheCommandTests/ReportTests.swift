import Foundation
import LatheResults
import Testing

@Suite struct ReportTests {
    /// The data embedded in the page.
    private func data(_ page: String) throws -> [String: Any] {
        let text = page.components(separatedBy: "id=\"data\">")[1].components(separatedBy: "</script>")[0]
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func runs(_ page: [String: Any]) -> [[String: Any]] { page["runs"] as? [[String: Any]] ?? [] }

    @Test func aRunOfItsOwn() throws {
        let sandbox = try Sandbox()
        let folder = try sandbox.run("gpt.yaml")
        let outcome = try sandbox.done("report")
        #expect(outcome.output == "report.html\n" && outcome.errors.isEmpty)
        let page = try data(sandbox.text("report.html")), run = try #require(runs(page).first)
        #expect(runs(page).count == 1 && run["id"] as? String == folder.name)
        #expect(page["title"] as? String == "gpt")
        let final = try #require(try folder.readSummary()?.final[MetricName.validationBitsPerByte])
        #expect((run["final"] as? [String: Double])?[MetricName.validationBitsPerByte] == final)
        #expect((run["samples"] as? [[Any]])?.compactMap { $0[0] as? Int } == [20, 40, 60])
        #expect((run["tracks"] as? [[String: Any]])?.first?["steps"] as? [Int] == [1, 1, 60])
        #expect(try sandbox.done("report", "-o", "-").output == sandbox.text("report.html") && !sandbox.exists("-"))
    }

    @Test func whatIsNamedIsShown() throws {
        let sandbox = try Sandbox(), stored = StoredRuns(results: sandbox.file("results"))
        for (kind, end) in [("lstm", 1.2), ("transformer", 1.1)] {
            for seed: UInt64 in 1...3 { try stored.add(kind, ["model.type": kind], seed: seed, end: end, steps: 100) }
        }
        try sandbox.done("report", "lstm", "-o", "one.html", "--title", "A <b>title</b>")
        let one = try sandbox.text("one.html")
        #expect(runs(try data(one)).count == 3 && one.contains("<title>A &lt;b&gt;title&lt;/b&gt;</title>"))
        try sandbox.done("report", "--where", "model.type=transformer", "--where", "seed>1", "-o", "two.html")
        #expect(
            runs(try data(sandbox.text("two.html"))).map { $0["name"] as? String } == ["transformer", "transformer"])
        try sandbox.done("report", "-o", "all.html")
        let all = try data(sandbox.text("all.html"))
        #expect(runs(all).count == 6 && all["keys"] as? [String] == ["model.type"])
        let configurations = try #require(all["configurations"] as? [[String: Any]])
        #expect(configurations.map { $0["counted"] as? Int } == [3, 3])
        #expect((configurations[1]["difference"] as? [String: Any])?["verdict"] is String)
    }

    @Test func aBrokenRunIsLeftOutWithAWord() throws {
        let sandbox = try Sandbox(), stored = StoredRuns(results: sandbox.file("results"))
        try stored.add("good", ["model.type": "lstm"], seed: 1, end: 1, steps: 100)
        let broken = try stored.add("broken", ["model.type": "gpt"], seed: 1, end: 1, steps: 100)
        try sandbox.write("{\"step\":\nnonsense\n{}\n", to: String(broken.metrics.dropFirst(sandbox.path.count + 1)))
        let outcome = try sandbox.done("report")
        #expect(outcome.errors.contains("warning: ") && outcome.errors.contains("metrics.jsonl"))
        #expect(outcome.isWithoutTrace)
        #expect(runs(try data(sandbox.text("report.html"))).count == 2)
    }

    @Test func mistakesEndWithTwoAndLeaveThePageAsItWas() throws {
        let sandbox = try Sandbox()
        try sandbox.write("old", to: "report.html")
        let empty = try sandbox.lathe("report")
        #expect(empty.code == 2 && empty.errors.contains("no runs in results"))
        try StoredRuns(results: sandbox.file("results")).add("n", ["model.type": "lstm"], seed: 1, end: 1, steps: 50)
        for (arguments, word) in [
            (["nosuch"], "'nosuch'"), (["--where", "model.typ=lstm"], "did you mean 'model.type'"),
            (["--where", "seed>7"], "no run matches seed>7"), (["-o", "nosuch/report.html"], "nosuch/report.html"),
            (["-o", "results"], "is a folder"), (["-o", ""], "--output is empty"), (["--were", "a=b"], "--were"),
        ] {
            let outcome = try sandbox.start(["report"] + arguments).wait()
            #expect(outcome.code == 2 && outcome.errors.contains(word), "\(arguments): \(outcome.errors)")
            #expect(outcome.isWithoutTrace)
        }
        #expect(try sandbox.text("report.html") == "old")
    }

    /// 500 runs of 1,000 points.
    @Test func manyRunsStayEightMegabytes() throws {
        let sandbox = try Sandbox()
        try StoredRuns.many(in: sandbox)
        try sandbox.done("report")
        #expect(try sandbox.bytes("report.html").count <= 8_000_000)
        #expect(runs(try data(sandbox.text("report.html"))).count == 500)
    }
}

extension StoredRuns {
    /// 500 runs of 1,000 points.
    static func many(in sandbox: Sandbox) throws {
        let stored = StoredRuns(results: sandbox.file("results"))
        let text = Texts.sentences(3000, seed: 5)
        for index in 0..<500 {
            let configuration = [
                "model.type": index % 2 == 0 ? "lstm" : "transformer",
                "optimizer.learning_rate": "\(1e-4 * Double(1 + index % 25))", "model.layers": "\(1 + index / 50)",
            ]
            try stored.add(
                "many-\(index % 5)", configuration, seed: UInt64(index + 1), end: 1 + Double(index * 37 % 100) / 100,
                text: text)
        }
    }
}
