import LatheSystem

enum Version {
    static let current = "0.1.0"

    /// The version plus a mark of the executable's size and modification time, which distinguishes builds.
    static var withBuild: String {
        guard let stamp = FileStamp(path: "/proc/self/exe") else { return current }
        let mark =
            UInt64(truncatingIfNeeded: stamp.size) &* 0x9E37_79B9_7F4A_7C15
            ^ UInt64(truncatingIfNeeded: stamp.modified / 1_000_000_000)
        return "\(current)+\(String(mark, radix: 36))"
    }
}
