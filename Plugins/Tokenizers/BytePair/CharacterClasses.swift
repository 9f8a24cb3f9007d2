import Synchronization

/// The character classes that split patterns distinguish: `\p{L}`, `\p{N}`, `\s` and the rest.
enum CharacterClass: UInt8 {
    /// Punctuation, symbols, marks and unassigned code points.
    case other
    /// General categories L: Lu, Ll, Lt, Lm, Lo.
    case letter
    /// General categories N: Nd, Nl, No.
    case number
    /// The property White_Space.
    case space
}

/// The class of every character: a table in blocks of 256 code points, each filled on first use.
///
/// Categories follow the standard library's Unicode version.
///
/// `@unchecked Sendable`: a block is written once, under the lock, before its flag is set, and read only after its flag
/// was seen set.
final class CharacterClasses: @unchecked Sendable {
    static let shared = CharacterClasses()

    /// Above this, no letters, numbers or white space are assigned: only marks, format characters and private use.
    private static let limit = 0x4_0000
    private static let blockCount = limit / 256
    private let classes: UnsafeMutablePointer<CharacterClass>
    private let isFilled: UnsafeMutablePointer<Atomic<Bool>>
    private let lock = Mutex(())

    private init() {
        classes = .allocate(capacity: Self.limit)
        isFilled = .allocate(capacity: Self.blockCount)
        for block in 0..<Self.blockCount { (isFilled + block).initialize(to: Atomic(false)) }
    }

    deinit {
        classes.deallocate()
        isFilled.deinitialize(count: Self.blockCount)
        isFilled.deallocate()
    }

    /// The class of a code point.
    @inline(__always)
    subscript(value: UInt32) -> CharacterClass {
        guard value < Self.limit else { return .other }
        if !isFilled[Int(value >> 8)].load(ordering: .acquiring) { fill(block: Int(value >> 8)) }
        return classes[Int(value)]
    }

    @inline(never)
    private func fill(block: Int) {
        lock.withLock { _ in
            guard !isFilled[block].load(ordering: .relaxed) else { return }
            for value in (block * 256)..<(block * 256 + 256) {
                (classes + value).initialize(to: Self.classify(UInt32(value)))
            }
            isFilled[block].store(true, ordering: .releasing)
        }
    }

    private static func classify(_ value: UInt32) -> CharacterClass {
        guard let properties = Unicode.Scalar(value)?.properties else { return .other }
        if properties.isWhitespace { return .space }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
        case .decimalNumber, .letterNumber, .otherNumber: return .number
        default: return .other
        }
    }
}
