/// A read-only sequence of token ids, usually of concatenated memory-mapped files.
///
/// `@unchecked Sendable`: the bytes never change, and the owners keep them alive.
public struct TokenSequence: @unchecked Sendable {
    /// Bytes per id, little-endian.
    public enum Width: Int, Sendable { case two = 2, four = 4 }

    private struct Run {
        var base: UnsafeRawPointer
        var start: Int
        var count: Int
        var width: Width
        var owner: any AnyObject & Sendable
    }

    public let count: Int
    /// Where documents end, including the last; nil if unknown.
    public let documents: DocumentEnds?
    private let runs: [Run]

    /// A view of `count` ids at `base`, which must live as long as `owner`.
    public init(
        base: UnsafeRawPointer, count: Int, width: Width, owner: any AnyObject & Sendable,
        documents: DocumentEnds? = nil
    ) {
        runs = [Run(base: base, start: 0, count: count, width: width, owner: owner)]
        self.count = count
        self.documents = documents
    }

    public init(joining parts: [TokenSequence], documents: DocumentEnds? = nil) {
        var runs: [Run] = [], start = 0
        for run in parts.flatMap(\.runs) where run.count > 0 {
            var run = run
            run.start = start
            start += run.count
            runs.append(run)
        }
        self.runs = runs
        count = start
        self.documents = documents
    }

    /// The run that contains a token.
    private func run(of token: Int) -> Int {
        var low = 0, high = runs.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if runs[middle].start <= token { low = middle } else { high = middle }
        }
        return low
    }

    /// The id at an index.
    public subscript(index: Int) -> Int32 {
        precondition(index >= 0 && index < count, "token \(index) of \(count)")
        let run = runs[run(of: index)], place = index - run.start
        return switch run.width {
        case .two: Int32(UInt16(littleEndian: run.base.loadUnaligned(fromByteOffset: 2 * place, as: UInt16.self)))
        case .four:
            Int32(bitPattern: UInt32(littleEndian: run.base.loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self)))
        }
    }

    /// Copies the ids `start ..< start + count`.
    public func copy(from start: Int, count: Int, to destination: UnsafeMutablePointer<Int32>) {
        precondition(
            start >= 0 && count >= 0 && start + count <= self.count, "tokens \(start) + \(count) of \(self.count)")
        guard count > 0 else { return }
        var copied = 0, number = run(of: start)
        while copied < count {
            let run = runs[number], first = start + copied - run.start
            let part = min(count - copied, run.count - first)
            let target = destination + copied
            switch run.width {
            case .two:
                let ids = run.base + 2 * first
                for i in 0..<part {
                    target[i] = Int32(UInt16(littleEndian: ids.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)))
                }
            case .four:
                let ids = run.base + 4 * first
                for i in 0..<part {
                    target[i] = Int32(
                        bitPattern: UInt32(littleEndian: ids.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)))
                }
            }
            copied += part
            number += 1
        }
    }
}
