#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// This process.
public enum CurrentProcess {
    public static var id: Int32 { getpid() }

    /// The path of its executable, for starting workers.
    public static var executable: String { RelativeLink.target(of: "/proc/self/exe") ?? CommandLine.arguments[0] }

    /// Whether a process of this machine exists.
    public static func exists(_ id: Int32) -> Bool { kill(id, 0) == 0 || errno != ESRCH }

    /// Ends the process when its standard input, a pipe, closes: when the process that started it has ended.
    public static func endWithParent(code: Int32) {
        SystemThread {
            var byte: UInt8 = 0
            while let count = try? retried("read", "standard input", { read(0, &byte, 1) }), count > 0 {}
            _exit(code)
        }?.detach()
    }
}
