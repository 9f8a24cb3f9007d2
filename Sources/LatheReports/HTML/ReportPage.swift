public import LatheSystem
import LatheResults

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A self-contained HTML file that compares runs, without network access or other files.
///
/// Text from runs is embedded as JSON without `<`, `>` and `&`, so that it cannot close its element, and the page's
/// script turns it into text nodes only. A content security policy allows this script and style sheet by their hashes
/// and nothing else.
public enum ReportPage {
    /// - Parameters:
    ///   - title: plain text.
    ///   - data: from ``ReportData/json(unreadable:)``.
    public static func html(title: String, data: JSONValue) -> [UInt8] {
        let style = text(PackageResources.style_css)
        let script = "(() => {\n\"use strict\";\n" + scripts.map(text).joined(separator: "\n") + "})();\n"
        let policy =
            "default-src 'none'; script-src 'sha256-\(hash(script))'; style-src 'sha256-\(hash(style))'; "
            + "img-src data:; base-uri 'none'; form-action 'none'"
        let parts: [String: [UInt8]] = [
            "policy": Array(policy.utf8), "title": escaped(title), "style": Array(style.utf8),
            "script": Array(script.utf8), "data": embedded(data),
        ]
        // In one pass, so that inserted text is not searched for placeholders.
        var page: [UInt8] = []
        for (index, piece) in text(PackageResources.page_html).split(
            separator: "@", omittingEmptySubsequences: false
        ).enumerated() {
            page += index % 2 == 0 ? Array(piece.utf8) : parts[String(piece)] ?? []
        }
        return page
    }

    /// JSON that is safe in any element: `<`, `>` and `&` occur only in strings, where they are escaped.
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

    /// In dependency order.
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
