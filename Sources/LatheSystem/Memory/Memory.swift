/// Memory of the machine and of this process.
public enum Memory {
    /// Bytes of the machine; nil if unknown.
    public static var total: Int? { kilobytes("MemTotal:", in: "/proc/meminfo").map { $0 << 10 } }

    /// Bytes that this process may use: the machine's, or fewer where a control group limits them; nil if unknown.
    public static func limit(root: String = "") -> Int? {
        let total = kilobytes("MemTotal:", in: "\(root)/proc/meminfo").map { $0 << 10 }
        return (groups(root).map(\.limit) + (total.map { [$0] } ?? [])).min()
    }

    /// Bytes that are free, or can be freed, within the machine and the process's control groups; nil if unknown.
    public static func available(root: String = "") -> Int? {
        let free = kilobytes("MemAvailable:", in: "\(root)/proc/meminfo").map { $0 << 10 }
        return (groups(root).map { max(0, $0.limit - $0.used) } + (free.map { [$0] } ?? [])).min()
    }

    /// Peak resident memory of this process in MiB.
    public static var peakMegabytes: Double { megabytes("VmHWM:") }
    /// Current resident memory of this process in bytes.
    public static var residentBytes: Int { (kilobytes("VmRSS:", in: "/proc/self/status") ?? 0) << 10 }
    /// Current resident memory in MiB that is not backed by a file.
    public static var anonymousMegabytes: Double { megabytes("RssAnon:") }

    /// Processes of this process's control group that were killed because memory ran out.
    public static var killCount: Int {
        ControlGroup.folders("memory", root: "").first
            .flatMap { $0.number("oom_kill", in: $0.isUnified ? "memory.events" : "memory.oom_control") } ?? 0
    }

    /// Limit and use of the control groups that have a limit. What files occupy can be freed and does not count.
    private static func groups(_ root: String) -> [(limit: Int, used: Int)] {
        ControlGroup.folders("memory", root: root).compactMap { group in
            guard let limit = group.numbers(group.isUnified ? "memory.max" : "memory.limit_in_bytes").first, limit > 0
            else { return nil }
            let used = group.numbers(group.isUnified ? "memory.current" : "memory.usage_in_bytes").first ?? 0
            let files = group.number(group.isUnified ? "inactive_file" : "total_inactive_file", in: "memory.stat") ?? 0
            return (limit, used - files)
        }
    }

    private static func megabytes(_ name: String) -> Double {
        Double(kilobytes(name, in: "/proc/self/status") ?? 0) / 1024
    }

    /// The number after a name in a file of lines `name: value kB`.
    private static func kilobytes(_ name: String, in path: String) -> Int? {
        (DurableFile.text(path) ?? "").split(separator: "\n").first { $0.hasPrefix(name) }
            .flatMap { $0.dropFirst(name.count).split(whereSeparator: \.isWhitespace).first }.flatMap { Int($0) }
    }
}
