#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension GitRecord {
    /// The state of the work tree that contains `folder`, from `git status`; takes some milliseconds. Nil without git
    /// or outside a repository.
    public static func current(in folder: String = ".") -> GitRecord? {
        let arguments = [
            "git", "--no-optional-locks", "-C", folder, "status", "--porcelain=v2", "--branch", "--untracked-files=no",
        ]
        guard let output = outputOf(arguments) else { return nil }
        var record = GitRecord(commit: nil, dirty: false)
        for line in output.split(separator: "\n") {
            if line.hasPrefix("# branch.oid ") {
                let commit = line.dropFirst("# branch.oid ".count)
                record.commit = commit == "(initial)" ? nil : String(commit)
            } else if !line.hasPrefix("#") {
                record.dirty = true
            }
        }
        return record
    }

    /// The program's standard output; nil if it cannot be started or fails.
    private static func outputOf(_ arguments: [String]) -> String? {
        var ends: (read: Int32, write: Int32) = (-1, -1)
        let piped = withUnsafeMutablePointer(to: &ends) { pointer in
            pointer.withMemoryRebound(to: Int32.self, capacity: 2) { pipe($0) }
        }
        guard piped == 0 else { return nil }
        defer { close(ends.read) }
        // The child must not inherit the read end, nor unrelated children the write end.
        _ = fcntl(ends.read, F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends.write, F_SETFD, FD_CLOEXEC)
        #if canImport(Glibc)
            var actions = posix_spawn_file_actions_t()
        #else
            var actions: posix_spawn_file_actions_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends.write, 1)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var process: pid_t = 0
        let pointers = arguments.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        let started = posix_spawnp(&process, "git", &actions, nil, pointers + [nil], environ) == 0
        close(ends.write)
        guard started else { return nil }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(ends.read, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            output.append(contentsOf: buffer.prefix(count))
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return status == 0 ? String(decoding: output, as: UTF8.self) : nil
    }
}
