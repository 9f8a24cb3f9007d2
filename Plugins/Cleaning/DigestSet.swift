import LatheComponents
import LatheSystem

/// A set of digests, by their first 16 bytes. A large set lies in a temporary file, which the system may page out.
final class DigestSet {
    private struct Key: Equatable {
        var low: UInt64
        var high: UInt64
    }

    /// Open addressing; zero marks a free slot. The size is a power of two.
    private var slots: UnsafeMutableBufferPointer<Key>
    /// What the slots lie in.
    private var memory: MappedMemory
    private var count = 0
    /// With more slots than this, they lie in a file.
    private static let largestInMemory = 1 << 20

    init() {
        do throws(DataError) { (memory, slots) = try Self.slots(1 << 12) } catch {
            preconditionFailure("not even 64 KiB of memory are left: \(error)")
        }
    }

    /// Inserts a digest; returns false if it is already there.
    ///
    /// - Throws: ``DataError`` if there is no room for more.
    func insert(_ digest: some Sequence<UInt8>) throws(DataError) -> Bool {
        var key = Key(low: 0, high: 0)
        for (index, byte) in digest.prefix(16).enumerated() {
            if index < 8 { key.low = key.low << 8 | UInt64(byte) } else { key.high = key.high << 8 | UInt64(byte) }
        }
        let slot = slot(of: key, in: slots)
        if slots[slot] == key { return false }
        slots[slot] = key
        count += 1
        if count * 3 > slots.count * 2 { try grow() }
        return true
    }

    private func slot(of key: Key, in slots: UnsafeMutableBufferPointer<Key>) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: key.low) & mask
        while slots[slot] != Key(low: 0, high: 0), slots[slot] != key { slot = (slot + 1) & mask }
        return slot
    }

    private func grow() throws(DataError) {
        let size = 2 * slots.count
        let (memory, larger) = try Self.slots(size)
        for key in slots where key != Key(low: 0, high: 0) { larger[slot(of: key, in: larger)] = key }
        (self.memory, slots) = (memory, larger)
    }

    private static func slots(_ count: Int) throws(DataError) -> (MappedMemory, UnsafeMutableBufferPointer<Key>) {
        let bytes = count * MemoryLayout<Key>.stride
        do throws(FileError) {
            let memory =
                try count <= largestInMemory
                ? MappedMemory(byteCount: bytes) : MappedMemory(inTemporaryFileOf: bytes)
            let base = memory.base.bindMemory(to: Key.self, capacity: count)
            return (memory, UnsafeMutableBufferPointer(start: base, count: count))
        } catch {
            throw DataError(
                Environment.temporaryFolder,
                "there is no room for the digests of the cleaning step 'deduplicate': \(error.reason); "
                    + "set TMPDIR to a folder with more space")
        }
    }
}
