import CKernels
import COpenBLAS
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Work that is cut into slices: a value that holds pointers and sizes, and runs one slice at a time.
///
/// Slices must write to places of their own. What a slice computes may not depend on which thread runs it, nor when.
public protocol SliceJob {
    /// Runs slice number `slice`, from 0.
    func run(_ slice: Int)
}

/// A job whose slices use working memory of their thread; what they find in it is arbitrary.
protocol LocalSliceJob {
    /// Runs slice number `slice` with `ThreadPool.localCount` floats of its own.
    func run(_ slice: Int, local: UnsafeMutablePointer<Float>)
}

/// A fixed team of threads that share out the slices of one job at a time; the caller is its first member.
///
/// A job is cut by the shape of its data alone, so results have the same bits with any number of threads. Each thread begins with the slices that are its
/// own, then takes what others have left: a thread that comes late, because the machine is busy, finds nothing left and holds nobody up. Idle threads
/// spin for about half a millisecond, then sleep.
///
/// `@unchecked Sendable`: tickets name the current run and how many of its slices are left. A worker takes one by compare and exchange on
/// its ticket, and only then reads what was posted; the run cannot end before that slice is counted in `remaining`, so `posted` and the caller's stack
/// behind it are alive. `run` is called by one thread at a time, which is checked; all else is set in `init`.
public final class ThreadPool: @unchecked Sendable {
    /// Threads that work, the caller among them.
    public let threadCount: Int
    /// The leaf loops in use.
    let kernels: UnsafePointer<lathe_kernels>
    /// The SIMD level of the loops in use.
    public let level: SIMDLevel
    /// How the factors of matrix products are rounded.
    public let precision: ProductPrecision
    /// Products in bfloat16, where that is the precision.
    let pairKernels: UnsafePointer<lathe_pair_kernels>?

    /// Working memory of the kernel that runs, such as packed weights.
    let workspace: UnsafeMutablePointer<Float>
    /// Floats in `workspace`.
    static let workspaceCount = 1 << 20
    /// Floats of working memory that each thread has.
    static let localCount = 1 << 16
    private let locals: UnsafeMutablePointer<Float>

    private let team: Team
    private var threads: [pthread_t] = []

    /// Starts `threadCount - 1` threads.
    ///
    /// - Parameters:
    ///   - threadCount: at least 1.
    ///   - level: the SIMD level to compute with; one that this CPU lacks is lowered to the highest that it has.
    ///   - precision: one that is available on this CPU.
    public init(threadCount: Int, level: SIMDLevel = .best, precision: ProductPrecision = .single) {
        precondition(threadCount >= 1, "a pool needs at least one thread, not \(threadCount)")
        precondition(precision.isAvailable, "this CPU has no products in \(precision)")
        self.precision = precision
        pairKernels = precision == .bfloat16 ? lathe_pair_kernels() : nil
        self.threadCount = threadCount
        kernels = lathe_kernels_at(level.rawValue)
        self.level = SIMDLevel(rawValue: kernels.pointee.level) ?? .base
        team = Team(workers: threadCount - 1)
        // Only the pages that are used take memory.
        workspace = Self.aligned(Self.workspaceCount)
        locals = Self.aligned(Self.localCount * threadCount)
        // Slices call OpenBLAS from our threads; it must not start a team of its own for each.
        openblas_set_num_threads(1)
        for index in 0..<(threadCount - 1) {
            let start = Unmanaged.passRetained(Start(team: team, index: index))
            #if canImport(Darwin)
                var thread: pthread_t?
                let status = pthread_create(&thread, nil, startWorker, start.toOpaque())
                if status == 0, let thread { threads.append(thread) }
            #else
                var thread = pthread_t()
                let status = pthread_create(&thread, nil, startWorker, start.toOpaque())
                if status == 0 { threads.append(thread) }
            #endif
            // Without the thread the others do its share: slower, the same results.
            if status != 0 { start.release() }
        }
    }

    deinit {
        stop()
        workspace.deallocate()
        locals.deallocate()
    }

