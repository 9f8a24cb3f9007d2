import LatheComponents

extension Conformance {
    /// A text with lines, repeated words, capitals, numbers and characters of one to four bytes.
    static let text = String(
        repeating:
            "The nurse measured 38.5 °C at noon; the café was closed — again.\nÜber 7 patients, U.S. guidelines, 東京 "
            + "and 🙂.\n\n",
        count: 6)

    /// Checks every tokenizer: ids are below the size, encoding round-trips, each byte belongs to a token, and a saved
    /// vocabulary is restored unchanged.
    public func tokenizerFailures() -> [ConformanceFailure] {
        check(TokenizerSlot.self) { subject, findings in
            let vocabulary = try Self.bytes(Self.text) { try subject.product.fit($0) }
            let second = try Self.bytes(Self.text) { try subject.product.fit($0) }
            findings.require(
                vocabulary.files == second.files, "the same text gives the same vocabulary", "files differ")
            findings.require(vocabulary.size >= 1, "has ids", "\(vocabulary.size)")
            if let end = vocabulary.endOfText {
                findings.require(
                    end >= 0 && end < vocabulary.size, "the end-of-text token is an id", "\(end) of \(vocabulary.size)")
            }
            findings.require(vocabulary.lossReason != "", "gives a reason for losses", "the reason is empty")
            let restored = try subject.product.restore(vocabulary.files)
            findings.require(
                restored.size == vocabulary.size && restored.files == vocabulary.files
                    && restored.endOfText == vocabulary.endOfText && restored.lossReason == vocabulary.lossReason,
                "a restored vocabulary is the same", "size, files, end or losses differ")
            for text in [Self.text, "", "\n", "noon", "the the", " at  noon ", "the café\n\n東京🙂"] {
                try checkText(text, vocabulary, restored, &findings)
            }
        }
    }

    private func checkText(
        _ text: String, _ vocabulary: any Vocabulary, _ restored: any Vocabulary, _ findings: inout Findings
    ) throws {
        let place = text.count > 30 ? "of the training text" : "of \(text.debugDescription)"
        var encoded = EncodedText(keepsOrigins: true), plain = EncodedText(keepsOrigins: false), again = plain
        do {
            try Self.bytes(text) { try vocabulary.encode($0, into: &encoded) }
        } catch is DataError where text != Self.text {
            return  // Text that the vocabulary has no token for may be refused.
        }
        try Self.bytes(text) { try vocabulary.encode($0, into: &plain) }
        try Self.bytes(text) { try restored.encode($0, into: &again) }
        findings.require(
            plain.ids == encoded.ids, "ids do not depend on whether origins are kept", "they differ \(place)")
        findings.require(again.ids == encoded.ids, "a restored vocabulary encodes the same", "ids differ \(place)")
        findings.require(
            encoded.ids.allSatisfy { $0 < vocabulary.size }, "ids are below the size",
            "\(encoded.ids.max() ?? 0) of \(vocabulary.size) \(place)")
        let sum = encoded.byteCounts.reduce(0) { $0 + Int($1) }
        findings.require(
            encoded.byteCounts.count == encoded.ids.count && sum == text.utf8.count, "each byte belongs to a token",
            "\(encoded.byteCounts.count) counts for \(encoded.ids.count) ids, \(sum) of \(text.utf8.count) bytes "
                + "\(place)"
        )
        findings.require(
            encoded.spellings.allSatisfy { $0.nats.isFinite && $0.nats > 0 && encoded.ids.indices.contains($0.index) },
            "spellings belong to existing tokens", "\(encoded.spellings) \(place)")
        guard vocabulary.lossReason == nil, encoded.spellings.isEmpty else { return }
        var bytes: [UInt8] = []
        for id in encoded.ids { vocabulary.decode(Int(id), into: &bytes) }
        findings.require(
            bytes == Array(text.utf8), "decodes to the text",
            "\(String(decoding: bytes, as: UTF8.self).debugDescription) \(place)")
    }

