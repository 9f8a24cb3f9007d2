public import CKernels
import LatheSystem
import Synchronization

/// Work divided into slices: a value that holds pointers and sizes and runs one slice at a time.
///
/// Slices must write to disjoint memory. The result of a slice must not depend on which thread runs it or when.
public protocol SliceJob {
    func run(_ slice: Int)
}

/// A job whose slices use working memory of their thread, with undefined initial contents.
public protocol LocalSliceJob {
    /// - Parameter local: ``ThreadPool/localCount`` floats.
    func run(_ slice: Int, local: UnsafeMutablePointer<Float>)
}

/// A fixed team of threads that share the slices of one job at a time; the caller is its first member.
///
/// Jobs are sliced by the shape of their data alone, so results are bit-identical for any number of threads. Each
/// thread starts with its own slices, then takes what others have left: a thread delayed by a busy machine finds
/// nothing left and delays nobody. Idle threads spin for about half a millisecond, then sleep.
///
/// `@unchecked Sendable`: tickets hold the number of the current run and how many of its slices are left. A worker
/// takes a slice by compare-and-exchange on a ticket, and only then reads `posted`. The run cannot end before that
/// slice is counted in `remaining`, so `posted` and the caller's stack behind it are alive. Only one thread at a time
/// may call `run`, which is checked; everything else is set in `init`.
public final class ThreadPool: @unchecked Sendable {
    /// Worker threads, including the caller.
    public let threadCount: Int
    /// The leaf loops at ``level``, which a job copies and calls from its slices; see CKernels.h.
    public let kernels: UnsafePointer<lathe_kernels>
    public let level: SIMDLevel
    public let precision: ProductPrecision
    public let products: ProductKernels
    /// The leaf loops of products in bfloat16; nil unless that is the precision.
    public let pairKernels: UnsafePointer<lathe_pair_kernels>?

    /// Working memory of the running kernel, for example for packed weights.
    let workspace: UnsafeMutablePointer<Float>
    /// In floats.
    static let workspaceCount = 1 << 20
    /// Floats of working memory per thread.
    public static let localCount = 1 << 16
    private let locals: UnsafeMutablePointer<Float>

    private let team: Team
    private var threads: [SystemThread] = []

    /// Starts `threadCount - 1` threads.
    ///
    /// - Parameters:
    ///   - threadCount: at least 1.
    ///   - level: lowered to the highest level that this CPU supports.
    ///   - precision: must be available on this CPU.
    ///   - products: nil for what is best at the level. OpenBLAS must be installed, and has single precision only.
    public init(
        threadCount: Int, level: SIMDLevel = .best, precision: ProductPrecision = .single,
        products: ProductKernels? = nil
    ) {
        precondition(threadCount >= 1, "a pool needs at least one thread, not \(threadCount)")
        precondition(precision.isAvailable, "this CPU has no products in \(precision)")
        self.precision = precision
        pairKernels = precision == .bfloat16 ? lathe_pair_kernels() : nil
        self.threadCount = threadCount
        kernels = lathe_kernels_at(level.rawValue)
        self.level = SIMDLevel(rawValue: kernels.pointee.level) ?? .base
        self.products = products ?? (precision == .single ? .standard(at: self.level) : .own)
        precondition(
            self.products == .own || precision == .single && OpenBLAS.installed != nil,
            "OpenBLAS is not installed, or is asked for products in \(precision)")
        team = Team(workers: threadCount - 1)
        // Only pages that are touched take memory.
        workspace = Self.aligned(Self.workspaceCount)
        locals = Self.aligned(Self.localCount * threadCount)
        for index in 0..<(threadCount - 1) {
            // If a thread cannot be started, the others do its share: slower, but with the same results.
            if let thread = SystemThread({ [team] in team.work(index) }) { threads.append(thread) }
        }
    }

    deinit {
        stop()
        workspace.deallocate()
        locals.deallocate()
    }

