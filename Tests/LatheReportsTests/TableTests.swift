import LatheReports
import LatheResults
import LatheSystem
import Testing

@Suite struct TableTests {
    private var table: Table {
        var table = Table(columns: [
            .init("name", alignment: .left), .init("loss", title: "final loss"), .init("note", alignment: .left),
        ])
        table.append([.text("lstm"), .number(1.5, NumberText.loss), .text("plain")])
        table.append([.text("学習 🙂"), .number(.nan, NumberText.loss), .text("a \"b\", c\r\nd")])
        table.append([.text("e\u{301}té\u{1B}[31m"), .missing, .text(String(repeating: "x", count: 80))])
        return table
    }

    @Test func textIsAlignedByColumnsOfTheTerminal() {
        #expect(
            table.text(maximumCellColumns: 12) == """
                name      final loss  note
                ────────  ──────────  ────────────
                lstm          1.5000  plain
                学習 🙂          nan  a "b", c��d
                e\u{301}té�[31m           –  xxxxxxxxxxx…

                """)
    }

    @Test func csvIsRFC4180() {
        #expect(
            table.csv()
                == "name,loss,note\r\nlstm,1.5,plain\r\n学習 🙂,nan,\"a \"\"b\"\", c\r\nd\"\r\n"
                + "e\u{301}té\u{1B}[31m,,\(String(repeating: "x", count: 80))\r\n")
    }

    @Test func jsonHasAnObjectForEachRow() throws {
        let json = table.json()
        #expect(try JSONValue(parsing: json.text(indented: true)).text() == json.text())
        guard case .array(let rows) = json else {
            Issue.record("not an array")
            return
        }
        #expect(rows[0].text() == #"{"name":"lstm","loss":1.5,"note":"plain"}"#)
        #expect(rows[1]["loss"]?.text() == "\"nan\"" && rows[2]["loss"] == .null)
    }

    @Test func transposedTablesHaveAColumnForEachRow() {
        #expect(
            table.transposed().text(maximumCellColumns: 6) == """
                name      lstm  学習 …  e\u{301}té�[…
                ──────  ──────  ──────  ──────
                final…  1.5000     nan       –
                note     plain  a "b"…  xxxxx…

                """)
    }

    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("🙂", 2), ("👩‍👩‍👧", 2), ("❤️", 2), ("한글", 4), ("ｆ", 2),
        ("…–±", 3),
    ])
    func columnsOfATerminal(text: String, columns: Int) {
        #expect(TextWidth.columns(text) == columns)
    }

    @Test func cuttingNeverExceedsTheLimit() {
        for limit in 0...12 {
            let cut = TextWidth.truncated("a日本語b🙂cdef", to: limit)
            #expect(TextWidth.columns(cut) <= limit)
        }
        #expect(TextWidth.truncated("abc", to: 3) == "abc")
        #expect(TextWidth.printable("a\u{202E}b\u{7}") == "a\u{FFFD}b\u{FFFD}")
    }
}
