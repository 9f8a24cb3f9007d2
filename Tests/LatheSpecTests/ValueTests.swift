import LatheSpec
import Testing

private struct Values: FieldGroup {
    @Field("An integer.") var int = 0
    @Field("A large integer.") var uint: UInt64 = 0
    @Field("A float.") var float: Float = 0
    @Field("A double.") var double = 0.0
    @Field("A truth value.") var bool = false
    @Field("Text.") var text = ""
    @Field("A choice.") var activation = Activation.gelu
    @Field("A number or null.") var maybe: Int?
    @Field("A number or auto.") var automatic = Automatic<Int>.auto
    @Field("Items.") var items: [Int] = []
    @Field("Groups.") var groups: [Split] = []
}

/// Scalars are read by the declared type, not by how they look.
@Suite struct ValueTests {
    private func read(_ text: String) throws(Diagnostics) -> Values {
        try SpecLoader(Values.self, lookup: NoComponents()).load(SourceText(text, name: "v.yaml")).get()
    }

    @Test(
        arguments: [
            ("1000", 1000), ("1_000", 1000), ("1e3", 1000), ("1.0e+3", 1000), ("2.5e1", 25), ("-7", -7), ("+7", 7),
            ("0x1F", 31), ("0o17", 15), ("010", 10), ("0e99999", 0), ("-0", 0), ("9223372036854775807", Int.max),
            ("-9223372036854775808", Int.min), ("12345678901e-4", nil), ("1e19", nil), ("9223372036854775808", nil),
            ("1e999999999", nil), ("1e9999999999", nil), ("1.5", nil), ("", nil), ("a", nil), ("1 2", nil),
            ("--1", nil),
            ("0x", nil), ("0x-1", nil), ("_1", nil), ("1_", nil), ("１", nil), ("e3", nil), (".", nil), ("true", nil),
        ] as [(String, Int?)])
    func integers(_ text: String, _ expected: Int?) {
        #expect((try? read("int: \(text)"))?.int == expected)
    }

    @Test(
        arguments: [
            ("1e-3", 1e-3), ("1E-3", 1e-3), ("1", 1), (".5", 0.5), ("5.", 5), ("1_000.5", 1000.5), ("-0.0", 0),
            ("3.4028234663852886e38", Double(Float.greatestFiniteMagnitude)), ("1e39", nil), ("-1e39", nil),
            ("1.2e-38", 1.2e-38), ("1e-320", nil), ("1.7976931348623157e308", nil), ("5e-324", nil),
            ("0.1", 0.1),
            ("1e400", nil), ("1e-400", nil), ("nan", nil), (".inf", nil), ("inf", nil), ("infinity", nil),
            ("0x1p3", nil),
            ("1,5", nil), ("1e", nil), ("1.2.3", nil), ("0.0e-999", 0),
        ] as [(String, Double?)])
    func doubles(_ text: String, _ expected: Double?) {
        #expect((try? read("double: \(text)"))?.double == expected)
    }

    @Test func floatsAreRoundedOnce() throws {
        #expect(try read("float: 16777217").float == 16_777_216)
        #expect(try read("float: 1.00000005960464480").float == 1.0000001)
        #expect((try? read("float: 1e39")) == nil)
        #expect((try? read("float: 1e-60")) == nil)
        #expect(try read("uint: 18446744073709551615").uint == .max)
        #expect((try? read("uint: -1")) == nil)
    }

    @Test func wordsStayWords() throws {
        for word in ["no", "yes", "123", "1e3", "true", "2024-01-01", "12:30"] {
            #expect(try read("text: \(word)").text == word)
        }
        #expect(try read("text: \"null\"").text == "null")
        #expect((try? read("text: null")) == nil)
        #expect((try? read("bool: no")) == nil)
        #expect((try? read("bool: \"true\"")) == nil)
        #expect(try read("bool: True").bool)
        #expect(try read("activation: relu_squared").activation == .reluSquared)
    }

    @Test func nullAutoAndLists() throws {
        #expect(try read("maybe: ~").maybe == nil)
        #expect(try read("maybe: 1e1").maybe == 10)
        #expect(try read("automatic: auto").automatic == .auto)
        #expect(try read("automatic: 4").automatic.value == 4)
        #expect(try read("items: [1, 2e0]").items == [1, 2])
        #expect(try read("groups: [{train: 0.5}, {}]").groups.map(\.train) == [0.5, 0.9])
        #expect((try? read("items: [1, [2]]")) == nil)
        #expect((try? read("items: null")) == nil)
    }

    @Test func fieldsKnowWhereTheyWereWritten() throws {
        let values = try read("int: 3\ndouble: 1")
        #expect(values.$double.mark?.line == 2)
        #expect(values.$double.isWritten)
        #expect(!values.$float.isWritten)
        #expect(values.$float.mark?.line == 1)
        #expect(Values().$float.mark == nil)
    }

    @Test(
        arguments: [
            ("optimiser", "optimizer"), ("lr", "learning_rate"), ("learningRate", "learning_rate"), ("adma", "adam"),
            ("learning-rate", "learning_rate"), ("wamup_stpes", "warmup_steps"), ("x", nil), ("", nil), ("silly", nil),
        ] as [(String, String?)])
    func suggestions(_ word: String, _ expected: String?) {
        let known = ["learning_rate", "optimizer", "adam", "sgd", "warmup_steps", "model"]
        #expect(nearest(to: word, in: known) == expected)
    }
}
