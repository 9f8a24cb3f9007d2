import Crypto
public import LatheResults

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One HTML file that holds runs against each other: no network, no server, no other files.
///
/// Text from runs reaches it as JSON without `<`, `>` and `&`, so that nothing in it can end the element that it lies in, and the page's own script makes text
/// nodes of it. A content security policy allows that script and that style sheet by their hashes and nothing else: no other script, no connection.
public enum ReportPage {
    /// The page.
    ///
    /// - Parameters:
    ///   - title: the page's title, as text.
    ///   - data: what it shows, as ``ReportData/json`` gives it.
    public static func html(title: String, data: JSONValue) -> [UInt8] {
        let style = text(PackageResources.style_css)
        let script = "(() => {\n\"use strict\";\n" + scripts.map(text).joined(separator: "\n") + "})();\n"
        let policy =
            "default-src 'none'; script-src 'sha256-\(hash(script))'; style-src 'sha256-\(hash(style))'; img-src data:; "
            + "base-uri 'none'; form-action 'none'"
        let parts: [String: [UInt8]] = [
            "policy": Array(policy.utf8), "title": escaped(title), "style": Array(style.utf8),
            "script": Array(script.utf8), "data": embedded(data),
        ]
        // In one pass: what is put in is not looked through again.
        var page: [UInt8] = []
        for (index, piece) in text(PackageResources.page_html).split(
            separator: "@", omittingEmptySubsequences: false
        ).enumerated() {
            page += index % 2 == 0 ? Array(piece.utf8) : parts[String(piece)] ?? []
        }
        return page
    }

    /// JSON that may stand in any element: `<`, `>` and `&` occur within strings only, where they can be escaped.
    public static func embedded(_ value: JSONValue) -> [UInt8] {
        var result: [UInt8] = []
        let text = value.text()
        result.reserveCapacity(text.utf8.count + 1024)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): result += "\\u003c".utf8
            case UInt8(ascii: ">"): result += "\\u003e".utf8
            case UInt8(ascii: "&"): result += "\\u0026".utf8
            default: result.append(byte)
            }
        }
        return result
    }

    /// The parts of the page's script, in the order in which they build on each other.
    private static let scripts: [[UInt8]] = [
        PackageResources.elements_js, PackageResources.format_js, PackageResources.data_js, PackageResources.state_js,
        PackageResources.chart_js, PackageResources.curves_js, PackageResources.summary_js,
        PackageResources.effects_js, PackageResources.table_js, PackageResources.differences_js,
        PackageResources.samples_js, PackageResources.start_js,
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func hash(_ text: String) -> String {
        Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
    }

    private static func escaped(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        for byte in TextWidth.printable(text).utf8 {
            switch byte {
            case UInt8(ascii: "<"): result += "&lt;".utf8
            case UInt8(ascii: ">"): result += "&gt;".utf8
            case UInt8(ascii: "&"): result += "&amp;".utf8
            default: result.append(byte)
            }
        }
        return result
    }
}
