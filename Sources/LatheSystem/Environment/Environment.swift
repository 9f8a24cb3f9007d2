#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

public enum Environment {
    /// The value of a variable; nil if it is not set.
    public static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Sets a variable for this process and those that it starts, unless it is set already.
    public static func setDefault(_ name: String, _ value: String) { setenv(name, value, 0) }

    /// `$TMPDIR`, or else `/tmp`.
    public static var temporaryFolder: String { value("TMPDIR") ?? "/tmp" }
}
