/// Numbers distinct pieces of text by their bytes; `String` keys would equate canonically equivalent text.
struct PieceTable: Sendable {
    private var bytes: [UInt8] = []
    private var starts: [Int] = [0]
    /// Hash table of piece number plus one; 0 if free. Its size is a power of two.
    private var slots: [UInt32] = [UInt32](repeating: 0, count: 1024)

    var count: Int { starts.count - 1 }

    /// Total size of all pieces in bytes.
    var byteCount: Int { bytes.count }

    /// The number of a piece; nil if it is unknown.
    func number(of piece: UnsafeBufferPointer<UInt8>) -> Int? {
        let found = slots[slot(of: piece)]
        return found == 0 ? nil : Int(found) - 1
    }

    /// The number of a piece, which is added if it is new.
    mutating func insert(_ piece: UnsafeBufferPointer<UInt8>) -> Int {
        let slot = slot(of: piece)
        if slots[slot] != 0 { return Int(slots[slot]) - 1 }
        bytes.append(contentsOf: piece)
        starts.append(bytes.count)
        slots[slot] = UInt32(count)
        if count * 2 > slots.count { grow() }
        return count - 1
    }

    /// The number of a piece, which is added if it is new.
    mutating func insert(_ piece: [UInt8]) -> Int { piece.withUnsafeBufferPointer { insert($0) } }

    subscript(number: Int) -> ArraySlice<UInt8> { bytes[starts[number]..<starts[number + 1]] }

    private func slot(of piece: UnsafeBufferPointer<UInt8>) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: Self.hash(piece)) & mask
        while slots[slot] != 0, !isEqual(Int(slots[slot]) - 1, piece) { slot = (slot + 1) & mask }
        return slot
    }

    private func isEqual(_ number: Int, _ piece: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = starts[number]
        guard starts[number + 1] - start == piece.count else { return false }
        for i in 0..<piece.count where bytes[start + i] != piece[i] { return false }
        return true
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for number in 0..<count {
            let hash = bytes[starts[number]..<starts[number + 1]].withUnsafeBufferPointer { Self.hash($0) }
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(number + 1)
        }
    }

    /// FNV-1a, with the upper half mixed into the lower, which selects the slot.
    private static func hash(_ piece: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in piece { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash ^ hash >> 32
    }
}
