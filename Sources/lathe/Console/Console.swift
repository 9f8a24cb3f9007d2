import LatheResults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum Console {
    /// Whether standard error is a terminal, so that progress can be redrawn in place.
    static var isTerminal: Bool { isatty(2) == 1 }

    static var columns: Int {
        var size = winsize()
        return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// The bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: `FileError` if the file is missing or larger than 1 GiB.
    static func input(_ file: String) throws -> [UInt8] {
        try DurableFile.read(file == "-" ? "/dev/stdin" : file, limit: 1 << 30)
    }

    /// Opens `/dev/null` for each standard descriptor that is closed. Otherwise the next file opened would take its
    /// number and messages would be written into it.
    static func openWhatIsClosed() {
        for file in Int32(0)...2 where fcntl(file, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
    }

    /// Flushes what `print` has buffered.
    static func finishOutput() { if fflush(nil) != 0 { outputFailed() } }

    /// Exits with 1: a truncated result must not pass for a complete one.
    private static func outputFailed() -> Never {
        error("error: standard output: cannot be written: \(String(cString: strerror(errno)))")
        end(1)
    }

    /// Writes a line to standard error. Messages and progress go there so that standard output holds only results.
    static func error(_ line: String) { write(line.hasSuffix("\n") ? line : line + "\n", to: 2) }

    static func draw(_ text: String) { write(text, to: 2) }

    /// Writes to standard output, unbuffered and without adding a newline.
    static func output(_ text: String) { write(text, to: 1) }

    static func output(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0, to: 1) } }

    /// Whether standard output is a terminal and `NO_COLOR` is unset.
    static var showsColours: Bool { isatty(1) == 1 && getenv("NO_COLOR") == nil }

    private static func write(_ text: String, to file: Int32) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0), to: file) }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) {
        var rest = bytes
        while !rest.isEmpty {
            let count = systemWrite(file, rest.baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                if file == 1 { outputFailed() }
                return
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}

private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }
