import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Vector width of the leaf loops. Levels round differently, so a run records the level it used.
public enum SIMDLevel: Int32, CaseIterable, Sendable, Comparable {
    /// The architecture's baseline: SSE2, or NEON on arm64.
    case base = 1
    /// x86-64-v3: AVX2 and fused multiply-add.
    case v3 = 3
    /// x86-64-v4: AVX-512.
    case v4 = 4

    public static var best: SIMDLevel { SIMDLevel(rawValue: lathe_kernels_at(4).pointee.level) ?? .base }

    /// Lowest first.
    public static var available: [SIMDLevel] { allCases.filter { $0 <= best } }

    public static func < (a: SIMDLevel, b: SIMDLevel) -> Bool { a.rawValue < b.rawValue }
}

/// The processor, for a run's record.
public enum CPU {
    /// The model name the system reports, or the architecture if there is none.
    public static let model: String = readModel()

    public static var level: SIMDLevel { .best }

    /// Physical cores (not hardware threads) within this process's CPU affinity.
    public static let availableCores: Int = countCores()
}

private func countCores() -> Int {
    #if os(Linux)
        guard let status = readText("/proc/self/status", limit: 16384),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") }),
            let list = line.split(whereSeparator: { $0 == "\t" || $0 == " " }).last
        else { return fallbackCores() }
        // Such as "0-3,8,10-11".
        var allowed: [Int] = []
        for part in list.split(separator: ",") {
            let ends = part.split(separator: "-").compactMap { Int($0) }
            if let first = ends.first, let last = ends.last, first <= last { allowed.append(contentsOf: first...last) }
        }
        // Hardware threads of one core list the same siblings.
        var cores: Set<String> = []
        for cpu in allowed {
            let path = "/sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list"
            cores.insert(readText(path, limit: 256) ?? "cpu \(cpu)")
        }
        return max(1, cores.count)
    #else
        return fallbackCores()
    #endif
}

private func fallbackCores() -> Int {
    let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    return count > 0 ? count : 1
}

private func readModel() -> String {
    #if os(Linux)
        if let text = readText("/proc/cpuinfo", limit: 4096) {
            for line in text.split(separator: "\n") where line.hasPrefix("model name") {
                if let colon = line.firstIndex(of: ":") {
                    return String(line[line.index(after: colon)...].drop { $0 == " " })
                }
            }
        }
    #endif
    #if arch(x86_64)
        return "x86-64"
    #elseif arch(arm64)
        return "arm64"
    #else
        return "unknown"
    #endif
}

private func readText(_ path: String, limit: Int) -> String? {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = read(file, &bytes, limit)
    guard count > 0 else { return nil }
    return String(decoding: bytes[0..<count], as: UTF8.self)
}
