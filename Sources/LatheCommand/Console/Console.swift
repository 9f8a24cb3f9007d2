import LatheResults
import LatheSystem

enum Console {
    /// Whether progress can be redrawn in place on standard error.
    static var redraws: Bool {
        Terminal.redraws(isTerminal: Terminal.isTerminal(2), term: Environment.value("TERM"))
    }

    static var columns: Int { Terminal.columns }

    /// The bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: `FileError` if the file is missing or larger than 1 GiB.
    static func input(_ file: String) throws -> [UInt8] {
        try DurableFile.read(file == "-" ? "/dev/stdin" : file, limit: 1 << 30)
    }

    /// Flushes what `print` has buffered.
    static func finishOutput() { do throws(FileError) { try Terminal.flush() } catch { outputFailed(error) } }

    /// Exits with 1: a truncated result must not pass for a complete one.
    private static func outputFailed(_ failure: FileError) -> Never {
        if failure.isBrokenPipe { Terminal.endByBrokenPipe() }
        error("error: standard output: cannot be written: \(failure.reason)")
        exitProcess(1)
    }

    /// Writes a line to standard error. Messages and progress go there so that standard output holds only results.
    static func error(_ line: String) { write(line.hasSuffix("\n") ? line : line + "\n", to: 2) }

    static func draw(_ text: String) { write(text, to: 2) }

    /// Writes to standard output, unbuffered and without adding a newline.
    static func output(_ text: String) { write(text, to: 1) }

    static func output(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0, to: 1) } }

    static var showsColours: Bool {
        Terminal.showsColours(
            isTerminal: Terminal.isTerminal(1), term: Environment.value("TERM"),
            noColour: Environment.value("NO_COLOR"))
    }

    private static func write(_ text: String, to file: Int32) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0), to: file) }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) {
        do throws(FileError) { try Terminal.write(bytes, to: file) } catch {
            if file == 1 { outputFailed(error) }
        }
    }
}
