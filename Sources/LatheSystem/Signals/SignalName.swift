#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Signal names with their usual causes.
public enum SignalName {
    public static let kill = SIGKILL

    public static func text(_ signal: Int) -> String {
        let names: [Int32: String] = [
            SIGKILL: "SIGKILL (kill -9, or the system ran out of memory)", SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT",
            SIGBUS: "SIGBUS (a file was truncated while in use, or the disk is full)", SIGILL: "SIGILL",
            SIGTRAP: "SIGTRAP", SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGHUP: "SIGHUP",
            SIGXCPU: "SIGXCPU (CPU time limit exceeded)", SIGXFSZ: "SIGXFSZ (file size limit exceeded)",
        ]
        return "signal \(signal)" + (names[Int32(signal)].map { ", \($0)" } ?? "")
    }
}
