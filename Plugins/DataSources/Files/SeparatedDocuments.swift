import LatheComponents

/// Reads documents of text files that a given text separates. The end of a file ends a document too.
struct SeparatedDocuments: PassageReader {
    private var reader: TextReader
    private let separator: [UInt8]
    /// Text that has been read but not delivered.
    private var held: [UInt8] = []
    private var start = 0
    /// Whether the file ends with the held text.
    private var isLast = true

    init(_ paths: [String], separator: String) {
        reader = TextReader(paths)
        self.separator = Array(separator.utf8)
    }

    mutating func next() throws -> Passage? {
        while true {
            if let place = place() {
                defer { start = place + separator.count }
                return passage(upTo: place, endsDocument: true)
            }
            if isLast, start < held.count {
                defer { start = held.count }
                return passage(upTo: held.count, endsDocument: true)
            }
            // The end of the held text may begin a separator, or end the document.
            var end = held.count - max(1, separator.count - 1)
            while end > start, held[end] & 0xc0 == 0x80 { end -= 1 }
            if !isLast, end > start {
                defer { start = end }
                return passage(upTo: end, endsDocument: false)
            }
            guard let next = try reader.next() else { return nil }
            held = Array(held[start...]) + Array(next.text.utf8)
            (start, isLast) = (0, next.endsDocument)
        }
    }

    /// Where the next separator begins in the held text.
    private func place() -> Int? {
        guard held.count >= start + separator.count else { return nil }
        return (start...(held.count - separator.count)).first {
            held[$0] == separator[0] && held[$0..<($0 + separator.count)].elementsEqual(separator)
        }
    }

    private func passage(upTo end: Int, endsDocument: Bool) -> Passage {
        Passage(text: String(decoding: held[start..<end], as: UTF8.self), endsDocument: endsDocument)
    }
}
