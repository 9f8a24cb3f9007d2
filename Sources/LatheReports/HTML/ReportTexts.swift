public import LatheResults

/// The texts of a run that a page shows: its samples, newest first as far as there is room, and the end of its log.
public struct ReportTexts: Sendable, Equatable {
    /// A sample.
    public struct Sample: Sendable, Equatable {
        /// The step after which it was generated; nil for the text that the grammar judged.
        public var step: Int?
        /// The text.
        public var text: String
        /// Whether more of it is in the run's folder.
        public var isCut: Bool
    }

    /// Samples, the newest last.
    public var samples: [Sample] = []
    /// The end of the log; empty where there is none.
    public var log = ""

    /// Reads a run's texts; what is not there or cannot be read is left out.
    ///
    /// - Parameters:
    ///   - sampleBytes: room for all samples together.
    ///   - logBytes: room for the log.
    public init(_ folder: RunFolder, sampleBytes: Int, logBytes: Int) {
        let names = (try? DurableFolder.names(in: folder.samples)) ?? []
        let steps = names.compactMap { name -> Int? in
            guard name.hasPrefix("step-"), name.hasSuffix(".txt") else { return nil }
            return Int(name.dropFirst(5).dropLast(4))
        }
        var room = sampleBytes
        for step in steps.sorted(by: >) where room > 0 {
            add(folder.sample(step: step), step: step, &room)
        }
        if names.contains("judged.txt") { add(folder.file("samples/judged.txt"), step: nil, &room) }
        samples.sort { ($0.step ?? -1) < ($1.step ?? -1) }
        if let bytes = try? DurableFile.read(folder.log) {
            var end = bytes.suffix(logBytes)
            if end.count < bytes.count, let line = end.firstIndex(of: UInt8(ascii: "\n")) { end = end[(line + 1)...] }
            log = Self.shown(String(decoding: end, as: UTF8.self))
        }
    }

    private mutating func add(_ path: String, step: Int?, _ room: inout Int) {
        guard room > 0, let bytes = try? DurableFile.read(path) else { return }
        var text = String(decoding: bytes.prefix(room), as: UTF8.self)
        let isCut = bytes.count > room
        // A character that was cut in two is not one of the text's own.
        while isCut, text.last == "\u{FFFD}" { text.removeLast() }
        samples.append(Sample(step: step, text: Self.shown(text), isCut: isCut))
        room -= bytes.count
    }

    /// Control characters but line feeds and tabs as `�`.
    private static func shown(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map { TextWidth.printable(String($0)) }
                .joined(separator: "\t")
        }.joined(separator: "\n")
    }
}
