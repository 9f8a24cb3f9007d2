import LatheComponents

/// Writes documents into an entry, with the end and hash of each and an index of characters. Documents that a cleaning
/// step drops are rolled back.
struct DocumentWriter {
    private let builder: EntryBuilder
    private let text: FileWriter
    private let ends: NumberWriter
    private let hashes: NumberWriter
    private let index: NumberWriter
    /// Documents written so far.
    private(set) var documents = 0
    private var dropped = 0
    private var characters = 0
    private var indexed = 0
    /// Where the current document began.
    private var start = (bytes: 0, characters: 0)
    private var hash = DocumentHash()
    /// Entries of the character index within the current document, which count only if it is kept.
    private var places: [(bytes: Int, characters: Int)] = []
    private static let indexInterval = 1 << 20

    init(_ builder: EntryBuilder) throws {
        self.builder = builder
        text = try builder.writer("text.utf8")
        ends = NumberWriter(try builder.writer("documents.int64"))
        hashes = NumberWriter(try builder.writer("hashes.int64"))
        index = NumberWriter(try builder.writer("characters.int64"))
        text.setMark()
    }

    var hasText: Bool { text.count > 0 }

    mutating func append(_ passage: inout Passage) throws {
        try passage.text.withUTF8 { try append($0) }
        if passage.endsDocument { try endDocument(isDropped: passage.dropsDocument) }
    }

    mutating func append(document: UnsafeBufferPointer<UInt8>) throws {
        var start = 0
        while start < document.count {
            var end = min(start + Self.indexInterval, document.count)
            while end < document.count, document[end] & 0xc0 == 0x80 { end -= 1 }
            try append(UnsafeBufferPointer(rebasing: document[start..<end]))
            start = end
        }
        try endDocument(isDropped: false)
    }

    private mutating func append(_ utf8: UnsafeBufferPointer<UInt8>) throws {
        characters += characterCount(utf8)
        hash.add(utf8)
        try text.append(UnsafeRawBufferPointer(utf8))
        if text.count - indexed >= Self.indexInterval {
            places.append((text.count, characters))
            indexed = text.count
        }
    }

    private mutating func endDocument(isDropped: Bool) throws {
        if isDropped {
            try text.rollBack()
            (indexed, characters) = (min(indexed, start.bytes), start.characters)
        }
        if text.count == start.bytes {
            dropped += 1
        } else {
            documents += 1
            try ends.append(text.count)
            try hashes.append(hash.value)
            for place in places {
                try index.append(place.bytes)
                try index.append(place.characters)
            }
        }
        places.removeAll(keepingCapacity: true)
        hash = DocumentHash()
        start = (text.count, characters)
        text.setMark()
    }

    /// Completes the files and writes the card.
    ///
    /// - Parameter dropped: documents dropped before, if those written are what is left.
    mutating func finish(
        bytesRead: Int, changes: [CleaningChange], dropped before: Int = 0, splitDocuments: [Int]? = nil,
        skipped: SkippedRows?
    ) throws {
        if text.count > start.bytes { try endDocument(isDropped: false) }
        let record = try builder.finish("text.utf8", text)
        try builder.finish("documents.int64", try ends.finish())
        try builder.finish("hashes.int64", try hashes.finish())
        try builder.finish("characters.int64", try index.finish())
        try builder.write(
            "card.json",
            json: CleanText.Card(
                characters: characters, documents: documents, droppedDocuments: before + dropped,
                bytesRead: bytesRead, sha256: record.sha256, changes: changes, splitDocuments: splitDocuments,
                skipped: skipped))
    }
}

/// A 64-bit hash of a document, independent of how it is cut into passages: FNV-1a over words of eight bytes, the last
/// padded with zeros, then the length, mixed.
struct DocumentHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325
    private var word: UInt64 = 0
    private var length = 0

    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(bytes)
        var place = 0
        while place < raw.count {
            if length % 8 == 0 {
                while place + 8 <= raw.count {
                    mix(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
                    place += 8
                    length += 8
                }
                if place == raw.count { return }
            }
            word |= UInt64(raw[place]) << UInt64(8 * (length % 8))
            place += 1
            length += 1
            if length % 8 == 0 {
                mix(word)
                word = 0
            }
        }
    }

    private mutating func mix(_ word: UInt64) {
        state = (state ^ word) &* 0x9e37_79b9_7f4a_7c15
        state ^= state >> 32
    }

    /// The hash of everything so far.
    var value: Int {
        var last = self
        last.mix(word)
        last.mix(UInt64(length))
        return Int(Int64(bitPattern: last.state))
    }
}
