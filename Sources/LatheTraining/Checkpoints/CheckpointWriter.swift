import Dispatch
import Synchronization

/// Writes checkpoints in the background, while the next step's forward and backward passes run.
///
/// Nothing large is copied. Passes only read weights and moments, which therefore do not change between updates. A
/// write no longer needs them once the system has all their bytes; from then on the page cache is the copy. Syncing,
/// renaming and the rest overlap with the update.
///
/// Invariant: from ``start(_:)`` until ``waitUntilTaken()`` or ``finish()`` has returned, nobody changes what the write
/// reads. Only one write runs at a time.
package final class CheckpointWriter: Sendable {
    private let queue = DispatchQueue(label: "lathe.checkpoints")
    /// Entered while a write still reads weights and moments.
    private let reading = DispatchGroup()
    private let failure = Mutex<(any Error)?>(nil)

    package init() {}

    /// Waits for the previous write, then starts another.
    ///
    /// - Parameter write: calls its argument once it no longer needs anything that an update changes; returning does
    ///   the same.
    /// - Throws: the error of an earlier write; `write` is then not started.
    package func start(_ write: @escaping @Sendable (_ taken: () -> Void) throws -> Void) throws {
        try finish()
        reading.enter()
        queue.async {
            var isReading = true
            func taken() {
                if isReading { self.reading.leave() }
                isReading = false
            }
            do { try write(taken) } catch { self.failure.withLock { $0 = error } }
            taken()
        }
    }

    /// Waits until weights and moments may change.
    package func waitUntilTaken() { reading.wait() }

    /// Does not wait; throws the error of a write that has failed so far.
    package func check() throws {
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Waits until everything is written; throws the error of a failed write.
    package func finish() throws {
        queue.sync {}
        try check()
    }
}
