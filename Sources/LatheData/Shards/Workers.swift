import Dispatch
import Synchronization

/// Does numbered pieces of work on several threads.
final class Workers: Sendable {
    private let next = Atomic<Int>(0)
    private let done = Atomic<Int>(0)
    /// The number of the first piece that failed, and why.
    private let failure = Mutex<(number: Int, error: any Error)?>(nil)
    private let isCancelled = Atomic<Bool>(false)

    /// Ends work that is no longer wanted.
    struct Cancelled: Error {}

    /// Does the pieces of work 0 ..< count, each on one of so many threads, in order of their numbers as far as there are threads.
    ///
    /// - Parameter tick: hears about ten times a second how much was reported by ``progress(_:)``; what it throws cancels the work.
    /// - Throws: what the first piece that failed threw; it is the same however many threads there are.
    static func run(
        _ count: Int, threads: Int, tick: (Int) throws -> Void, work: @escaping @Sendable (Int, Workers) throws -> Void
    ) throws {
        let workers = Workers()
        let group = DispatchGroup()
        for _ in 0..<min(threads, count) {
            DispatchQueue.global().async(group: group) { workers.loop(count, work) }
        }
        var stop: (any Error)?
        while group.wait(timeout: .now() + .milliseconds(stop == nil ? 100 : 1000)) == .timedOut {
            guard stop == nil else { continue }
            do { try tick(workers.done.load(ordering: .relaxed)) } catch {
                stop = error
                workers.isCancelled.store(true, ordering: .relaxed)
            }
        }
        if let stop { throw stop }
        if let failure = workers.failure.withLock({ $0 }) { throw failure.error }
        try tick(workers.done.load(ordering: .relaxed))
    }

    /// Notes how much more is done; called now and then from within a piece of work.
    ///
    /// - Throws: ``Cancelled`` where the work should end.
    func progress(_ amount: Int) throws {
        done.add(amount, ordering: .relaxed)
        if isCancelled.load(ordering: .relaxed) { throw Cancelled() }
    }

    private func loop(_ count: Int, _ work: (Int, Workers) throws -> Void) {
        while true {
            let number = next.add(1, ordering: .relaxed).oldValue
            // Those before the first that failed are under way already, and end.
            guard number < count, !isCancelled.load(ordering: .relaxed), failure.withLock({ $0 == nil }) else { return }
            do { try work(number, self) } catch {
                failure.withLock { if number < $0?.number ?? .max { $0 = (number, error) } }
            }
        }
    }
}
