import LatheComponents
import LatheKernels
import LatheSpec

/// Cells drawn at random, each axis independently (Bergstra and Bengio, "Random search for hyper-parameter
/// optimization", JMLR 2012).
///
/// A draw is a pure function of the base seed, its number and the axis name, so more trials extend the sequence and a
/// new axis does not change the draws of the others.
struct RandomSearch: SearchStrategy {
    struct Config: ComponentConfig {
        @Field("Distinct cells to try, each run with every seed.", in: 1...1_000_000) var trials: Int
    }

    static let name = "random"
    static let summary = "Cells drawn at random; more trials extend the sequence."
    private let config: Config

    init(_ config: Config) { self.config = config }

    var cellCount: Int? { config.trials }

    func problems(in space: SearchSpace) -> [SearchProblem] { [] }

    func cell(_ index: Int, in space: SearchSpace, seed: UInt64) -> [SearchChoice]? {
        Draws.cell(index, in: space, seed: seed)
    }
}

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

    /// A random permutation of `0 ..< count`, at `index`; nil past the end.
    ///
    /// A Feistel network permutes the numbers below a power of four; results outside the range are permuted again until
    /// they fall inside (cycle walking).
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

    /// Uniform in [0, 1), with 53 random bits.
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