    /// Memory in large pages where the system has them: kernels jump about in it.
    private static func aligned(_ count: Int) -> UnsafeMutablePointer<Float> {
        let bytes = count * MemoryLayout<Float>.stride, page = 1 << 21
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: bytes >= page ? page : 64)
        #if os(Linux)
            if bytes >= page { madvise(memory, bytes, MADV_HUGEPAGE) }
        #endif
        return memory.bindMemory(to: Float.self, capacity: count)
    }

    /// Ends the threads. The pool then runs everything on the caller's thread.
    public func stop() {
        team.stop()
        for thread in threads { pthread_join(thread, nil) }
        threads = []
    }

    /// Runs slices `0..<slices` of `job` and returns when all are done. Allocates nothing. Not to be called from a slice.
    @inlinable
    public func run<J: SliceJob>(_ job: borrowing J, slices: Int) {
        withUnsafePointer(to: job) { pointer in
            fork(UnsafeRawPointer(pointer), slices) { context, slice, _ in
                context.assumingMemoryBound(to: J.self).pointee.run(slice)
            }
        }
    }

    /// As `run`, for slices that need working memory.
    func runLocal<J: LocalSliceJob>(_ job: borrowing J, slices: Int) {
        withUnsafePointer(to: job) { pointer in
            fork(UnsafeRawPointer(pointer), slices) { context, slice, local in
                context.assumingMemoryBound(to: J.self).pointee.run(slice, local: local)
            }
        }
    }

    @usableFromInline
    func fork(
        _ context: UnsafeRawPointer, _ slices: Int,
        _ body: @escaping (UnsafeRawPointer, Int, UnsafeMutablePointer<Float>) -> Void
    ) {
        if slices <= 1 || threads.isEmpty {
            for slice in 0..<max(0, slices) { body(context, slice, locals) }
            return
        }
        var posted = Posted(body: body, context: context, locals: locals)
        withUnsafeMutablePointer(to: &posted) { team.run(UnsafeRawPointer($0), slices) }
    }
}

/// What a run posts for the team, on the caller's stack.
private struct Posted {
    let body: (UnsafeRawPointer, Int, UnsafeMutablePointer<Float>) -> Void
    let context: UnsafeRawPointer
    let locals: UnsafeMutablePointer<Float>
}

/// The part of the pool that its threads share; they keep it alive, not the pool.
private final class Team: @unchecked Sendable {
    /// One for each thread, on cache lines of their own. Run number in the upper half, slices not yet taken of the thread's range in the lower. Both
    /// change in one step: a thread that still looks at the run before sees none left there, whatever has been posted for the next.
    private let tickets: UnsafeMutablePointer<Atomic<UInt64>>
    private let slices = Atomic<Int>(0), remaining = Atomic<Int>(0)
    private let posted = Atomic<UnsafeRawPointer?>(nil)
    private let stopping = Atomic<Bool>(false), isBusy = Atomic<Bool>(false)
    private let sleepers: [Sleeper]
    private let members: Int

    /// Of an idle worker: about half a millisecond.
    private static let spins = 1_000_000
    /// A spinner gives way to a member of the team that waits for this core.
    private static let yieldEvery = 4_096
    /// Tickets in two cache lines, which some processors fetch together.
    private static let ticketStride = 16

    init(workers: Int) {
        sleepers = (0..<workers).map { _ in Sleeper() }
        members = workers + 1
        tickets = .allocate(capacity: members * Self.ticketStride)
        for index in 0..<members * Self.ticketStride { (tickets + index).initialize(to: Atomic(0)) }
    }

    deinit {
        tickets.deinitialize(count: members * Self.ticketStride)
        tickets.deallocate()
    }

    func stop() {
        stopping.store(true, ordering: .sequentiallyConsistent)
        tickets.pointee.add(1 << 32, ordering: .sequentiallyConsistent)
        wake()
    }

    private func wake() {
        for sleeper in sleepers where sleeper.asleep.load(ordering: .sequentiallyConsistent) {
            if sleeper.asleep.exchange(false, ordering: .sequentiallyConsistent) { sleeper.post() }
        }
    }

    func run(_ job: UnsafeRawPointer, _ count: Int) {
        let wasBusy = isBusy.exchange(true, ordering: .acquiring)
        precondition(!wasBusy, "a pool runs one job at a time, and was given two")
        defer { isBusy.store(false, ordering: .releasing) }
        posted.store(job, ordering: .relaxed)
        slices.store(count, ordering: .relaxed)
        remaining.store(count, ordering: .relaxed)
        let number = (tickets.pointee.load(ordering: .relaxed) >> 32) &+ 1
        // The first ticket, which workers wait for, comes last.
        for member in (0..<members).reversed() {
            let ticket = number << 32 | UInt64(range(of: member, in: count).count)
            tickets[member * Self.ticketStride].store(ticket, ordering: .sequentiallyConsistent)
        }
        wake()
        takeSlices(of: number, thread: 0)
        var spun = 0
        while remaining.load(ordering: .acquiring) != 0 {
            spun &+= 1
            if spun % Self.yieldEvery == 0 { sched_yield() } else { relax() }
        }
    }

    /// The slices that are a thread's own. A cache holds the same part of the data from op to op that way, as far as ops are cut alike.
    private func range(of member: Int, in count: Int) -> Range<Int> {
        count * member / members..<count * (member + 1) / members
    }

