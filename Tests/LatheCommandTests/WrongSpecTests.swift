import Foundation
import LatheResults
import TestSupport
import Testing

/// A mistake is refused with exit code 2 and a message that says where it is and what to do, and nothing is written.
@Suite struct WrongSpecTests {
    private static let all =
        WrongSpec.values + WrongSpec.components + WrongSpec.data + WrongSpec.overrides + WrongSpec.extends
        + WrongSpec.hostile + WrongSpec.arguments + WrongSpec.newcomers

    private func sandbox(_ wrong: WrongSpec) throws -> Sandbox {
        let sandbox = try Sandbox()
        try sandbox.write(String(repeating: "the cat sat on the mat.\n", count: 250), to: "a.txt")
        try sandbox.write(bytes: wrong.spec, to: "x.yaml")
        for (name, bytes) in wrong.files { try sandbox.write(bytes: bytes, to: name) }
        return sandbox
    }

    /// Replaces what differs between machines or calls.
    private func plain(_ text: String, _ sandbox: Sandbox) -> String {
        text.replacing(sandbox.path, with: "FOLDER").replacing(
            /(?m)^data: (prepared|reusing|gathering|hashing|reading|fitting|encoding|measuring|writing|verifying)( .*)?\n/,
            with: ""
        )
        .replacing(/has \d+; use a smaller/, with: "has N; use a smaller")
    }

    @Test(arguments: all) func isRefused(_ wrong: WrongSpec) throws {
        let sandbox = try sandbox(wrong)
        let outcome = try sandbox.start(wrong.arguments).wait()
        #expect(outcome.code == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.isWithoutTrace)
        #expect(!sandbox.exists("results"))
        expectText(plain(outcome.errors, sandbox), wrong.message + "\n")
    }

    /// `lathe check` prints the same message as `lathe run`.
    @Test(arguments: all.filter { $0.arguments.first == "run" && $0.arguments.dropFirst().first == "x.yaml" })
    func checkSaysTheSame(_ wrong: WrongSpec) throws {
        guard wrong.message.hasPrefix("Error") == false else { return }  // with the usage of the command
        let sandbox = try sandbox(wrong)
        let outcome = try sandbox.start(["check"] + wrong.arguments.dropFirst()).wait()
        #expect(outcome.code == 2)
        #expect(plain(outcome.errors, sandbox) == wrong.message + "\n")
    }

    @Test func rightSpecIsRight() throws {
        let sandbox = try sandbox(WrongSpec("right", says: ""))
        #expect(try sandbox.lathe("run", "x.yaml").code == 0)
    }

    @Test func severalRunsOfOneName() throws {
        let sandbox = try Sandbox()
        let runs = [try sandbox.run("gpt.yaml", "training.steps=0"), try sandbox.run("lstm.yaml", "training.steps=0")]
        let outcome = try sandbox.lathe("evaluate", String(runs[0].name.prefix(4)))
        #expect(outcome.code == 2)
        expectText(
            outcome.errors,
            """
            error: '\(runs[0].name.prefix(4))' matches 2 runs; give more of the id, or a path:
              results/gpt/\(runs[0].name)
              results/lstm/\(runs[1].name)

            """)
    }
}
