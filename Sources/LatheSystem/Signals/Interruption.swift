#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Synchronization

/// Whether the process was asked to stop. The first Ctrl-C, SIGTERM or SIGHUP asks; a second Ctrl-C or SIGTERM ends the
/// process at once. A closing terminal may send SIGHUP several times, so a second one ends nothing.
public enum Interruption {
    private static let flag = Atomic<Bool>(false)
    /// The address and length of what a signal prints; a handler may not allocate.
    private static let noticeStart = Atomic<Int>(0)
    private static let noticeCount = Atomic<Int>(0)

    public static var isRequested: Bool { flag.load(ordering: .relaxed) }

    /// Installs handlers for SIGINT, SIGTERM and, unless it is ignored as under `nohup`, SIGHUP.
    ///
    /// - Parameter text: printed to standard error as soon as the first signal arrives.
    public static func watch(saying text: StaticString = "") {
        // Initialised here, not inside the handler.
        _ = isRequested
        noticeCount.store(text.utf8CodeUnitCount, ordering: .relaxed)
        noticeStart.store(Int(bitPattern: text.utf8Start), ordering: .relaxed)
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
        var hangUp = sigaction()
        sigaction(SIGHUP, nil, &hangUp)
        if !isIgnored(hangUp) { sigaction(SIGHUP, &action, nil) }
        // A child process inherits blocked signals from the thread that starts it, and dispatch's threads block all of
        // them.
        var taken = sigset_t()
        sigemptyset(&taken)
        sigaddset(&taken, SIGINT)
        sigaddset(&taken, SIGTERM)
        sigaddset(&taken, SIGHUP)
        pthread_sigmask(SIG_UNBLOCK, &taken, nil)
    }

    private static let handle: @convention(c) (Int32) -> Void = { number in
        if Interruption.flag.exchange(true, ordering: .relaxed) {
            if number != SIGHUP { _exit(128 + number) }
            return
        }
        let code = errno
        if let start = UnsafeRawPointer(bitPattern: Interruption.noticeStart.load(ordering: .relaxed)) {
            _ = write(2, start, Interruption.noticeCount.load(ordering: .relaxed))
        }
        errno = code
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        #if os(Linux)
            let handler = action.__sigaction_handler.sa_handler
        #else
            let handler = action.__sigaction_u.__sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