    /// Uses large pages where the system supports them, since kernels access this memory with large strides.
    private static func aligned(_ count: Int) -> UnsafeMutablePointer<Float> {
        let bytes = count * MemoryLayout<Float>.stride, page = 1 << 21
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: bytes >= page ? page : 64)
        if bytes >= page { MappedMemory.preferLargePages(memory, byteCount: bytes) }
        return memory.bindMemory(to: Float.self, capacity: count)
    }

    /// Ends the threads. Afterwards, the pool runs everything on the caller's thread.
    public func stop() {
        team.stop()
        for thread in threads { thread.join() }
        threads = []
    }

    /// Runs slices `0..<slices` of `job` and returns when all are done. Allocates nothing. Must not be called from a
    /// slice.
    @inlinable
    public func run<J: SliceJob>(_ job: borrowing J, slices: Int) {
        withUnsafePointer(to: job) { pointer in
            fork(UnsafeRawPointer(pointer), slices) { context, slice, _ in
                context.assumingMemoryBound(to: J.self).pointee.run(slice)
            }
        }
    }

    /// Like `run`, for slices that need working memory.
    @inlinable
    public func runLocal<J: LocalSliceJob>(_ job: borrowing J, slices: Int) {
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

/// The part of the pool that its threads share. They keep the team alive, not the pool.
private final class Team: @unchecked Sendable {
    /// One per thread, each on its own cache lines. The upper half is the run number, the lower half the slices of the
    /// thread's range that are not yet taken. Both change atomically: a thread that still looks at the previous run
    /// sees no slices left there, whatever has been posted for the next one.
    private let tickets: UnsafeMutablePointer<Atomic<UInt64>>
    private let slices = Atomic<Int>(0), remaining = Atomic<Int>(0)
    private let posted = Atomic<UnsafeRawPointer?>(nil)
    private let stopping = Atomic<Bool>(false), isBusy = Atomic<Bool>(false)
    private let sleepers: [Sleeper]
    private let members: Int

    /// Spins of an idle worker: about half a millisecond.
    private static let spins = 1_000_000
    /// How often a spinning worker yields to a team member that waits for this core.
    private static let yieldEvery = 4_096
    /// Tickets are two cache lines apart, since some processors fetch lines in pairs.
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
        // The first ticket, which workers wait for, is written last.
        for member in (0..<members).reversed() {
            let ticket = number << 32 | UInt64(range(of: member, in: count).count)
            tickets[member * Self.ticketStride].store(ticket, ordering: .sequentiallyConsistent)
        }
        wake()
        takeSlices(of: number, thread: 0)
        var spun = 0
        while remaining.load(ordering: .acquiring) != 0 {
            spun &+= 1
            if spun % Self.yieldEvery == 0 { SystemThread.yield() } else { relax() }
        }
    }

    /// The slices that belong to a thread. If successive ops are cut alike, a cache then holds the same part of the
    /// data from op to op.
    private func range(of member: Int, in count: Int) -> Range<Int> {
        count * member / members..<count * (member + 1) / members
    }

    /// Takes slices of run `number` while there are any: first its own, then those left by others.
    private func takeSlices(of number: UInt64, thread: Int) {
        for offset in 0..<members {
            let owner = thread + offset < members ? thread + offset : thread + offset - members
            while takeSlice(of: number, owner: owner, thread: thread) {}
        }
    }

    /// Takes the next slice of a thread's range; false if none is left.
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
            // The run is the current one and cannot end before this slice is counted, so its posted data is valid.
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
                if spun % Self.yieldEvery == 0 { SystemThread.yield() } else { relax() }
                guard spun > Self.spins else { continue }
                sleeper.asleep.store(true, ordering: .sequentiallyConsistent)
                // A run posted between the last check and the store above would not wake us, so check again.
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

/// Hints to the core that this is a spin loop.
@inline(__always)
private func relax() { lathe_relax() }

/// Puts an idle worker to sleep.
private final class Sleeper: Sendable {
    let asleep = Atomic<Bool>(false)
    private let semaphore = Semaphore()

    func post() { semaphore.post() }
    func wait() { semaphore.wait() }
}
