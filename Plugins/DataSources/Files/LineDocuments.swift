import LatheComponents

/// Reads documents of text files that are lines, or paragraphs: the lines between blank ones. A document's last line
/// end is not part of it.
struct LineDocuments: PassageReader {
    private var rest: ArraySlice<String>
    private let isParagraph: Bool
    private var input: LineInput?
    /// Whole lines of the current paragraph that have not been delivered.
    private var held = ""
    private var isWithin = false

    init(_ paths: [String], isParagraph: Bool) {
        rest = paths[...]
        self.isParagraph = isParagraph
    }

    mutating func next() throws -> Passage? {
        while true {
            if input == nil {
                guard let path = rest.popFirst() else { return nil }
                input = try LineInput(path)
            }
            guard let input else { return nil }
            let line = try input.next { bytes in
                let mark = input.line == 1 && bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
                return try checkedText(Array(bytes[mark...])[...], input.file, at: input.offset + mark)
            }
            guard let line else {
                self.input = nil
                if let last = endDocument() { return last }
                continue
            }
            let isBlank = line.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
            guard isParagraph else {
                if isBlank { continue }
                return Passage(text: line, endsDocument: true)
            }
            guard !isBlank else {
                if let last = endDocument() { return last }
                continue
            }
            held += isWithin ? "\n" + line : line
            isWithin = true
            if held.utf8.count >= Passage.usualBytes {
                defer { held = "" }
                return Passage(text: held, endsDocument: false)
            }
        }
    }

    private mutating func endDocument() -> Passage? {
        guard isWithin else { return nil }
        defer { (held, isWithin) = ("", false) }
        return Passage(text: held, endsDocument: true)
    }
}
