import LatheResults
import LatheSystem
import Testing

@Suite struct JSONTests {
    @Test func valuesComeBackAsTheyWere() throws {
        let value = JSONValue.object([
            .init("z", .integer(-3)), .init("a", .array([.null, .bool(true), .bool(false), .array([]), .object([])])),
            .init("text \"\\\n\u{1}é🙂", .string("\u{2028}\u{0}\t/")), .init("big", .integer(.max)),
        ])
        #expect(try JSONValue(parsing: value.text()) == value)
        #expect(try JSONValue(parsing: value.text(indented: true)) == value)
        #expect(
            JSONValue.array([.integer(1), .object([.init("k", .null)])]).text(indented: true) == """
                [
                  1,
                  {
                    "k": null
                  }
                ]
                """)
    }

    @Test func doublesKeepEveryBit() throws {
        var generator = SystemRandomNumberGenerator()
        let values = (0..<2000).map { _ in Double(bitPattern: generator.next()) }
        for value in values + [0, -0.0, 1, 1e300, .leastNonzeroMagnitude, 0.1, 1e15, 1e16, .infinity, -.infinity] {
            let text = JSONValue.number(value).text()
            let read = try #require(try JSONValue(parsing: text).double)
            #expect(read.bitPattern == value.bitPattern || (value.isNaN && read.isNaN), "\(value) as \(text)")
        }
    }

    @Test(arguments: [
        ("", "unexpected end of text, expected a value at byte 0"), ("{", "expected a key in quotes at byte 1"),
        ("[1,]", "expected a value at byte 3"), ("{\"a\" 1}", "expected ':' at byte 5"),
        ("01", "expected a value at byte 0"), ("1.", "expected a digit at byte 2"), ("nul", "expected null at byte 3"),
        ("1 2", "unexpected text after the value at byte 2"), ("\"a", "unterminated string at byte 2"),
        ("\"\n\"", "control character in a string at byte 1"), ("\"\\x\"", "unknown escape at byte 3"),
        ("\"\\ud800\"", "unpaired surrogate at byte 7"), ("NaN", "expected a value at byte 0"),
        ("-", "expected a value at byte 0"),
    ])
    func wrongTextIsRefused(text: String, message: String) {
        #expect { try JSONValue(parsing: text) } throws: { "\($0)" == message }
    }

    @Test func hostileTextEndsInAnErrorNotATrap() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("{}[]\",:\\u0d8e-+.1tfn \n".utf8) + [0xC3, 0xA9, 0xFF]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24)).map { _ in alphabet.randomElement(using: &generator)! }
            _ = try? JSONValue(parsing: bytes)
        }
    }

    @Test func escapesAreRead() throws {
        #expect(try JSONValue(parsing: #""\u00e9\ud83d\ude42\/\b\f""#) == .string("é🙂/\u{8}\u{C}"))
        #expect(try JSONValue(parsing: "{\"a\":1,\"a\":2}")["a"] == .integer(2))
        #expect(try JSONValue(parsing: "99999999999999999999") == .number(1e20))
    }
}
