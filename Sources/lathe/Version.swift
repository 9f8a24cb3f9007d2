#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The program's version and build.
enum Version {
    /// The version, as in CHANGELOG.md.
    static let current = "0.1.0"

    /// The version with a mark of the executable: size and time of its file. Two builds differ in it.
    static var withBuild: String {
        var info = stat()
        guard stat("/proc/self/exe", &info) == 0 else { return current }
        let mark =
            UInt64(truncatingIfNeeded: info.st_size) &* 0x9E37_79B9_7F4A_7C15
            ^ UInt64(truncatingIfNeeded: info.st_mtim.tv_sec)
        return "\(current)+\(String(mark, radix: 36))"
    }
}
