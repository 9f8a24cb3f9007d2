import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A process on this machine that notices when this one ends, however it does: its standard input is a pipe that closes
/// then.
final class LocalProcess {
    let processors: [Int]
    let core: Int
    private let process: pid_t
    private let tether: Int32
    private let output: Int32
    private let log: Int32
    private let memoryKills: Int
    /// The end of its output, kept in memory too, since the log may be on a full disk.
    private var tail: [UInt8] = []

    private static let tailSize = 16384

    /// - Parameters:
    ///   - core: the first of its cores.
    ///   - processors: the processors to pin it to; empty for no pinning.
    init(_ job: LaunchJob, core: Int, processors: [Int]) throws {
        self.core = core
        self.processors = processors
        memoryKills = Self.memoryKillCount()
        let input = try Self.pipe()
        let printed = try Self.pipe()
        log = open(job.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, input.read, 0)
        posix_spawn_file_actions_adddup2(&actions, printed.write, 1)
        posix_spawn_file_actions_adddup2(&actions, printed.write, 2)
        posix_spawnattr_init(&attributes)
        // A process group of its own: Ctrl-C reaches the sweep, which then asks its workers once.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        var arguments = job.arguments.map { strdup($0) } + [nil]
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
            for argument in arguments { free(argument) }
            close(input.read)
            close(printed.write)
        }
        var process: pid_t = 0
        let code = CoreList.pinned(to: processors) {
            posix_spawnp(&process, job.arguments[0], &actions, &attributes, &arguments, environ)
        }
        self.process = process
        tether = input.write
        output = printed.read
        guard code == 0 else {
            close(tether)
            close(output)
            if log >= 0 { close(log) }
            throw LocalFailure("\(job.arguments[0]): cannot start: \(String(cString: strerror(code)))")
        }
        _ = fcntl(output, F_SETFL, O_NONBLOCK)
    }

    /// How the process ended; nil while it runs.
    func poll() -> LaunchEnd? {
        drain()
        var status: Int32 = 0
        let found = waitpid(process, &status, WNOHANG)
        guard found == process || (found < 0 && errno == ECHILD) else { return nil }
        drain()
        let text = String(decoding: tail, as: UTF8.self)
        let signal = Int(status & 0x7F)
        close(tether)
        close(output)
        if log >= 0 { close(log) }
        guard signal != 0 else { return LaunchEnd(.exit(Int(status >> 8 & 0xFF)), output: text) }
        let isMemory = signal == SIGKILL && Self.memoryKillCount() > memoryKills
        return LaunchEnd(
            .signal(signal), output: text,
            reason: isMemory ? "the system killed the worker because memory ran out" : nil)
    }

    func send(_ signal: Int32) { _ = systemKill(process, signal) }

    /// Moves available output to the log and to memory.
    private func drain() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(output, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            if log >= 0 { _ = write(log, bytes, count) }
            tail += bytes.prefix(count)
            if tail.count > 2 * Self.tailSize { tail.removeFirst(tail.count - Self.tailSize) }
        }
    }

    /// A pipe that other processes do not inherit. Its descriptors are above 2 even if a standard stream is closed.
    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard systemPipe(&ends) == 0 else {
            throw LocalFailure("cannot create a pipe: \(String(cString: strerror(errno)))")
        }
        let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
        for end in ends { close(end) }
        guard moved.allSatisfy({ $0 >= 0 }) else {
            throw LocalFailure("cannot create a pipe: \(String(cString: strerror(errno)))")
        }
        return (moved[0], moved[1])
    }

    /// Processes of this cgroup that the kernel's OOM killer has ended.
    private static func memoryKillCount() -> Int {
        for group in lines(of: "/proc/self/cgroup") {
            let parts = group.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let file: String
            if parts[0] == "0" {
                file = "/sys/fs/cgroup\(parts[2])/memory.events"
            } else if parts[1].split(separator: ",").contains("memory") {
                file = "/sys/fs/cgroup/memory\(parts[2])/memory.oom_control"
            } else {
                continue
            }
            for line in lines(of: file) where line.hasPrefix("oom_kill ") { return Int(line.dropFirst(9)) ?? 0 }
        }
        return 0
    }

    private static func lines(of path: String) -> [String] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var lines: [String] = []
        var line = [CChar](repeating: 0, count: 4096)
        while fgets(&line, Int32(line.count), file) != nil {
            lines.append(
                String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        return lines
    }
}

struct LocalFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

private func systemPipe(_ ends: inout [Int32]) -> Int32 { pipe(&ends) }
private func systemKill(_ process: pid_t, _ signal: Int32) -> Int32 { kill(process, signal) }
