import LatheSystem
package import LatheComponents
import LatheSpec

/// Drops documents or paragraphs that repeat an earlier one, byte for byte; the first is kept.
package struct Deduplicate: CleaningStep {
    package enum Unit: String, Choice {
        case documents
        /// Separated by empty lines.
        case paragraphs
    }

    package struct Config: ComponentConfig {
        @Field("What to compare: documents, or paragraphs (separated by empty lines); those above 1 MiB are kept.")
        package var by = Unit.documents

        package init() {}
    }

    package static let name = "deduplicate"
    package static let summary = "Drops documents or paragraphs that repeat an earlier one."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    /// Remembers 16 bytes per distinct document or paragraph, in a temporary file if there are many.
    package func makeCleaner() -> any Cleaner {
        switch config.by {
        case .documents: DocumentDeduplicator()
        case .paragraphs: ParagraphDeduplicator()
        }
    }
}

private struct DocumentDeduplicator: Cleaner {
    private let seen = DigestSet()
    private var hash = SHA256()
    private var isEmpty = true
    private var dropped = 0

    mutating func clean(_ passage: inout Passage) throws {
        var text = passage.text
        text.withUTF8 { utf8 in
            if !utf8.isEmpty { isEmpty = false }
            hash.update(bufferPointer: UnsafeRawBufferPointer(utf8))
        }
        guard passage.endsDocument else { return }
        defer { (hash, isEmpty) = (SHA256(), true) }
        guard !passage.dropsDocument, !isEmpty, try !seen.insert(hash.finalize()) else { return }
        passage.dropsDocument = true
        dropped += 1
    }

    var changes: [(name: String, count: Int)] { [("documents_dropped", dropped)] }
}

private struct ParagraphDeduplicator: Cleaner {
    private let seen = DigestSet()
    /// The current paragraph, not yet ended.
    private var paragraph: [UInt8] = []
    /// Whether the current line is only white space so far.
    private var isBlankSoFar = true
    /// Where the current line begins in the paragraph.
    private var lineStart = 0
    /// Whether part of the paragraph has been written because it is too long to compare.
    private var isLong = false
    /// Whether the previous paragraph was dropped; the empty lines after it are dropped too.
    private var wasDropped = false
    private var dropped = 0
    private static let longest = 1 << 20

    mutating func clean(_ passage: inout Passage) throws {
        var output: [UInt8] = []
        for byte in passage.text.utf8 {
            paragraph.append(byte)
            if byte == 0x0a {
                if isBlankSoFar { try endParagraph(&output) }
                lineStart = paragraph.count
                isBlankSoFar = true
            } else if byte != 0x20, byte != 0x09, byte != 0x0d {
                isBlankSoFar = false
            }
            if paragraph.count > Self.longest {
                output += paragraph
                paragraph.removeAll(keepingCapacity: true)
                (isLong, lineStart) = (true, 0)
            }
        }
        if passage.endsDocument {
            lineStart = paragraph.count
            try endParagraph(&output)
            (isBlankSoFar, wasDropped, lineStart) = (true, false, 0)
        }
        passage.text = String(decoding: output, as: UTF8.self)
    }

    /// Ends the paragraph before the empty line that has just ended.
    private mutating func endParagraph(_ output: inout [UInt8]) throws {
        let text = paragraph[..<lineStart], blank = paragraph[lineStart...]
        if isLong {
            output += text
            wasDropped = false
        } else if !text.isEmpty {
            // The line end after the last line is not compared: a document may end without one.
            let end = text.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? 0
            wasDropped = try !seen.insert(SHA256.hash(data: text[..<end]))
            if wasDropped { dropped += 1 } else { output += text }
        }
        if !wasDropped { output += blank }
        paragraph.removeAll(keepingCapacity: true)
        (isLong, lineStart) = (false, 0)
    }

    var changes: [(name: String, count: Int)] { [("paragraphs_dropped", dropped)] }
}
