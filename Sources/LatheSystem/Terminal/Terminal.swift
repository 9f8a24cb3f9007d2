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
