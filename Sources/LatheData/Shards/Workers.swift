import Dispatch
import Synchronization

/// Runs numbered pieces of work on several threads.
final class Workers: Sendable {
    private let next = Atomic<Int>(0)
    private let done = Atomic<Int>(0)
    /// The number and the error of the first piece that failed.
    private let failure = Mutex<(number: Int, error: any Error)?>(nil)
    private let isCancelled = Atomic<Bool>(false)

    /// Ends cancelled work.
    struct Cancelled: Error {}

    /// Runs pieces 0 ..< count on `threads` threads, started in order of their numbers.
    ///
    /// - Parameter tick: receives the amount reported by ``progress(_:)``, about ten times a second; throwing cancels
    ///   the work.
    /// - Throws: the error of the lowest-numbered piece that failed, which does not depend on the number of threads.
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

    /// Reports additional work done; called now and then from within a piece.
    ///
    /// - Throws: ``Cancelled`` if the work should end.
    func progress(_ amount: Int) throws {
        done.add(amount, ordering: .relaxed)
        if isCancelled.load(ordering: .relaxed) { throw Cancelled() }
    }

    private func loop(_ count: Int, _ work: (Int, Workers) throws -> Void) {
        while true {
            let number = next.add(1, ordering: .relaxed).oldValue
            // Pieces before the first that failed are already running, and finish.
            guard number < count, !isCancelled.load(ordering: .relaxed), failure.withLock({ $0 == nil }) else { return }
            do { try work(number, self) } catch {
                failure.withLock { if number < $0?.number ?? .max { $0 = (number, error) } }
            }
        }
    }
}
