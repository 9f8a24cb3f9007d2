/// What split patterns tell apart: `\p{L}`, `\p{N}`, `\s` and the rest.
enum CharacterClass: UInt8 {
    /// Neither of the others: punctuation, symbols, marks, what is not assigned.
    case other
    /// The general categories L: Lu, Ll, Lt, Lm, Lo.
    case letter
    /// The general categories N: Nd, Nl, No.
    case number
    /// The property White_Space.
    case space
}

/// The class of every character, in two levels: equal blocks of 256 code points are kept once.
///
/// The categories are those of the standard library's Unicode version.
///
/// `@unchecked Sendable`: the tables never change after `init`.
final class CharacterClasses: @unchecked Sendable {
    /// The only table, made at first use in a few milliseconds.
    static let shared = CharacterClasses()

    /// No letter, number or white space is assigned from here on, only marks, format characters and private use.
    private static let limit = 0x4_0000
    private let blocks: UnsafeMutablePointer<UInt8>
    private let blockStarts: UnsafeMutablePointer<Int32>

    private init() {
        var numbers: [[UInt8]: Int32] = [:]
        var all: [UInt8] = []
        blockStarts = .allocate(capacity: Self.limit / 256)
        for block in 0..<(Self.limit / 256) {
            let classes = (0..<256).map { Self.classify(UInt32(block * 256 + $0)).rawValue }
            let start = numbers[classes] ?? Int32(all.count)
            if numbers[classes] == nil {
                numbers[classes] = start
                all += classes
            }
            blockStarts[block] = start
        }
        blocks = .allocate(capacity: all.count)
        blocks.initialize(from: all, count: all.count)
    }

    deinit {
        blocks.deallocate()
        blockStarts.deallocate()
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

    /// The class of a code point.
    @inline(__always)
    subscript(value: UInt32) -> CharacterClass {
        guard value < Self.limit else { return .other }
        let raw = blocks[Int(blockStarts[Int(value >> 8)]) + Int(value & 255)]
        return CharacterClass(rawValue: raw).unsafelyUnwrapped
    }
}