    /// Checks every cleaning step: it is deterministic, leaves clean text alone, and keeps the ends of documents.
    public func cleaningFailures() -> [ConformanceFailure] {
        check(CleaningSlot.self) { subject, findings in
            let passages = [
                Passage(text: Self.text, endsDocument: false),
                Passage(text: "A second\tline\r\n  here.\n", endsDocument: true),
                Passage(text: "", endsDocument: true),
                Passage(text: " \u{FEFF}e\u{301} \u{0}\u{7}x\n", endsDocument: true),
            ]
            let once = try clean(passages, subject.product), second = try clean(passages, subject.product)
            findings.require(once.texts == second.texts, "cleaning is deterministic", "two passes differ")
            findings.require(
                once.ends == passages.map(\.endsDocument), "documents end where they ended", "\(once.ends)")
            let twice = try clean(
                zip(once.texts, once.ends).map { Passage(text: $0, endsDocument: $1) }, subject.product)
            let documents = Self.documents(once.texts, once.ends), again = Self.documents(twice.texts, twice.ends)
            findings.require(
                documents == again, "cleaning leaves clean text unchanged",
                zip(documents, again).first { $0 != $1 }.map {
                    "\($0.debugDescription) became \($1.debugDescription)"
                } ?? "")
            findings.require(
                once.changes.allSatisfy { $0.count >= 0 && !$0.name.isEmpty }, "counts its changes by name",
                "\(once.changes)")
            if once.texts != passages.map(\.text) {
                findings.require(
                    once.changes.contains { $0.count > 0 }, "counts what it changes",
                    "text was changed, but nothing was counted")
            }
        }
    }

    /// Joins passages into documents: a step may hold text back from one passage to the next.
    private static func documents(_ texts: [String], _ ends: [Bool]) -> [String] {
        var documents = [""]
        for (text, isEnd) in zip(texts, ends) {
            documents[documents.count - 1] += text
            if isEnd { documents.append("") }
        }
        return documents
    }

    private func clean(
        _ passages: [Passage], _ step: any CleaningStep
    ) throws -> (texts: [String], ends: [Bool], changes: [(name: String, count: Int)]) {
        var cleaner = step.makeCleaner()
        let cleaned = try passages.map { passage in
            var passage = passage
            try cleaner.clean(&passage)
            return passage
        }
        return (cleaned.map(\.text), cleaned.map(\.endsDocument), cleaner.changes)
    }

    /// Checks every source of text: passages are bounded and end documents, and two readings are the same. Sources that
    /// fetch their text need tests of their own.
    public func sourceFailures() -> [ConformanceFailure] {
        check(SourceSlot.self) { subject, findings in
            let corpus = try subject.product.gather(SourceContext(folder: "/nowhere"))
            findings.require(
                corpus.files.allSatisfy { $0.path.hasPrefix("/") }, "names its files by absolute paths",
                "\(corpus.files.map(\.path))")
            guard case .documents = corpus.content else { return }
            let first = try PassageSummary(corpus), second = try PassageSummary(corpus)
            findings.require(first == second, "two readings are the same", "they differ")
            findings.require(first.bytes > 0, "has text", "there is none")
            findings.require(
                first.endsDocument, "the last passage ends a document", "it does not")
            findings.require(
                first.longest <= 2 * Passage.usualBytes, "passages have at most about 1 MiB",
                "one has \(first.longest) bytes")
        }
    }

    /// The UTF-8 of a text, valid while `body` runs.
    private static func bytes<Result>(
        _ text: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) throws -> Result {
        var text = text
        return try text.withUTF8(body)
    }
}

/// What is compared of passages: their size and a hash of their text and ends (FNV-1a).
private struct PassageSummary: Equatable {
    var bytes = 0, longest = 0, endsDocument = false
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    init(_ corpus: Corpus) throws {
        var reader = try corpus.reader()
        while let passage = try reader.next() { add(passage) }
    }

    private mutating func add(_ passage: Passage) {
        bytes += passage.text.utf8.count
        longest = max(longest, passage.text.utf8.count)
        endsDocument = passage.endsDocument
        for byte in passage.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (passage.endsDocument ? 0x100 : 0x200)) &* 0x100_0000_01b3
    }
}
