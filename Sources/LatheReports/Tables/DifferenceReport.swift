public import LatheResults
public import LatheSystem

/// What `lathe diff` prints.
public struct DifferenceReport {
    private let difference: RunDifference
    private let paths: (first: String, second: String)

    public init(_ difference: RunDifference, first: String, second: String) {
        self.difference = difference
        paths = (first, second)
    }

    /// Plain text: the two runs, a table of differences, and where the curves first differ.
    public var text: String {
        var text = "A  \(TextWidth.printable(paths.first))\nB  \(TextWidth.printable(paths.second))\n\n"
        if difference.items.isEmpty {
            text += "Spec, code, data, tokenizer and machine are the same.\n"
        } else {
            var table = Table(columns: [
                Table.Column("part", alignment: .left), Table.Column("key", alignment: .left),
                Table.Column("first", title: "A", alignment: .left),
                Table.Column("second", title: "B", alignment: .left),
            ])
            for item in difference.items {
                table.append([.text(item.part.rawValue), .text(item.key), .text(item.first), .text(item.second)])
            }
            text += table.text()
            let same = RunDifference.Part.allCases.filter { part in !difference.items.contains { $0.part == part } }
            if !same.isEmpty { text += "\nIdentical: \(same.map(\.rawValue).joined(separator: ", ")).\n" }
        }
        return text + "\n" + curves + "\n"
    }

    /// Where the curves first differ, in a sentence or two.
    public var curves: String {
        let curves = difference.curves
        guard let firstLength = curves.firstLength, let secondLength = curves.secondLength else {
            return "Nothing was recorded in \(curves.firstLength == nil ? "A" : "B")."
        }
        guard let parting = curves.parting else {
            guard let last = curves.lastEqualStep else {
                return "The curves have no step and metric in common."
            }
            let rest =
                firstLength == secondLength
                ? "" : "; \(firstLength > secondLength ? "A" : "B") continues to step \(max(firstLength, secondLength))"
            return "The curves are bit-identical up to step \(last)\(rest)."
        }
        // All digits, so that values that differ only in the last bit look different.
        func values(_ parting: CurveDifference.Parting) -> String {
            "\(TextWidth.printable(parting.metric)) is \(parting.first) in A and \(parting.second) in B"
        }
        let before = curves.lastEqualStep.map { " (bit-identical up to step \($0))" } ?? ""
        let reason =
            difference.isSameIdentity
            ? "\nBoth have the same identity: only code or machine can explain the difference." : ""
        let loss = curves.lossParting
        let later =
            loss == parting
            ? ""
            : loss.map { " The losses first differ at step \($0.step): \(values($0))." }
                ?? " The losses do not differ."
        return "The curves first differ at step \(parting.step)\(before): \(values(parting)).\(later)\(reason)"
    }

    public var json: JSONValue {
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        func whole(_ value: Int?) -> JSONValue { value.map { .integer($0) } ?? .null }
        let curves = difference.curves
        let parts = RunDifference.Part.allCases.map { part in
            JSONValue.Member(
                part.rawValue,
                .object(
                    difference.items.filter { $0.part == part }.map {
                        .init($0.key, .array([text($0.first), text($0.second)]))
                    }))
        }
        func place(_ parting: CurveDifference.Parting?) -> JSONValue {
            guard let parting else { return .null }
            return .object([
                .init("step", .integer(parting.step)), .init("metric", .string(parting.metric)),
                .init("values", .array([.number(parting.first), .number(parting.second)])),
            ])
        }
        return .object([
            .init("runs", .array([.string(paths.first), .string(paths.second)])),
            .init("same_identity", .bool(difference.isSameIdentity)), .init("differences", .object(parts)),
            .init(
                "curves",
                .object([
                    .init("part", place(curves.parting)), .init("losses_part", place(curves.lossParting)),
                    .init("last_equal_step", whole(curves.lastEqualStep)),
                    .init("last_steps", .array([whole(curves.firstLength), whole(curves.secondLength)])),
                ])),
        ])
    }
}
