/// Caches the tokens of pieces by their bytes: words repeat in text, so most pieces are looked up instead of merged.
///
/// Holds pieces of up to ``longest`` bytes in keys of two words that include the length, so keys are unique.
struct PieceCache {
    /// The longest cached piece, in bytes.
    static let longest = 15
    /// Maximum number of slots; a full cache is cleared.
    private static let largest = 1 << 18

    private struct Slot {
        var low: UInt64 = 0
        /// The length in the upper byte; 0 if the slot is free.
        var high: UInt64 = 0
        /// Start and count of its tokens; a single token is stored in place of the start.
        var start: UInt32 = 0
        var count: UInt32 = 0
    }

    struct Key {
        var low: UInt64
        var high: UInt64

        /// `length` is 1 to ``longest``; `readable` bytes from `start`, at least `length`, may be read.
        @inline(__always)
        init(_ start: UnsafePointer<UInt8>, length: Int, readable: Int) {
            if readable >= 16 {
                let raw = UnsafeRawPointer(start)
                low = UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self))
                high = 0
                if length < 8 {
                    low &= (1 << UInt64(8 * length)) - 1
                } else {
                    let rest = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                    high = rest & ((1 << UInt64(8 * (length - 8))) - 1)
                }
            } else {
                low = 0
                high = 0
                for i in 0..<min(8, length) { low |= UInt64(start[i]) << UInt64(8 * i) }
                for i in 8..<max(8, length) { high |= UInt64(start[i]) << UInt64(8 * (i - 8)) }
            }
            high |= UInt64(length) << 56
        }
    }

    private var slots = [Slot](repeating: Slot(), count: 1 << 12)
    private var tokens: [UInt32] = []
    private var used = 0

    @inline(__always)
    private func slot(of key: Key) -> Int {
        var hash = (key.low ^ key.high &* 0x9e37_79b9_7f4a_7c15) &* 0xbf58_476d_1ce4_e5b9
        hash ^= hash >> 32
        return Int(truncatingIfNeeded: hash &* 0x94d0_49bb_1331_11eb >> 40) & (slots.count - 1)
    }

    /// Appends the tokens of a cached piece; returns false if it is not cached.
    @inline(__always)
    func append(_ key: Key, to output: inout [UInt32]) -> Bool {
        slots.withUnsafeBufferPointer { slots in
            var index = slot(of: key)
            while true {
                let slot = slots[index]
                if slot.low == key.low, slot.high == key.high {
                    if slot.count == 1 {
                        output.append(slot.start)
                    } else {
                        for i in Int(slot.start)..<Int(slot.start + slot.count) { output.append(tokens[i]) }
                    }
                    return true
                }
                if slot.high == 0 { return false }
                index = (index + 1) & (slots.count - 1)
            }
        }
    }

    /// The piece must not be cached yet.
    mutating func insert(_ key: Key, _ ids: ArraySlice<UInt32>) {
        if used * 2 >= slots.count { grow() }
        var slot = Slot(low: key.low, high: key.high, start: 0, count: UInt32(ids.count))
        if ids.count == 1 {
            slot.start = ids[ids.startIndex]
        } else {
            slot.start = UInt32(tokens.count)
            tokens.append(contentsOf: ids)
        }
        place(slot)
        used += 1
    }

    private mutating func place(_ slot: Slot) {
        var index = self.slot(of: Key(low: slot.low, high: slot.high))
        while slots[index].high != 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = slot
    }

    private mutating func grow() {
        guard slots.count < Self.largest else {
            self = PieceCache()
            return
        }
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.high != 0 { place(slot) }
    }
}

extension PieceCache.Key {
    fileprivate init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }
}
