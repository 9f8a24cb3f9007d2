/// A read-only sequence of token ids, usually a memory-mapped file.
///
/// `@unchecked Sendable`: the bytes never change, and `owner` keeps them alive.
public struct TokenSequence: @unchecked Sendable {
    /// How an id is stored, little-endian.
    public enum Width: Int, Sendable { case two = 2, four = 4 }

    /// The number of tokens.
    public let count: Int
    private let base: UnsafeRawPointer
    private let width: Width
    private let owner: any AnyObject & Sendable

    /// A view of `count` ids at `base`, which live as long as `owner`.
    public init(base: UnsafeRawPointer, count: Int, width: Width, owner: any AnyObject & Sendable) {
        self.base = base
        self.count = count
        self.width = width
        self.owner = owner
    }

    /// The id at an index.
    public subscript(index: Int) -> Int32 {
        precondition(index >= 0 && index < count, "token \(index) of \(count)")
        return switch width {
        case .two: Int32(base.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
        case .four: Int32(bitPattern: base.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
        }
    }

    /// Copies the ids `start ..< start + count`.
    public func copy(from start: Int, count: Int, to destination: UnsafeMutablePointer<Int32>) {
        precondition(
            start >= 0 && count >= 0 && start + count <= self.count, "tokens \(start) + \(count) of \(self.count)")
        switch width {
        case .two:
            let ids = base.assumingMemoryBound(to: UInt16.self) + start
            for i in 0..<count { destination[i] = Int32(ids[i]) }
        case .four:
            let ids = base.assumingMemoryBound(to: UInt32.self) + start
            for i in 0..<count { destination[i] = Int32(bitPattern: ids[i]) }
        }
    }
}
