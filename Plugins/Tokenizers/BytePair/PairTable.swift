/// The result and rank of merging two neighbouring tokens: a hash table that is immutable once filled.
///
/// `@unchecked Sendable`: filled by its owner before it is shared, read-only afterwards.
final class PairTable: @unchecked Sendable {
    /// What ``subscript(_:_:)`` returns for tokens that do not merge; ranks after every merge.
    static let none = UInt64.max
    /// Alternating keys and values; a key is never all ones, as ids are below 2²⁴.
    private let slots: UnsafeMutablePointer<UInt64>
    private let shift: UInt64
    private let mask: Int

    init(capacity: Int) {
        var bits = 4
        while 1 << bits < capacity * 2 { bits += 1 }
        slots = .allocate(capacity: 2 << bits)
        slots.initialize(repeating: .max, count: 2 << bits)
        shift = UInt64(64 - bits)
        mask = (1 << bits) - 1
    }

    deinit { slots.deallocate() }

    @inline(__always)
    private func slot(of key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> shift) }

    /// The rank of the merge in the upper half and its token in the lower; ``none`` if there is no merge.
    @inline(__always)
    subscript(left: UInt32, right: UInt32) -> UInt64 {
        let key = UInt64(left) << 32 | UInt64(right)
        var slot = slot(of: key)
        while true {
            let found = slots[2 * slot]
            if found == key { return slots[2 * slot + 1] }
            if found == .max { return Self.none }
            slot = (slot + 1) & mask
        }
    }

    /// Returns false if the pair already has a merge.
    func insert(_ left: UInt32, _ right: UInt32, rank: UInt32, result: UInt32) -> Bool {
        let key = UInt64(left) << 32 | UInt64(right)
        var slot = slot(of: key)
        while slots[2 * slot] != .max {
            if slots[2 * slot] == key { return false }
            slot = (slot + 1) & mask
        }
        slots[2 * slot] = key
        slots[2 * slot + 1] = UInt64(rank) << 32 | UInt64(result)
        return true
    }
}
