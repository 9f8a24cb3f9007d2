import Foundation
import LatheComponents
import LatheWeb
import Testing

@Suite struct CharacterSetTests {
    /// Bytes from Python's codecs: `text.encode(name)`.
    static let samples: [(name: String, text: String, bytes: [UInt8])] = [
        ("utf-8", "Žluťoučký kůň", Array("Žluťoučký kůň".utf8)),
        ("iso-8859-1", "Où est l’été", [0x4f, 0xf9, 0x20, 0x65, 0x73, 0x74, 0x20, 0x6c, 0x92, 0xe9, 0x74, 0xe9]),
        ("windows-1252", "“naïve”", [0x93, 0x6e, 0x61, 0xef, 0x76, 0x65, 0x94]),
        ("windows-1251", "Привет", [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]),
        ("koi8-r", "Привет", [0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]),
        ("shift_jis", "日本語①", [0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea, 0x87, 0x40]),
        ("euc-jp", "日本語", [0xc6, 0xfc, 0xcb, 0xdc, 0xb8, 0xec]),
        ("gb2312", "汉字㐀", [0xba, 0xba, 0xd7, 0xd6, 0x81, 0x39, 0xee, 0x39]),
        ("gbk", "汉字", [0xba, 0xba, 0xd7, 0xd6]),
        ("big5", "漢字", [0xba, 0x7e, 0xa6, 0x72]),
        ("euc-kr", "한국어", [0xc7, 0xd1, 0xb1, 0xb9, 0xbe, 0xee]),
        ("utf-16le", "žž", [0x7e, 0x01, 0x7e, 0x01]),
        ("utf-16be", "žž", [0x01, 0x7e, 0x01, 0x7e]),
    ]

    /// `<p>` and the text, in UTF-16 if `name` says so.
    private func page(_ bytes: [UInt8], _ name: String, head: String = "") -> [UInt8] {
        func wide(_ text: String) -> [UInt8] {
            switch name {
            case "utf-16le": text.utf8.flatMap { [$0, 0] }
            case "utf-16be": text.utf8.flatMap { [0, $0] }
            default: Array(text.utf8)
            }
        }
        return wide("<html><head>\(head)</head><body><p>") + bytes + wide("</p></body></html>")
    }

    @Test(arguments: samples.indices) func namedByTheHeader(_ index: Int) throws {
        let (name, text, bytes) = Self.samples[index]
        // The page declares another character set, which is ignored.
        let body = page(bytes, name, head: "<meta charset=windows-1253>")
        let server = try LocalServer { _ in
            ServerResponse(headers: ["Content-Type": "text/html; Charset=\"\(name)\""], body: body)
        }
        let folder = try TemporaryFolder()
        #expect(try fetch([server.url("/")], in: folder) == [text + "\n"])
    }

    @Test(arguments: samples.indices.dropLast(2)) func namedByThePage(_ index: Int) throws {
        let (name, text, bytes) = Self.samples[index]
        for head in [
            "<meta charset=\(name)>", "<META  CharSet = '\(name.uppercased())' >",
            "<meta http-equiv=Content-Type content=\"text/html; charset=\(name)\">",
            "<!-- <meta charset=utf-7> --><meta name=x><meta charset=\"\(name)\">",
        ] {
            #expect(try web([]).text(ofPage: page(bytes, name, head: head), place: name) == text + "\n", "\(head)")
        }
    }

    @Test func markedByTheFirstBytes() throws {
        let little: [UInt8] = [0xff, 0xfe] + page([0x7e, 0x01], "utf-16le")
        let big: [UInt8] = [0xfe, 0xff] + page([0x01, 0x7e], "utf-16be")
        let eight: [UInt8] = [0xef, 0xbb, 0xbf] + page(Array("ž".utf8), "utf-8", head: "<meta charset=windows-1251>")
        for bytes in [little, big, eight] { #expect(try web([]).text(ofPage: bytes, place: "page") == "ž\n") }
    }

    @Test func namedByNobody() throws {
        #expect(try web([]).text(ofPage: page(Array("ž".utf8), ""), place: "page") == "ž\n")
        #expect(try web([]).text(ofPage: page([0xe9], ""), place: "page") == "é\n")
        #expect(try web([]).text(ofPage: page([0xe9], "", head: "<meta charset=klingon>"), place: "page") == "é\n")
    }

    @Test func brokenCharacters() throws {
        #expect(
            try web([]).text(ofPage: page([0x61, 0xff, 0x62], "", head: "<meta charset=utf-8>"), place: "page")
                == "a\u{fffd}b\n")
        #expect(
            try web([]).text(
                ofPage: page([0x93, 0x20, 0x61, 0xff], "", head: "<meta charset=shift_jis>"), place: "page"
            )
            .contains("a"))
        // Pages use the numbers 128 to 159 for Windows-1252.
        #expect(try web([]).text(ofPage: page(Array("it&#146;s".utf8), ""), place: "page") == "it’s\n")
    }
}
