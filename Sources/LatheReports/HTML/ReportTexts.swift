public import LatheResults
import LatheSystem

/// A run's samples, the newest as far as they fit, and the end of its log.
public struct ReportTexts: Sendable, Equatable {
    public struct Sample: Sendable, Equatable {
        /// Nil for the text that the grammar judged.
        public var step: Int?
        public var text: String
        /// Whether the file in the run's folder has more.
        public var isCut: Bool
    }

    /// Oldest first.
    public var samples: [Sample] = []
    /// Empty if there is none.
    public var log = ""

    /// Files that are missing or cannot be read are skipped.
    ///
    /// - Parameters:
    ///   - sampleBytes: the limit for all samples together.
    ///   - logBytes: the limit for the log.
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
        // The cut may have split a character.
        while isCut, text.last == "\u{FFFD}" { text.removeLast() }
        samples.append(Sample(step: step, text: Self.shown(text), isCut: isCut))
        room -= bytes.count
    }

    /// Replaces control characters except line feeds and tabs by `�`.
    private static func shown(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map { TextWidth.printable(String($0)) }
                .joined(separator: "\t")
        }.joined(separator: "\n")
    }
}
