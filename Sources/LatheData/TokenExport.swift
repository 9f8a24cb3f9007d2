import LatheComponents
import LatheSystem

/// Exports prepared tokens in another program's format.
public struct TokenExport {
    public enum Format: String, CaseIterable, Sendable {
        /// nanoGPT: `train.bin`, `val.bin` and `test.bin`, 16-bit ids without a header.
        case nanogpt
        /// llm.c: `train_000000.bin` and so on, a header of 256 32-bit integers followed by the ids.
        case llmc
    }

    private let data: PreparedData
    private let format: Format?
    /// Tokens per file. llm.c counts in 32 bits, and its own scripts use this size.
    private static let mostTokens = 100_000_000
    private static let headerNumbers = 256

    /// Without a format, exports the data card alone.
    public init(_ data: PreparedData, format: Format?) {
        self.data = data
        self.format = format
    }

    /// Writes the files and the data card into a folder, replacing existing ones. Each file is written atomically.
    ///
    /// - Throws: ``DataError`` if ids do not fit the format or the folder cannot be written; errors from `progress`.
    public func write(to folder: String, progress: ProgressHandler = { _ in }) throws {
        if format == .nanogpt, data.vocabulary.size > 65_536 {
            throw DataError(
                folder,
                "cannot be exported as nanoGPT files: their ids have 16 bits, and the tokenizer has "
                    + "\(data.vocabulary.size) ids; use --format llmc"
            )
        }
        do throws(FileError) { try DurableFolder.create(folder) } catch {
            throw DataError(folder, "cannot be created: \(error.reason)")
        }
        let total = data.splits.reduce(0) { $0 + $1.tokens.count }
        var done = 0
        for split in data.splits {
            let name = split.name == "validation" ? "val" : split.name
            let size = format == .llmc ? Self.mostTokens : max(1, split.tokens.count)
            guard format != nil else { break }
            for (number, start) in stride(from: 0, to: split.tokens.count, by: size).enumerated() {
                let digits = String(number)
                let suffix =
                    format == .llmc ? "_" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits : ""
                let range = start..<min(start + size, split.tokens.count)
                try write(split.tokens, range, to: folder + "/" + name + suffix + ".bin") {
                    done += $0
                    try progress(PreparationProgress(.writing, done: done, total: total))
                }
            }
        }
        for (name, bytes) in [
            (DataCard.jsonName, data.card.json), (DataCard.markdownName, Array(data.card.markdown.utf8)),
        ] {
            try replace(folder + "/" + name) { try $0.append(bytes) }
        }
    }

    private func write(
        _ tokens: TokenSequence, _ range: Range<Int>, to path: String, progress: (Int) throws -> Void
    ) throws {
        let isWide = data.vocabulary.size > 65_536
        try replace(path) { writer in
            if format == .llmc {
                var header = [Int32](repeating: 0, count: Self.headerNumbers)
                header[0] = isWide ? 20_240_801 : 20_240_520
                header[1] = isWide ? 7 : 1
                header[2] = Int32(range.count)
                try header.map(\.littleEndian).withUnsafeBytes { try writer.append($0) }
            }
            var ids = [Int32](repeating: 0, count: 1 << 18)
            for start in stride(from: range.lowerBound, to: range.upperBound, by: ids.count) {
                let count = min(ids.count, range.upperBound - start)
                ids.withUnsafeMutableBufferPointer { buffer in
                    if let base = buffer.baseAddress { tokens.copy(from: start, count: count, to: base) }
                }
                if isWide {
                    try ids[..<count].map(\.littleEndian).withUnsafeBytes { try writer.append($0) }
                } else {
                    try ids[..<count].map { UInt16(truncatingIfNeeded: $0).littleEndian }.withUnsafeBytes {
                        try writer.append($0)
                    }
                }
                try progress(count)
            }
        }
    }

    /// Writes to a temporary name and renames the complete file.
    private func replace(_ path: String, _ write: (FileWriter) throws -> Void) throws {
        let partial = path + ".partial"
        DurableFile.discard(partial)
        do {
            let writer = try FileWriter(partial)
            try write(writer)
            _ = try writer.finish()
            do throws(FileError) { try DurableFile.move(partial, to: path) } catch {
                throw DataError(path, "cannot be written: \(error.reason)")
            }
        } catch {
            DurableFile.discard(partial)
            throw error
        }
    }
}
