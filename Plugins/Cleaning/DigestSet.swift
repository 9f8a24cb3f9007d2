import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A set of digests, by their first 16 bytes. A large set lies in a temporary file, which the system may page out.
final class DigestSet {
    private struct Key: Equatable {
        var low: UInt64
        var high: UInt64
    }

    /// Open addressing; zero marks a free slot. The size is a power of two.
    private var slots: UnsafeMutableBufferPointer<Key>
    private var count = 0
    /// With more slots than this, they lie in a file.
    private static let largestInMemory = 1 << 20

    init() { slots = Self.memory(1 << 12) }

    deinit { munmap(slots.baseAddress, slots.count * MemoryLayout<Key>.stride) }

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
        let larger = size <= Self.largestInMemory ? Self.memory(size) : try Self.file(size)
        for key in slots where key != Key(low: 0, high: 0) { larger[slot(of: key, in: larger)] = key }
        munmap(slots.baseAddress, slots.count * MemoryLayout<Key>.stride)
        slots = larger
    }

    private static func memory(_ count: Int) -> UnsafeMutableBufferPointer<Key> {
        let bytes = count * MemoryLayout<Key>.stride
        guard let map = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), map != MAP_FAILED
        else { preconditionFailure("cannot allocate \(bytes) bytes") }
        return UnsafeMutableBufferPointer(start: map.assumingMemoryBound(to: Key.self), count: count)
    }

    /// Slots in an unlinked file, which disappears with the process.
    private static func file(_ count: Int) throws(DataError) -> UnsafeMutableBufferPointer<Key> {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var path = Array((folder + "/lathe-XXXXXX").utf8CString)
        let descriptor = mkstemp(&path)
        func failed() -> DataError {
            DataError(
                folder,
                "there is no room for the digests of the cleaning step 'deduplicate': "
                    + "\(String(cString: strerror(errno))); "
                    + "set TMPDIR to a folder with more space")
        }
        guard descriptor >= 0 else { throw failed() }
        defer { close(descriptor) }
        unlink(path)
        let bytes = count * MemoryLayout<Key>.stride
        #if os(Linux)
            // Unless space is reserved, a full disk would kill the process.
            let hasRoom = posix_fallocate(descriptor, 0, off_t(bytes)) == 0
        #else
            let hasRoom = ftruncate(descriptor, off_t(bytes)) == 0
        #endif
        guard hasRoom,
            let map = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), map != MAP_FAILED
        else { throw failed() }
        return UnsafeMutableBufferPointer(start: map.assumingMemoryBound(to: Key.self), count: count)
    }
}
