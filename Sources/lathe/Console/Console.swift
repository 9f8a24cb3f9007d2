import LatheResults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The terminal, or what stands in for it.
enum Console {
    /// Whether progress can be drawn over itself.
    static var isTerminal: Bool { isatty(2) == 1 }

    /// The columns of the terminal.
    static var columns: Int {
        var size = winsize()
        return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// The bytes of a file, or of standard input with '-', as far as they fit into memory well.
    ///
    /// - Throws: `FileError` where there is none, or more than a gigabyte of it.
    static func input(_ file: String) throws -> [UInt8] {
        try DurableFile.read(file == "-" ? "/dev/stdin" : file, limit: 1 << 30)
    }

    /// Gives the standard files that this process was started without to `/dev/null`: else the next file that is opened would take
    /// their place, and messages would go into it.
    static func openWhatIsClosed() {
        for file in Int32(0)...2 where fcntl(file, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
    }

    /// Writes out what `print` holds back.
    static func finishOutput() { if fflush(nil) != 0 { outputFailed() } }

    /// Ends the process: a result that is cut off must not pass for a whole one.
    private static func outputFailed() -> Never {
        error("error: standard output: cannot be written: \(String(cString: strerror(errno)))")
        end(1)
    }

    /// Writes a line to standard error: messages and progress, so that standard output holds results only.
    static func error(_ line: String) { write(line.hasSuffix("\n") ? line : line + "\n", to: 2) }

    /// Writes to standard error as it is.
    static func draw(_ text: String) { write(text, to: 2) }

    /// Writes to standard output at once, without a line end.
    static func output(_ text: String) { write(text, to: 1) }

    /// Writes bytes to standard output as they are.
    static func output(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0, to: 1) } }

    /// Whether standard output is a terminal that shows colours.
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
