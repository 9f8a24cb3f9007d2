import LatheComponents

/// Reads rows of comma-separated values (RFC 4180): quoted fields may contain delimiters, line ends and doubled quotes.
/// Line ends are LF or CRLF.
final class CSVRows {
    /// In bytes. With a missing quote a field would extend to the end of the file.
    private static let longestField = 64 << 20
    private static let quote = UInt8(ascii: "\"")

    private let file: FileInput
    private let delimiter: UInt8
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)
    private var place = 0
    private var filled = 0
    /// File offset of the buffer's start.
    private var bufferOffset = 0
    private var line = 1
    private var columns = 0
    /// Whether a row has been read up to its last line end, though it is wrong.
    private var isAtRowEnd = false
    /// Whether the next row can be found: not after a quote that is never closed.
    private var canResume = true
    /// Start of the current field.
    private var fieldLine = 1
    private var fieldOffset = 0

    init(_ path: String, delimiter: UInt8) throws(DataError) {
        file = try FileInput(path)
        self.delimiter = delimiter
    }

    /// The fields of the first row; nil for an empty file.
    func header() throws -> [String]? {
        var fields: [String] = []
        if try peek() == byteOrderMark[0] {
            for mark in byteOrderMark where try peek() == mark { place += 1 }
        }
        guard try peek() != nil else { return nil }
        var isLast = false
        while !isLast {
            var field: [UInt8]? = []
            isLast = try readField(&field)
            fields.append(String(decoding: field ?? [], as: UTF8.self))
        }
        columns = fields.count
        return fields
    }

    /// One field of the next row; nil after the last.
    ///
    /// - Throws: ``DataError`` with line and byte for a violation of RFC 4180, a row whose number of fields differs
    ///   from the header's, and text that is not UTF-8.
    func next(keeping column: Int) throws -> [UInt8]? {
        // An empty line is skipped, except with a single column, where it is an empty field.
        while columns > 1, let byte = try peek(), byte == 0x0a || byte == 0x0d { try skipLineEnd() }
        guard try peek() != nil else { return nil }
        isAtRowEnd = false
        let (rowLine, rowOffset) = (line, bufferOffset + place)
        var problem: DataError?
        var kept: [UInt8] = []
        var count = 0, isLast = false
        while !isLast {
            var field: [UInt8]? = count == column ? [] : nil
            isLast = try readField(&field)
            if let field {
                if String(validating: field, as: UTF8.self) == nil {
                    problem = wrong("is not UTF-8; convert the file, for example with iconv", fieldLine, fieldOffset)
                }
                kept = field
            }
            count += 1
        }
        isAtRowEnd = true
        if let problem { throw problem }
        guard count == columns else {
            throw wrong(
                "the row has \(count) field\(count == 1 ? "" : "s") where the header has \(columns)", rowLine, rowOffset
            )
        }
        return kept
    }

    /// Goes on after a row that ``next(keeping:)`` found wrong: at the next line, if its end was not reached.
    ///
    /// - Returns: false if a quote is open, so that nobody can tell where the next row begins.
    func skipRow() throws -> Bool {
        guard canResume else { return false }
        while !isAtRowEnd, let byte = try peek() {
            place += 1
            if byte == 0x0a {
                line += 1
                isAtRowEnd = true
            }
        }
        return true
    }

    private func wrong(_ message: String, _ line: Int? = nil, _ offset: Int? = nil) -> DataError {
        DataError(
            file.path, byteOffset: offset ?? bufferOffset + place, "line \(line ?? self.line): \(message)")
    }

    private func peek() throws -> UInt8? {
        if place < filled { return buffer[place] }
        bufferOffset += filled
        place = 0
        filled = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
        return filled > 0 ? buffer[0] : nil
    }

    private func skipLineEnd() throws {
        if try peek() == 0x0d {
            place += 1
            guard try peek() == 0x0a else {
                throw wrong("a carriage return without a line feed; put the field in quotes")
            }
        }
        if try peek() == 0x0a {
            place += 1
            line += 1
        }
    }

    /// Reads a field and its terminator.
    ///
    /// - Returns: whether it is the last of its row.
    private func readField(_ field: inout [UInt8]?) throws -> Bool {
        (fieldLine, fieldOffset) = (line, bufferOffset + place)
        if try peek() == Self.quote { try readQuoted(&field) } else { try readPlain(&field) }
        switch try peek() {
        case nil: return true
        case delimiter:
            place += 1
            return false
        case 0x0a, 0x0d:
            try skipLineEnd()
            return true
        default:
            throw wrong("text follows the quote that ends a field; a quote within a field is written twice")
        }
    }

    private func readPlain(_ field: inout [UInt8]?) throws {
        var length = 0
        while try peek() != nil {
            let start = place
            while place < filled {
                let byte = buffer[place]
                if byte == delimiter || byte == 0x0a || byte == 0x0d { break }
                if byte == Self.quote {
                    throw wrong(
                        "a quote within a field that is not in quotes; put the field in quotes and the quote twice")
                }
                if byte == 0 { throw wrong("is NUL, which text does not contain") }
                place += 1
            }
            try keep(start, &field, &length)
            if place < filled { return }
        }
    }

    private func readQuoted(_ field: inout [UInt8]?) throws {
        var length = 0
        place += 1
        while try peek() != nil {
            let start = place
            while place < filled, buffer[place] != Self.quote {
                if buffer[place] == 0x0a { line += 1 }
                if buffer[place] == 0 { throw wrong("is NUL, which text does not contain") }
                place += 1
            }
            try keep(start, &field, &length)
            guard place < filled else { continue }
            place += 1
            guard try peek() == Self.quote else { return }
            field?.append(Self.quote)
            place += 1
        }
        canResume = false
        throw wrong("the quote that opens a field here is never closed", fieldLine, fieldOffset)
    }

    /// Appends the bytes from `start` to the current place.
    private func keep(_ start: Int, _ field: inout [UInt8]?, _ length: inout Int) throws {
        field?.append(contentsOf: buffer[start..<place])
        length += place - start
        guard length <= Self.longestField else {
            canResume = false
            throw wrong(
                "the field that begins here is longer than \(Self.longestField >> 20) MiB; a quote may be missing",
                fieldLine, fieldOffset)
        }
    }
}
