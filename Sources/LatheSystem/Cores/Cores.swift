#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The cores that this process may use.
public enum Cores {
    /// How many threads can compute at once: one per physical core within the process's affinity and, rounded up, its
    /// control groups' share of the processors. At least 1.
    public static let count = count(root: "")

    /// - Parameter root: a folder that stands for `/`, with the system's `proc` and `sys`.
    public static func count(root: String) -> Int {
        let allowed = allowed(root: root).count
        return quota(root: root).map { max(1, min(allowed, Int($0.rounded(.up)))) } ?? allowed
    }

    /// The physical cores within the process's affinity, in order of number, each as the list of its hardware threads.
    public static func allowed(root: String = "") -> [[Int]] {
        let status = DurableFile.text("\(root)/proc/self/status") ?? ""
        guard
            let list = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") })?
                .split(separator: ":").last
        else { return (0..<max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))).map { [$0] } }
        let allowed = numbers(list)
        var cores: [[Int]] = []
        var seen: Set<Int> = []
        for processor in allowed where !seen.contains(processor) {
            let path = "\(root)/sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list"
            let siblings = numbers((DurableFile.text(path) ?? "")[...]).filter { allowed.contains($0) }
            let core = siblings.isEmpty ? [processor] : siblings
            seen.formUnion(core)
            cores.append(core)
        }
        return cores.isEmpty ? [[0]] : cores
    }

    /// Processors' worth of time that the control groups of this process grant; nil without a limit.
    public static func quota(root: String = "") -> Double? {
        ControlGroup.folders("cpu", root: root).compactMap { group -> Double? in
            let words =
                group.isUnified
                ? group.numbers("cpu.max") : group.numbers("cpu.cfs_quota_us") + group.numbers("cpu.cfs_period_us")
            guard words.count == 2, words[0] > 0, words[1] > 0 else { return nil }
            return Double(words[0]) / Double(words[1])
        }.min()
    }

    /// Parses `0-3,8`.
    private static func numbers(_ list: Substring) -> [Int] {
        list.split(whereSeparator: { !$0.isNumber && $0 != "-" }).flatMap { part -> [Int] in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return [] }
            return Array(first...last)
        }
    }

    /// Whether ``pinned(to:_:)`` has an effect.
    public static var canPin: Bool { setAffinity != nil }

    /// Runs `body` on a thread pinned to `processors`, so that a process started there is pinned from the start.
    public static func pinned<Result>(to processors: [Int], _ body: () throws -> Result) rethrows -> Result {
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
}
