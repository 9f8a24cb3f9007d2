#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Appends lines to a file, each by one `write` on a descriptor opened with `O_APPEND`.
///
/// A crash of the process loses no appended line. A crash of the machine may lose lines after the last ``sync()`` and
/// leave the last one torn. Readers ignore a last line without a line feed, and opening the file for writing removes
/// it.
public final class LineWriter: Sendable {
    public let path: String
    private let file: Int32

    /// Opens the file for appending and creates it if needed; a torn last line is cut off.
    public init(appendingTo path: String) throws(FileError) {
        let file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError("open", path) }
        do throws(FileError) { try Self.cutTornLine(file, path) } catch {
            close(file)
            throw error
        }
        self.path = path
        self.file = file
    }

    private static func cutTornLine(_ file: Int32, _ path: String) throws(FileError) {
        let end = lseek(file, 0, SEEK_END)
        guard end >= 0 else { throw FileError("read", path) }
        var whole = end
        var byte: UInt8 = 0
        while whole > 0 {
            guard pread(file, &byte, 1, whole - 1) == 1 else { throw FileError("read", path) }
            if byte == UInt8(ascii: "\n") { break }
            whole -= 1
        }
        if whole < end {
            guard ftruncate(file, whole) == 0 else { throw FileError("truncate", path) }
        }
    }

    deinit { close(file) }

    /// Appends the line and a line feed.
    ///
    /// - Precondition: `line` contains no line feed.
    public func append(_ line: String) throws(FileError) {
        var text = line
        text.append("\n")
        var failure: FileError?
        text.withUTF8 { bytes in
            precondition(bytes.firstIndex(of: UInt8(ascii: "\n")) == bytes.count - 1, "a line holds no line feed")
            do throws(FileError) {
                try DurableFile.writeAll(UnsafeRawBufferPointer(bytes), to: file, path: path)
            } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Flushes appended lines to disk, as needed before a checkpoint that relies on them is published.
    public func sync() throws(FileError) {
        guard fsync(file) == 0 else { throw FileError("sync", path) }
    }
}

enum LineFile {
    /// The complete lines of a file, without their line feeds; a torn last line is dropped, a missing file has none.
    static func lines(of path: String) throws(FileError) -> [ArraySlice<UInt8>] {
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
    static func filter(_ path: String, keep: (ArraySlice<UInt8>, _ number: Int) throws -> Bool) throws {
        guard Path.kind(of: path) != nil else { return }
        var kept: [UInt8] = []
        for (index, line) in try lines(of: path).enumerated() where try keep(line, index + 1) {
            kept.append(contentsOf: line)
            kept.append(UInt8(ascii: "\n"))
        }
        if kept != (try DurableFile.read(path)) { try DurableFile.write(kept, to: path) }
    }
}
