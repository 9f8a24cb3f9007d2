#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The cores available to this process, each as the list of its hardware threads.
enum CoreList {
    static var canPin: Bool { setAffinity != nil }

    /// In order of number. Falls back to one core per processor if the system does not list them.
    static func available() -> [[Int]] {
        let status = text("/proc/self/status").split(separator: "\n")
        guard let list = status.first(where: { $0.hasPrefix("Cpus_allowed_list:") })?.split(separator: ":").last else {
            return (0..<max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))).map { [$0] }
        }
        let allowed = numbers(list)
        var cores: [[Int]] = []
        var seen: Set<Int> = []
        for processor in allowed where !seen.contains(processor) {
            let siblings = numbers(
                text("/sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list")[...]
            ).filter { allowed.contains($0) }
            let core = siblings.isEmpty ? [processor] : siblings
            seen.formUnion(core)
            cores.append(core)
        }
        return cores.isEmpty ? [[0]] : cores
    }

    /// Parses `0-3,8`.
    private static func numbers(_ list: Substring) -> [Int] {
        list.split(whereSeparator: { !$0.isNumber && $0 != "-" }).flatMap { part -> [Int] in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return [] }
            return Array(first...last)
        }
    }

    /// Runs `body` on a thread pinned to `processors`, so that a process started there is pinned from the start.
    static func pinned<Result>(to processors: [Int], _ body: () throws -> Result) rethrows -> Result {
        var old = Mask(repeating: 0)
        guard !processors.isEmpty, let getAffinity, let setAffinity,
            getAffinity(0, MemoryLayout<Mask>.size, &old) >= 0
        else { return try body() }
        var mask = Mask(repeating: 0)
        withUnsafeMutableBytes(of: &mask) { bytes in
            for processor in processors where processor < 8 * bytes.count {
                bytes[processor / 8] |= 1 << UInt8(processor % 8)
            }
        }
        guard setAffinity(0, MemoryLayout<Mask>.size, &mask) == 0 else { return try body() }
        defer { _ = setAffinity(0, MemoryLayout<Mask>.size, &old) }
        return try body()
    }

    /// A `cpu_set_t`: 1,024 bits in machine words, which are little-endian on every supported platform.
    private typealias Mask = InlineArray<16, UInt64>
    private typealias Function = @convention(c) (Int32, Int, UnsafeMutableRawPointer) -> Int32

    /// Looked up at run time, because glibc hides these from modules that do not define `_GNU_SOURCE`.
    private static var getAffinity: Function? { function("sched_getaffinity") }
    private static var setAffinity: Function? { function("sched_setaffinity") }

    private static func function(_ name: String) -> Function? {
        dlsym(nil, name).map { unsafeBitCast($0, to: Function.self) }
    }

    private static func text(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
