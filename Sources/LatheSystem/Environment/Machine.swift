#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The computer that this process runs on.
public enum Machine {
    public static var hostName: String { name { $0.nodename } }
    /// The operating system, its release and the architecture.
    public static var system: String {
        "\(name { $0.sysname }) \(name { $0.release }) \(name { $0.machine })"
    }

    /// The processor's model name, or the architecture if the system reports none.
    public static let processor: String =
        DurableFile.text("/proc/cpuinfo")?.split(separator: "\n").first { $0.hasPrefix("model name") }
        .flatMap { $0.split(separator: ":", maxSplits: 1).last }.map { String($0.drop { $0 == " " }) }
        ?? name { $0.machine }

    private static func name<Field>(_ field: (utsname) -> Field) -> String {
        var names = utsname()
        uname(&names)
        return withUnsafeBytes(of: field(names)) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
