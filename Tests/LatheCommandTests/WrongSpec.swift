import Foundation
import Testing

/// A command that must be refused, with its whole message.
struct WrongSpec: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: [String]
    /// The contents of x.yaml.
    let spec: [UInt8]
    /// Other files, by path.
    let files: [String: [UInt8]]
    let message: String

    init(
        _ name: String, arguments: [String] = ["run", "x.yaml"], text: String = spec(), bytes: [UInt8]? = nil,
        files: [String: [UInt8]] = [:], says message: String
    ) {
        self.name = name
        self.arguments = arguments
        spec = bytes ?? Array(text.utf8)
        self.files = files
        self.message = message
    }

    var testDescription: String { name }

    /// A valid spec with parts replaced.
    static func spec(
        name: String = "name: x", data: String = "data: {source: {type: text, path: a.txt}}",
        model: String = "model: {type: transformer, layers: 1, heads: 2, width: 16}",
        training: String = "training: {steps: 5, context: 8, batch_size: 4}", rest: String = ""
    ) -> String {
        [name, data, model, training].filter { !$0.isEmpty }.map { $0 + "\n" }.joined() + rest
    }

    /// 10²¹ values in a few lines.
    static let aliasBomb =
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + (1...20).map { level in
            let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            return "a\(level): &a\(level) [\(items)]\n"
        }.joined()
}
