/// Where documents end, ascending, in tokens or in bytes (exclusive). Usually a memory-mapped file.
///
/// `@unchecked Sendable`: the numbers never change, and `owner` keeps them alive.
public struct DocumentEnds: RandomAccessCollection, @unchecked Sendable {
    private let base: UnsafeRawPointer
    private let owner: any AnyObject & Sendable
    public let count: Int

    /// A view of `count` little-endian 64-bit numbers at `base`, which must live as long as `owner`.
    public init(base: UnsafeRawPointer, count: Int, owner: any AnyObject & Sendable) {
        self.base = base
        self.count = count
        self.owner = owner
    }

    public init(_ ends: [Int]) {
        let memory = Numbers(ends)
        self.init(base: UnsafeRawPointer(memory.base), count: ends.count, owner: memory)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(document: Int) -> Int {
        precondition(document >= 0 && document < count, "document \(document) of \(count)")
        return Int(Int64(littleEndian: base.loadUnaligned(fromByteOffset: 8 * document, as: Int64.self)))
    }

    public func start(_ document: Int) -> Int { document == 0 ? 0 : self[document - 1] }

    /// The document that contains an offset; ``count`` if it is past the last.
    public func document(at place: Int) -> Int {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] <= place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// `@unchecked Sendable`: written only in `init`.
    private final class Numbers: @unchecked Sendable {
        let base: UnsafeMutablePointer<Int64>

        init(_ numbers: [Int]) {
            base = .allocate(capacity: Swift.max(1, numbers.count))
            for (index, number) in numbers.enumerated() { base[index] = Int64(number).littleEndian }
        }

        deinit { base.deallocate() }
    }
}
