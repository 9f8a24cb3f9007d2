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
        ("", "found its end, which is not a JSON value at byte 0"),
        ("{", "found its end, expected a key in quotes at byte 1"),
        ("[1,]", "found ']', which is not a JSON value at byte 3"),
        ("[1 2]", "found '2', expected ',' or ']' after a value at byte 3"),
        ("{\"a\" 1}", "found '1', expected ':' after a key at byte 5"), ("01", "a number begins with 0 at byte 0"),
        ("1.", "a number ends with a decimal point at byte 0"), ("nul", "expected null at byte 3"),
        ("1 2", "found '2' after the value at byte 2"),
        ("\"a", "the string that begins here has no end: a '\"' is missing at byte 0"),
        ("\"\n\"", "found byte 0xa in a string, where it must be escaped at byte 1"),
        ("\"\\x\"", "an escape that is not valid in JSON at byte 1"),
        ("\"\\ud800\"", "an escape is half of a surrogate pair at byte 1"),
        ("NaN", "found 'N', which is not a JSON value at byte 0"), ("-", "found its end, expected a digit at byte 1"),
        ("{\"a\": 1, \"b\": {\"k\": 1, \"\\u006b\": 2}}", "the key 'k' appears twice at byte 23"),
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
        #expect(try JSONValue(parsing: "99999999999999999999") == .number(1e20))
    }

    @Test func limitsAreArguments() throws {
        func read(_ text: String, _ limits: JSONLimits) throws { _ = try JSONValue(parsing: text.utf8, limits: limits) }
        try read("[[1]]", JSONLimits(depth: 2, bytes: 5))
        #expect { try read("[[[1]]]", JSONLimits(depth: 2)) } throws: {
            "\($0)" == "is nested more than 2 levels deep at byte 2"
        }
        #expect { try read("[[1]]", JSONLimits(bytes: 4)) } throws: { "\($0)" == "is larger than 4 bytes at byte 0" }
    }

    /// Among few keys and among many, in what is kept and in what is skipped.
    @Test(arguments: [2, 15, 16, 17, 1000]) func aRepeatedKeyIsAnError(count: Int) throws {
        let members = (0..<count).map { "\"k\($0)\":\($0)" }
        let good = "{" + members.joined(separator: ",") + "}"
        #expect(try JSONValue(parsing: good).members?.count == count)
        let bad = "{" + (members + ["\"k1\":0"]).joined(separator: ",") + "}"
        #expect { try JSONValue(parsing: bad) } throws: {
            ($0 as? JSONError)?.problem == "the key 'k1' appears twice"
                && ($0 as? JSONError)?.offset == good.utf8.count
        }
        #expect(throws: JSONError.self) {
            try Array(bad.utf8).withUnsafeBufferPointer { bytes in
                var reader = try JSONReader(bytes)
                try reader.skip()
            }
        }
    }

    @Test func codingTellsWhereTextIsNoJSON() throws {
        #expect(try JSONCoding.value([String: Double].self, from: Array("{\"a\": \"nan\"}".utf8))["a"]?.isNaN == true)
        #expect { try JSONCoding.value([String: Int].self, from: Array("{\"a\": 1".utf8)) } throws: {
            ($0 as? JSONError)?.offset == 7 && ($0 as? JSONError)?.isTruncated == true
        }
        #expect(throws: JSONError.self) {
            try JSONCoding.value([String: Int].self, from: Array("{\"a\":1,\"a\":2}".utf8))
        }
    }
}
