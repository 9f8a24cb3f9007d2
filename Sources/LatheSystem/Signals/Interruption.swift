#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Synchronization

/// Whether the process was asked to stop. The first Ctrl-C or SIGTERM asks; the second ends the process at once.
public enum Interruption {
    private static let flag = Atomic<Bool>(false)

    public static var isRequested: Bool { flag.load(ordering: .relaxed) }

    /// Installs handlers for SIGINT and SIGTERM.
    public static func watch() {
        _ = isRequested  // initialised here, not inside the handler
        var action = sigaction()
        #if os(Linux)
            action.__sigaction_handler.sa_handler = handle
        #else
            action.__sigaction_u.__sa_handler = handle
        #endif
        action.sa_flags = SA_RESTART
        sigemptyset(&action.sa_mask)
        sigaction(SIGINT, &action, nil)
        sigaction(SIGTERM, &action, nil)
        // A child process inherits blocked signals from the thread that starts it, and dispatch's threads block all of
        // them.
        var taken = sigset_t()
        sigemptyset(&taken)
        sigaddset(&taken, SIGINT)
        sigaddset(&taken, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &taken, nil)
    }

    private static let handle: @convention(c) (Int32) -> Void = { number in
        if Interruption.flag.exchange(true, ordering: .relaxed) { _exit(128 + number) }
    }
}
