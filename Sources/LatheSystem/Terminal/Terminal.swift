#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The standard streams.
public enum Terminal {
    /// Opens `/dev/null` for each standard descriptor that is closed. Otherwise the next file opened would take its
    /// number and messages would be written into it.
    public static func openWhatIsClosed() {
        for file in Int32(0)...2 where fcntl(file, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
    }

    /// A reader that goes away must not end a run: writing to its pipe fails instead. Programs started by this one are
    /// not affected.
    public static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    /// Ends the process as a broken pipe does by default.
    public static func endByBrokenPipe() -> Never {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
        exit(128 + SIGPIPE)
    }

    /// Whether lines can be redrawn in place: on a terminal, unless `TERM` says that it is a dumb one.
    public static func redraws(isTerminal: Bool, term: String?) -> Bool { isTerminal && term != "dumb" }

    /// Whether to print in colour: on a terminal that is not dumb, unless `NO_COLOR` is set to anything (no-color.org).
    public static func showsColours(isTerminal: Bool, term: String?, noColour: String?) -> Bool {
        redraws(isTerminal: isTerminal, term: term) && (noColour ?? "").isEmpty
    }

    /// - Parameter descriptor: 0, 1 or 2.
    public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Width of the terminal at standard error in characters; 80 if it is none.
    public static var columns: Int {
        var size = winsize()
        return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// Writes to standard output (1) or standard error (2), unbuffered.
    public static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(FileError) {
        try writeAll(bytes, to: descriptor, path: descriptor == 1 ? "standard output" : "standard error")
    }

    /// Writes what `print` has buffered.
    public static func flush() throws(FileError) {
        if fflush(nil) != 0 { throw FileError("write", "standard output") }
    }
}

/// Ends the process, where ArgumentParser's method hides `exit`.
public func exitProcess(_ code: Int32) -> Never { exit(code) }
