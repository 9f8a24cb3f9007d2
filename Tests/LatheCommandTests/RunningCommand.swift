import Foundation
import Testing

/// A running command. It starts with default signal handling; Foundation's `Process` would pass on the signals blocked
/// by the test's thread.
final class RunningCommand {
    /// A command that takes longer is killed; no test comes close.
    private static let patience = Duration.seconds(120)
    private let folder: String
    private var process: pid_t = 0
    private var status: Int32?

    /// - Parameter blocksSignals: whether it starts with SIGINT and SIGTERM blocked.
    init(
        _ executable: String, _ arguments: [String], in sandbox: Sandbox, input: String = "",
        environment: [String: String] = [:], blocksSignals: Bool = false
    ) throws {
        folder = sandbox.path + "/.command-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(input.utf8).write(to: URL(fileURLWithPath: folder + "/input"))
        let values = ProcessInfo.processInfo.environment
            .merging(["LATHE_CACHE": sandbox.file("cache")]) { $1 }.merging(environment) { $1 }

        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawn_file_actions_addopen(&actions, 0, folder + "/input", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder + "/output", O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, folder + "/errors", O_WRONLY | O_CREAT | O_APPEND, 0o644)
        var mask = sigset_t(), standard = sigset_t()
        sigemptyset(&mask)
        if blocksSignals { for signal in [SIGINT, SIGTERM] { sigaddset(&mask, signal) } }
        sigemptyset(&standard)
        for signal in [SIGINT, SIGTERM, SIGPIPE, SIGHUP] { sigaddset(&standard, signal) }
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setsigdefault(&attributes, &standard)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

        // The shell changes the folder, then replaces itself with the command.
        let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", sandbox.path, executable]
        var words = (shell + arguments).map { strdup($0) } + [nil]
        var settings = values.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + settings).forEach { free($0) } }
        let code = posix_spawn(&process, shell[0], &actions, &attributes, &words, &settings)
        try #require(code == 0, "\(executable) cannot be started: \(String(cString: strerror(code)))")
    }

    deinit {
        guard isRunning else { return }
        send(SIGKILL)
        waitpid(process, nil, 0)
    }

    var isRunning: Bool {
        var code: Int32 = 0
        if status == nil, waitpid(process, &code, WNOHANG) == process { status = code }
        return status == nil
    }

    func send(_ signal: Int32) {
        if isRunning { kill(process, signal) }
    }

    /// Standard error so far.
    var errors: String { read("errors") }

    func wait() throws -> CommandOutcome {
        let start = ContinuousClock.now
        while isRunning {
            if start.duration(to: .now) > Self.patience { send(SIGKILL) }
            usleep(500)
        }
        let status = try #require(status), signal = status & 0x7f
        return CommandOutcome(
            code: signal == 0 ? status >> 8 & 0xff : nil, signal: signal == 0 ? nil : signal, output: read("output"),
            errors: read("errors"))
    }

    private func read(_ name: String) -> String {
        String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))) ?? Data(), as: UTF8.self)
    }
}
