#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A thread of the system, for work that never waits for Swift's own tasks.
///
/// `@unchecked Sendable`: the handle never changes.
public final class SystemThread: @unchecked Sendable {
    private let thread: pthread_t

    /// nil if the system starts no more threads.
    public init?(_ body: @escaping @Sendable () -> Void) {
        let start = Unmanaged.passRetained(Body(body))
        #if canImport(Darwin)
            var started: pthread_t?
            let status = pthread_create(&started, nil, runBody, start.toOpaque())
        #else
            var number = pthread_t()
            let status = pthread_create(&number, nil, runBody, start.toOpaque())
            let started: pthread_t? = number
        #endif
        guard status == 0, let started else {
            start.release()
            return nil
        }
        thread = started
    }

    /// Waits for the end of its work. Call once.
    public func join() { pthread_join(thread, nil) }

    /// Lets the thread end by itself.
    public func detach() { pthread_detach(thread) }

    /// Offers this thread's core to others.
    public static func yield() { sched_yield() }
}

private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

#if canImport(Darwin)
    private func runBody(_ raw: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run()
        return nil
    }
#else
    private func runBody(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let raw { Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run() }
        return nil
    }
#endif

/// Counts posts; a waiting thread takes one and sleeps until there is one.
///
/// `@unchecked Sendable`: what it holds is created in `init` and made for use from any thread.
public final class Semaphore: @unchecked Sendable {
    #if canImport(Darwin)
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        private var posts = 0  // guarded by the mutex

        public init() {
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(condition, nil)
        }

        deinit {
            pthread_mutex_destroy(mutex)
            pthread_cond_destroy(condition)
            mutex.deallocate()
            condition.deallocate()
        }

        public func post() {
            pthread_mutex_lock(mutex)
            posts += 1
            pthread_cond_signal(condition)
            pthread_mutex_unlock(mutex)
        }

        public func wait() {
            pthread_mutex_lock(mutex)
            while posts == 0 { pthread_cond_wait(condition, mutex) }
            posts -= 1
            pthread_mutex_unlock(mutex)
        }
    #else
        private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

        public init() { sem_init(semaphore, 0, 0) }

        deinit {
            sem_destroy(semaphore)
            semaphore.deallocate()
        }

        public func post() { sem_post(semaphore) }

        public func wait() { while sem_wait(semaphore) != 0 {} }
    #endif
}
