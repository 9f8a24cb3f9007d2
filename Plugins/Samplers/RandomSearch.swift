public import LatheComponents
import LatheKernels
public import LatheSpec

/// Cells drawn at random, each axis by itself (Bergstra and Bengio, "Random search for hyper-parameter optimization", JMLR 2012).
///
/// A draw is a pure function of the base seed, its number and the axis's name: more trials extend the sequence, and a new axis leaves the
/// others' draws as they were.
public struct RandomSearch: Sampler {
    /// Its knobs.
    public struct Config: ComponentConfig {
        /// How many.
        @Field("Different cells to try, each with every seed.", in: 1...1_000_000) public var trials: Int
        /// The defaults.
        public init() {}
    }

    /// `random`
    public static let name = "random"
    /// What it is, in a line.
    public static let summary = "Cells drawn at random; more trials extend the sequence."
    private let config: Config

    /// A random search.
    public init(_ config: Config) { self.config = config }

    /// The number of trials.
    public var cellCount: Int? { config.trials }

    /// Any space can be drawn from.
    public func problems(in space: SearchSpace) -> [SearchProblem] { [] }

    /// The draw with this number.
    public func cell(_ index: Int, in space: SearchSpace, seed: UInt64) -> [SearchChoice]? {
        Draws.cell(index, in: space, seed: seed)
    }
}

/// Random cells.
enum Draws {
    static func cell(_ index: Int, in space: SearchSpace, seed: UInt64) -> [SearchChoice] {
        space.axes.map { axis in
            let fraction = uniform(seed: seed, index: index, axis: axis.name)
            switch axis.values {
            case .list(let count): return .index(min(count - 1, Int(fraction * Double(count))))
            case .range: return .fraction(fraction)
            }
        }
    }

    /// The place of an index in a random order of `count` things; nil behind the last.
    ///
    /// A Feistel network permutes the numbers below a power of four; those that fall outside are permuted again until they fall inside.
    static func shuffled(_ index: Int, count: Int, seed: UInt64) -> Int? {
        guard index < count else { return nil }
        var half = 1
        while half < 31, 1 << (2 * half) < count { half += 1 }
        let mask = UInt32(1) << UInt32(half) - 1
        var value = index
        repeat {
            var left = UInt32(value >> half), right = UInt32(value) & mask
            for round in UInt32(0)..<4 {
                let words = Philox.block(
                    counter: (right, round, 0, 0xFE15),
                    key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
                (left, right) = (right, left ^ (words.0 & mask))
            }
            value = Int(left) << half | Int(right)
        } while value >= count
        return value
    }

    /// A number from 0 up to but excluding 1, with 53 random bits.
    private static func uniform(seed: UInt64, index: Int, axis: String) -> Double {
        let stream = RandomStream(seed: seed, stream: "sweep." + axis)
        let words = Philox.block(
            counter: (
                UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), stream.stream, 0x5EED
            ),
            key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
        return Double((UInt64(words.0) << 32 | UInt64(words.1)) >> 11) * 0x1p-53
    }
}
