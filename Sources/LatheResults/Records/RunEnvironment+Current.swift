#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension MachineRecord {
    /// - Parameter simdLevel: the level that the kernels selected.
    public static func current(simdLevel: String) -> MachineRecord {
        var names = utsname()
        uname(&names)
        let information = lines(of: "/proc/cpuinfo")
        let processor =
            information.first { $0.hasPrefix("model name") }?.split(separator: ":").last.map {
                String($0.drop { $0 == " " })
            } ?? text(&names.machine)
        let memory = lines(of: "/proc/meminfo").first { $0.hasPrefix("MemTotal:") }
            .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
        return MachineRecord(
            host: hostName, processor: processor, cores: availableCores, simdLevel: simdLevel,
            system: "\(text(&names.sysname)) \(text(&names.release)) \(text(&names.machine))",
            memoryMegabytes: memory.map { $0 / 1024 })
    }

    public static var hostName: String {
        var names = utsname()
        uname(&names)
        return text(&names.nodename)
    }

    /// Cores that this process may run on: under `taskset` or in a container, fewer than the machine has.
    private static var availableCores: Int {
        if let mask = lines(of: "/proc/self/status").first(where: { $0.hasPrefix("Cpus_allowed:") })?
            .drop(while: { $0 != "\t" })
        {
            let cores = mask.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
            if cores > 0 { return cores }
        }
        return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    private static func lines(of path: String) -> [Substring] {
        let bytes = (try? DurableFile.read(path)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }

    private static func text<Tuple>(_ field: inout Tuple) -> String {
        withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension LinearAlgebraRecord {
    /// Reads `OPENBLAS_CORETYPE` from the environment.
    public static func current(
        products: String, library: String?, kernel: String?, threads: Int, precision: String
    ) -> LinearAlgebraRecord {
        LinearAlgebraRecord(
            products: products, library: library, kernel: kernel, threads: threads,
            coreType: library == nil ? nil : getenv("OPENBLAS_CORETYPE").map { String(cString: $0) },
            precision: precision)
    }
}

public enum ProcessMemory {
    /// Peak resident memory in MiB.
    public static var peakMegabytes: Double { field("VmHWM:") }
    /// Current resident memory in MiB that is not backed by a file.
    public static var anonymousMegabytes: Double { field("RssAnon:") }

    private static func field(_ name: String) -> Double {
        let bytes = (try? DurableFile.read("/proc/self/status")) ?? []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if words.count > 1, let kilobytes = Double(words[1]) { return kilobytes / 1024 }
        }
        return 0
    }
}
