#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A running program and the read ends of its output pipes. The program is stopped when this value is released.
final class ChildProcess {
    private var process: pid_t = -1
    private var descriptors: [Int32] = []

    /// The program could not be started.
    struct StartFailure: Error {
        let code: Int32
    }

    /// Starts a program, which is looked up in PATH.
    ///
    /// - Parameter outputs: the child's descriptors to connect to pipes. Its standard input is empty, and it inherits
    ///   no other descriptors.
    init(_ program: String, _ arguments: [String], outputs: [Int32]) throws(StartFailure) {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        var writing: [Int32] = []
        defer { for descriptor in writing { close(descriptor) } }
        for output in outputs {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else {
                let code = errno
                closeAll()
                throw StartFailure(code: code)
            }
            descriptors.append(ends[0])
            // If the pipe's end had the number of another output, it would be overwritten in the child before it is
            // copied.
            let high = fcntl(ends[1], F_DUPFD_CLOEXEC, 64)
            close(ends[1])
            guard high >= 0 else {
                let code = errno
                closeAll()
                throw StartFailure(code: code)
            }
            writing.append(high)
            posix_spawn_file_actions_adddup2(&actions, high, output)
            _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
            _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        }
        var list = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in list { free(word) } }
        let code = posix_spawnp(&process, program, &actions, nil, &list, environ)
        guard code == 0 else {
            process = -1
            closeAll()
            throw StartFailure(code: code)
        }
    }

    deinit { stop() }

    /// Waits until there is something to read, at most this long.
    func wait(milliseconds: Int32) {
        var list = descriptors.filter { $0 >= 0 }.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = poll(&list, nfds_t(list.count), milliseconds)
    }

    /// - Returns: the number of bytes; 0 at the end of the output; nil if nothing is available yet.
    func read(output: Int, into buffer: inout [UInt8]) -> Int? {
        guard descriptors[output] >= 0 else { return 0 }
        while true {
            let got = buffer.withUnsafeMutableBytes { systemRead(descriptors[output], $0.baseAddress, $0.count) }
            if got > 0 { return got }
            if got < 0, errno == EINTR { continue }
            if got < 0, errno == EAGAIN { return nil }
            close(descriptors[output])
            descriptors[output] = -1
            return 0
        }
    }

    /// Waits for the child's exit code, or 128 plus the signal; call once all outputs have ended.
    func finish() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        process = -1
        closeAll()
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }

    /// Kills the child if it is still running.
    func stop() {
        guard process > 0 else { return closeAll() }
        kill(process, SIGKILL)
        _ = finish()
    }

    private func closeAll() {
        for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
        descriptors = descriptors.map { _ in -1 }
    }
}

/// `read(2)`; methods named `read` shadow it.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
