#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A running program and the ends of the pipes to it.
public final class ChildProcess {
    public enum Ending: Sendable, Equatable {
        case exit(Int32)
        case signal(Int32)
    }

    /// The program could not be started.
    public struct StartFailure: Error, CustomStringConvertible {
        let code: Int32
        /// Whether there is no program of that name.
        public var isMissing: Bool { code == ENOENT }
        /// The system's message.
        public var description: String { String(cString: strerror(code)) }
    }

    private var process: pid_t = -1
    /// The parent's end of the child's standard input, if that is a pipe.
    private var tether: Int32 = -1
    private var outputs: [Int32] = []

    /// Starts a program, which is looked up in PATH. It inherits no descriptors but the ones that are given.
    ///
    /// - Parameters:
    ///   - outputs: for each pipe to read from, the child's descriptors that write to it. Standard streams that are not
    ///     among them are empty.
    ///   - isTethered: whether the child's standard input is a pipe that closes when this value is released or this
    ///     process ends, however it does. A child that is not tethered is killed when this value is released. A
    ///     tethered
    ///     one has a process group of its own, so that Ctrl-C does not reach it.
    ///   - processors: the processors to pin it to; empty for no pinning.
    public init(
        _ program: String, _ arguments: [String], outputs children: [[Int32]], isTethered: Bool = false,
        processors: [Int] = []
    ) throws(StartFailure) {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        var childEnds: [Int32] = []
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
            for end in childEnds { close(end) }
        }
        var flags = Int16(POSIX_SPAWN_SETSIGDEF)
        // This process may ignore it, see ``Terminal/ignoreBrokenPipes()``.
        var standard = sigset_t()
        sigemptyset(&standard)
        sigaddset(&standard, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &standard)
        do throws(StartFailure) {
            if isTethered {
                let ends = try Self.pipe()
                tether = ends.write
                childEnds.append(ends.read)
                posix_spawn_file_actions_adddup2(&actions, ends.read, 0)
                flags |= Int16(POSIX_SPAWN_SETPGROUP)
                posix_spawnattr_setpgroup(&attributes, 0)
            } else {
                posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            }
            posix_spawnattr_setflags(&attributes, flags)
            for stream in Int32(1)...2 where !children.joined().contains(stream) {
                posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
            }
            for descriptors in children {
                let ends = try Self.pipe()
                outputs.append(ends.read)
                childEnds.append(ends.write)
                for descriptor in descriptors {
                    posix_spawn_file_actions_adddup2(&actions, ends.write, descriptor)
                }
                _ = fcntl(ends.read, F_SETFL, O_NONBLOCK)
            }
            var words = ([program] + arguments).map { strdup($0) } + [nil]
            defer { for word in words { free(word) } }
            let code = Cores.pinned(to: processors) {
                posix_spawnp(&process, program, &actions, &attributes, &words, environ)
            }
            guard code == 0 else {
                process = -1
                throw StartFailure(code: code)
            }
        } catch {
            closeAll()
            throw error
        }
    }

    deinit {
        guard tether >= 0 else { return stop() }
        closeAll()
        // It ends by itself; nobody else would take note of its end, and it would stay as a zombie.
        let process = process
        if process > 0 { SystemThread { _ = try? retried("wait for", "child") { waitpid(process, nil, 0) } }?.detach() }
    }

    /// A pipe that no other process inherits. Its ends are above the descriptors that children use; an end with the
    /// number of another output would be overwritten in the child before it is copied.
    private static func pipe() throws(StartFailure) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard systemPipe(&ends) == 0 else { throw StartFailure(code: errno) }
        let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 64) }
        let code = errno
        for end in ends { close(end) }
        guard moved.allSatisfy({ $0 >= 0 }) else {
            for end in moved where end >= 0 { close(end) }
            throw StartFailure(code: code)
        }
        return (moved[0], moved[1])
    }

    /// Waits until there is something to read, at most this long.
    public func wait(milliseconds: Int32) {
        var list = outputs.filter { $0 >= 0 }.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = systemPoll(&list, milliseconds)
    }

    /// - Returns: the number of bytes; 0 at the end of the output; nil if nothing is available yet.
    public func read(output: Int, into buffer: inout [UInt8]) -> Int? {
        guard outputs[output] >= 0 else { return 0 }
        do throws(FileError) {
            let got = try buffer.withUnsafeMutableBytes { buffer in
                Result { () throws(FileError) in
                    try retried("read", "pipe") { systemRead(outputs[output], buffer.baseAddress, buffer.count) }
                }
            }.get()
            if got > 0 { return got }
        } catch {
            if error.code == EAGAIN { return nil }
        }
        close(outputs[output])
        outputs[output] = -1
        return 0
    }

    /// How the child ended; nil while it runs. What it has printed remains readable.
    public func poll() -> Ending? { reap(WNOHANG) }

    /// Waits for the end of the child; call once all outputs have ended.
    public func finish() -> Ending { reap(0) ?? .exit(0) }

    private func reap(_ options: Int32) -> Ending? {
        guard process > 0 else { return .exit(0) }
        var status: Int32 = 0
        // A child that someone else has waited for counts as a success.
        let found = (try? retried("wait for", "child") { waitpid(process, &status, options) }) ?? process
        guard found == process else { return nil }
        process = -1
        let signal = status & 0x7f
        return signal == 0 ? .exit(status >> 8 & 0xff) : .signal(signal)
    }

    /// Asks the child to end (SIGTERM), or kills it (SIGKILL).
    public func end(kills: Bool) { if process > 0 { kill(process, kills ? SIGKILL : SIGTERM) } }

    /// Kills the child if it is still running.
    public func stop() {
        end(kills: true)
        _ = finish()
        closeAll()
    }

    private func closeAll() {
        for descriptor in outputs + [tether] where descriptor >= 0 { close(descriptor) }
        outputs = outputs.map { _ in -1 }
        tether = -1
    }

    /// What a program prints to its standard output; nil if it cannot be started or fails.
    public static func output(of program: String, _ arguments: [String]) -> String? {
        guard let child = try? ChildProcess(program, arguments, outputs: [[1]]) else { return nil }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            child.wait(milliseconds: -1)
            guard let count = child.read(output: 0, into: &buffer) else { continue }
            if count == 0 { break }
            output += buffer[..<count]
        }
        return child.finish() == .exit(0) ? String(decoding: output, as: UTF8.self) : nil
    }
}

// Where methods of these names hide them.
private func systemPipe(_ ends: inout [Int32]) -> Int32 { pipe(&ends) }
private func systemPoll(_ list: inout [pollfd], _ milliseconds: Int32) -> Int32 {
    poll(&list, nfds_t(list.count), milliseconds)
}
