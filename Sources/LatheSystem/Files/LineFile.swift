/// Appends lines to a file, each by one `write` on a descriptor opened with `O_APPEND`.
///
/// A crash of the process loses no appended line. A crash of the machine may lose lines after the last ``sync()`` and
/// leave the last one torn. Readers ignore a last line without a line feed, and opening the file for writing removes
/// it.
public final class LineWriter: Sendable {
    private let file: OpenFile

    public var path: String { file.path }

    /// Opens the file for appending and creates it if needed; a torn last line is cut off.
    public init(appendingTo path: String) throws(FileError) {
        file = try OpenFile(path, .append)
        let end = try file.status.size
        var whole = end
        while whole > 0, try file.bytes(at: whole - 1, count: 1) != [UInt8(ascii: "\n")] { whole -= 1 }
        if whole < end { try file.truncate(to: whole) }
    }

    /// Appends the line and a line feed.
    ///
    /// - Precondition: `line` contains no line feed.
    public func append(_ line: String) throws(FileError) {
        let bytes = Array((line + "\n").utf8)
        precondition(bytes.firstIndex(of: UInt8(ascii: "\n")) == bytes.count - 1, "a line holds no line feed")
        try file.write(bytes)
    }

    /// Flushes appended lines to disk, as needed before a checkpoint that relies on them is published.
    public func sync() throws(FileError) { try file.sync() }
}

public enum LineFile {
    /// The complete lines of a file, without their line feeds; a torn last line is dropped, a missing file has none.
    public static func lines(of path: String) throws(FileError) -> [ArraySlice<UInt8>] {
        let bytes: [UInt8]
        do throws(FileError) { bytes = try DurableFile.read(path) } catch {
            if error.isMissing { return [] }
            throw error
        }
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        bytes.withUnsafeBufferPointer { buffer in
            for (index, byte) in buffer.enumerated() where byte == UInt8(ascii: "\n") {
                lines.append(bytes[start..<index])
                start = index + 1
            }
        }
        return lines
    }

    /// Atomically rewrites the file with the lines that `keep` accepts; does not touch it if all stay.
    public static func filter(_ path: String, keep: (ArraySlice<UInt8>, _ number: Int) throws -> Bool) throws {
        guard Path.kind(of: path) != nil else { return }
        var kept: [UInt8] = []
        for (index, line) in try lines(of: path).enumerated() where try keep(line, index + 1) {
            kept.append(contentsOf: line)
            kept.append(UInt8(ascii: "\n"))
        }
        if kept != (try DurableFile.read(path)) { try DurableFile.write(kept, to: path) }
    }
}