    /// Takes slices of run `number` while it has any: its own, then those that others have left.
    private func takeSlices(of number: UInt64, thread: Int) {
        for offset in 0..<members {
            let owner = thread + offset < members ? thread + offset : thread + offset - members
            while takeSlice(of: number, owner: owner, thread: thread) {}
        }
    }

    /// Takes the next slice of a thread's range; false when there is none left.
    private func takeSlice(of number: UInt64, owner: Int, thread: Int) -> Bool {
        let ticket = tickets + owner * Self.ticketStride
        while true {
            let current = ticket.pointee.load(ordering: .acquiring)
            guard current >> 32 == number & 0xffff_ffff else { return false }
            let left = Int(current & 0xffff_ffff)
            guard left > 0 else { return false }
            let (taken, _) = ticket.pointee.compareExchange(
                expected: current, desired: current &- 1, ordering: .acquiringAndReleasing)
            guard taken else { continue }
            // The run is this one, and cannot end before the slice is counted: what was posted for it stands.
            let slice = range(of: owner, in: slices.load(ordering: .relaxed)).upperBound - left
            guard let job = posted.load(ordering: .relaxed) else { return false }
            let work = job.assumingMemoryBound(to: Posted.self)
            work.pointee.body(
                work.pointee.context, slice, work.pointee.locals + thread * ThreadPool.localCount)
            remaining.subtract(1, ordering: .acquiringAndReleasing)
            return true
        }
    }

    func work(_ index: Int) {
        let sleeper = sleepers[index]
        var seen: UInt64 = 0
        while true {
            var spun = 0
            while tickets.pointee.load(ordering: .acquiring) >> 32 == seen {
                spun &+= 1
                if spun % Self.yieldEvery == 0 { sched_yield() } else { relax() }
                guard spun > Self.spins else { continue }
                sleeper.asleep.store(true, ordering: .sequentiallyConsistent)
                // A run posted between the last look and the store above would not wake us: look once more.
                if tickets.pointee.load(ordering: .sequentiallyConsistent) >> 32 == seen
                    || !sleeper.asleep.exchange(false, ordering: .sequentiallyConsistent)
                {
                    sleeper.wait()
                }
                spun = 0
            }
            seen = tickets.pointee.load(ordering: .acquiring) >> 32
            if stopping.load(ordering: .acquiring) { return }
            takeSlices(of: seen, thread: index + 1)
        }
    }
}

/// A hint to the core that this is a spin loop, cheap everywhere.
@inline(__always)
private func relax() { lathe_relax() }

/// A worker's bed. `@unchecked Sendable`: the semaphore is made in `init` and is safe to use from any thread.
private final class Sleeper: @unchecked Sendable {
    let asleep = Atomic<Bool>(false)
    #if canImport(Darwin)
        private let semaphore: UnsafeMutablePointer<pthread_mutex_t>
        private let condition: UnsafeMutablePointer<pthread_cond_t>
        private var posts = 0  // guarded by the mutex
        init() {
            semaphore = .allocate(capacity: 1)
            condition = .allocate(capacity: 1)
            pthread_mutex_init(semaphore, nil)
            pthread_cond_init(condition, nil)
        }
        deinit {
            pthread_mutex_destroy(semaphore)
            pthread_cond_destroy(condition)
            semaphore.deallocate()
            condition.deallocate()
        }
        func post() {
            pthread_mutex_lock(semaphore)
            posts += 1
            pthread_cond_signal(condition)
            pthread_mutex_unlock(semaphore)
        }
        func wait() {
            pthread_mutex_lock(semaphore)
            while posts == 0 { pthread_cond_wait(condition, semaphore) }
            posts -= 1
            pthread_mutex_unlock(semaphore)
        }
    #else
        private let semaphore: UnsafeMutablePointer<sem_t>
        init() {
            semaphore = .allocate(capacity: 1)
            sem_init(semaphore, 0, 0)
        }
        deinit {
            sem_destroy(semaphore)
            semaphore.deallocate()
        }
        func post() { sem_post(semaphore) }
        func wait() { while sem_wait(semaphore) != 0 {} }
    #endif
}

/// Carries a new thread to its team.
private final class Start {
    let team: Team
    let index: Int
    init(team: Team, index: Int) {
        self.team = team
        self.index = index
    }
}

#if canImport(Darwin)
    private func startWorker(_ raw: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        let start = Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
        start.team.work(start.index)
        return nil
    }
#else
    private func startWorker(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let raw else { return nil }
        let start = Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
        start.team.work(start.index)
        return nil
    }
#endif
