import Dispatch
import Synchronization

/// Writes checkpoints behind: on a thread of its own, while the next step's forward and backward passes run.
///
/// Nothing large is copied. Passes only read weights and moments, which therefore stand still from one update to the next; a write is over with them once the
/// system has all their bytes, and from then on the page cache is the copy. Syncing, renaming and what else follows goes on beside the update.
///
/// Invariant: from ``start(_:)`` until ``waitUntilTaken()`` or ``finish()`` has returned, nobody changes what the write reads. One write at a time is under way.
package final class CheckpointWriter: Sendable {
    private let queue = DispatchQueue(label: "lathe.checkpoints")
    /// Entered while a write still reads weights and moments.
    private let reading = DispatchGroup()
    private let failure = Mutex<(any Error)?>(nil)

    /// A writer with nothing to do.
    package init() {}

    /// Waits for the write before this one, and begins another.
    ///
    /// - Parameter write: calls what it is given once it has handed over all that an update changes; or else ends.
    /// - Throws: what went wrong with an earlier one; then `write` is not begun.
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

    /// Waits for nothing, and throws what has gone wrong so far.
    package func check() throws {
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Waits until all is written, and throws what went wrong.
    package func finish() throws {
        queue.sync {}
        try check()
    }
}
