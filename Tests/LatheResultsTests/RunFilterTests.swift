import LatheResults
import Testing

@Suite struct RunFilterTests {
    private let run: RunDigest = {
        var run = digest(
            "a", seed: .max, bits: 1.5,
            configuration: ["model.type": "lstm", "optimizer.learning_rate": "0.001", "compute.threads": "auto"])
        run.figures.tokensPerSecond = 1000
        return run
    }()

    @Test(arguments: [
        ("model.type=lstm", true), ("model.type==lstm", true), ("model.type = lstm ", true), ("model.type=gpt", false),
        ("model.type!=lstm", false), ("model.type!=gpt", true), ("optimizer.learning_rate=1e-3", true),
        ("optimizer.learning_rate<3e-3", true), ("optimizer.learning_rate<1e-3", false),
        ("optimizer.learning_rate<=1e-3", true), ("optimizer.learning_rate>=1e-3", true),
        ("optimizer.learning_rate>1e-3", false), ("optimizer.learning_rate!=0.0010", false),
        // A run without the key matches only !=.
        ("model.heads=4", false), ("model.heads!=4", true), ("model.heads<4", false), ("model.heads>=4", false),
        // A word is neither less nor greater than a number.
        ("compute.threads<4", false), ("compute.threads>4", false), ("compute.threads=auto", true),
        ("optimizer.learning_rate=auto", false), ("optimizer.learning_rate!=auto", true),
        // Seeds are compared exactly, beyond the precision of a double.
        ("seed=18446744073709551615", true), ("seed=18446744073709551614", false),
        ("validation/bits_per_byte<1.6", true), ("final_bits_per_byte<1.6", true), ("tokens_per_second>=1e3", true),
        ("status=completed", true), ("created<1970-01-02", true), ("created>1970-01-02", false), ("id=a", true),
    ])
    func conditionsHoldOrDoNot(_ condition: String, _ holds: Bool) throws {
        #expect(try #require(RunFilter(condition)).accepts(run) == holds)
    }

    @Test(arguments: ["", "model.type", "=lstm", "  =3", "!", "a!b"])
    func whatIsNoConditionIsRefused(_ text: String) { #expect(RunFilter(text) == nil) }

    @Test func aValueMayHoldSignsOfComparison() {
        #expect(RunFilter("name=a=b<c") == RunFilter("name = a=b<c"))
        #expect(RunFilter("name=a=b<c")?.value == "a=b<c")
        #expect(RunFilter("a<=b")?.comparison == .atMost)
    }

    @Test func unknownKeysComeWithThoseThereAre() {
        #expect(throws: Never.self) { try RunKeys.check("model.type", in: [run]) }
        #expect(throws: Never.self) { try RunKeys.check("gap_to_training", in: [run]) }
        let error = #expect(throws: UnknownRunKey.self) { try RunKeys.check("model.typ", in: [run]) }
        #expect(error?.known.contains("model.type") == true && error?.known.contains("validation/loss") == true)
    }

    @Test func missingValuesSortLastEitherWay() {
        let runs = [("a", "3"), ("b", nil), ("c", "10"), ("d", "auto"), ("e", "3")].map { id, width in
            digest(id, configuration: width.map { ["w": $0] } ?? [:])
        }
        func order(_ isDescending: Bool) -> String {
            RunKeys.sorted(runs, isDescending: isDescending) { RunKeys.value("w", of: $0) }.map(\.id).joined()
        }
        #expect(order(false) == "aecdb" && order(true) == "dcaeb")
    }
}
