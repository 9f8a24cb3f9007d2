import LatheResults
public import LatheSystem

/// A table with text for people and values for programs, rendered by ``text(maximumCellColumns:)``, ``csv()`` and
/// ``json()``.
public struct Table: Sendable, Equatable {
    public enum Alignment: Sendable, Equatable {
        case left
        case right
    }

    public struct Column: Sendable, Equatable {
        /// The name in CSV and JSON: snake_case or a dotted key.
        public var key: String
        public var title: String
        public var alignment: Alignment

        /// The title defaults to the key.
        public init(_ key: String, title: String? = nil, alignment: Alignment = .right) {
            self.key = key
            self.title = title ?? key
            self.alignment = alignment
        }
    }

    public struct Cell: Sendable, Equatable {
        public var value: JSONValue
        /// The text in plain tables.
        public var text: String

        public init(_ value: JSONValue, text: String) {
            self.value = value
            self.text = text
        }

        public static func text(_ text: String) -> Cell { Cell(.string(text), text: text) }
        public static func text(_ text: String?) -> Cell { text.map { .text($0) } ?? .missing }
        public static func integer(_ value: Int?) -> Cell {
            value.map { Cell(.integer($0), text: String($0)) } ?? .missing
        }
        public static func number(_ value: Double?, _ format: (Double) -> String) -> Cell {
            value.map { Cell(.number($0), text: format($0)) } ?? .missing
        }
        /// `–` in text, null in JSON, an empty field in CSV.
        public static let missing = Cell(.null, text: "–")
    }

    public var columns: [Column]
    /// One cell per column.
    public private(set) var rows: [[Cell]] = []

    public init(columns: [Column]) { self.columns = columns }

    /// - Precondition: one cell per column.
    public mutating func append(_ row: [Cell]) {
        precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns")
        rows.append(row)
    }

    /// Plain text: headings, a rule, then the rows, with columns two spaces apart. Ends with a line feed.
    ///
    /// - Parameter maximumCellColumns: longer cells are truncated with `…`.
    public func text(maximumCellColumns: Int = 60) -> String {
        func shown(_ text: String) -> String {
            TextWidth.truncated(TextWidth.printable(text), to: maximumCellColumns)
        }
        let headings = columns.map { shown($0.title) }
        let cells = rows.map { $0.map { shown($0.text) } }
        let widths = columns.indices.map { index in
            ([headings] + cells).map { TextWidth.columns($0[index]) }.max()!
        }
        func line(_ cells: [String]) -> String {
            var line = ""
            for (index, cell) in cells.enumerated() {
                if index > 0 { line += "  " }
                let padding = String(repeating: " ", count: widths[index] - TextWidth.columns(cell))
                line += columns[index].alignment == .right ? padding + cell : cell + padding
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        return line(headings) + rule + "\n" + cells.map(line).joined()
    }

    /// CSV according to RFC 4180: a line of keys, then the rows, with unformatted values; lines end in CR LF. Missing
    /// values are empty fields.
    public func csv() -> String {
        func field(_ text: String) -> String {
            let special: Set<Unicode.Scalar> = ["\"", ",", "\r", "\n"]
            guard text.unicodeScalars.contains(where: special.contains) else { return text }
            var quoted = "\""
            for scalar in text.unicodeScalars {
                if scalar == "\"" { quoted += "\"" }
                quoted.unicodeScalars.append(scalar)
            }
            return quoted + "\""
        }
        func text(_ cell: Cell) -> String {
            switch cell.value {
            case .null: ""
            case .string(let text): text
            case .number(let value) where !value.isFinite: NumberText.short(value)
            default: cell.value.text()
            }
        }
        let lines = [columns.map(\.key)] + rows.map { $0.map(text) }
        return lines.map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
    }

    /// An array with one object per row, keys in column order.
    public func json() -> JSONValue {
        .array(
            rows.map { row in .object(zip(columns, row).map { JSONValue.Member($0.key, $1.value) }) })
    }

    /// Rows become columns: better for a few rows with many columns.
    ///
    /// - Parameter heading: the column whose cells become the headings.
    public func transposed(heading: Int = 0) -> Table {
        let first = Column(columns[heading].key, title: columns[heading].title, alignment: .left)
        var result = Table(
            columns: [first] + rows.map { Column($0[heading].text, title: $0[heading].text, alignment: .right) })
        for (index, column) in columns.enumerated() where index != heading {
            result.append([.text(column.title)] + rows.map { $0[index] })
        }
        return result
    }
}
