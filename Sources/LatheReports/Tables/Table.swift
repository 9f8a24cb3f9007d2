public import LatheResults

/// Rows and columns with two faces: text for people, values for programs. Its forms are ``text(maximumCellColumns:)``, ``csv()`` and ``json()``.
public struct Table: Sendable, Equatable {
    /// Which side of its column a cell keeps to.
    public enum Alignment: Sendable, Equatable {
        /// Text.
        case left
        /// Numbers.
        case right
    }

    /// A column.
    public struct Column: Sendable, Equatable {
        /// The name for programs: snake_case or a dotted key.
        public var key: String
        /// The heading for people.
        public var title: String
        /// Which side its cells keep to.
        public var alignment: Alignment

        /// A column; the heading is the key where none is given.
        public init(_ key: String, title: String? = nil, alignment: Alignment = .right) {
            self.key = key
            self.title = title ?? key
            self.alignment = alignment
        }
    }

    /// A cell.
    public struct Cell: Sendable, Equatable {
        /// The value, in full.
        public var value: JSONValue
        /// What people see.
        public var text: String

        /// A cell with a value and its text.
        public init(_ value: JSONValue, text: String) {
            self.value = value
            self.text = text
        }

        /// A text.
        public static func text(_ text: String) -> Cell { Cell(.string(text), text: text) }
        /// A text, or nothing.
        public static func text(_ text: String?) -> Cell { text.map { .text($0) } ?? .missing }
        /// A whole number as it is.
        public static func integer(_ value: Int?) -> Cell {
            value.map { Cell(.integer($0), text: String($0)) } ?? .missing
        }
        /// A number as `format` shows it, or nothing.
        public static func number(_ value: Double?, _ format: (Double) -> String) -> Cell {
            value.map { Cell(.number($0), text: format($0)) } ?? .missing
        }
        /// Nothing: `–` for people, null and an empty field for programs.
        public static let missing = Cell(.null, text: "–")
    }

    /// The columns.
    public var columns: [Column]
    /// The rows, each with a cell for every column.
    public private(set) var rows: [[Cell]] = []

    /// A table without rows.
    public init(columns: [Column]) { self.columns = columns }

    /// Adds a row.
    ///
    /// - Precondition: one cell for each column.
    public mutating func append(_ row: [Cell]) {
        precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns")
        rows.append(row)
    }

    /// Lines for a terminal: headings, a rule, then the rows, columns two spaces apart. Ends with a line feed.
    ///
    /// - Parameter maximumCellColumns: longer cells are cut, with `…`.
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

    /// Comma-separated values after RFC 4180: a line of keys, then the rows, values in full; lines end in CR LF. Missing values are empty fields.
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

    /// An array with an object for each row, keys in the order of the columns.
    public func json() -> JSONValue {
        .array(
            rows.map { row in .object(zip(columns, row).map { JSONValue.Member($0.key, $1.value) }) })
    }

    /// The table with a row for each column and a column for each row: better for a few rows with many columns.
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
