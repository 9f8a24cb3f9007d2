import LatheKernels
import Testing

/// Half a unit in the last place of 1: what one rounding adds at most, relatively.
let unit = 0x1p-24

/// A fp32 array with guards on both sides, so that a write past an end is seen.
///
/// Never freed: an object may end after its last mention, while a kernel still works on its `start`.
final class Array32 {
    let start: MutableFloats
    let count: Int
    private static let guardCount = 64
    private static let guardValue: Float = -7777

    init(_ count: Int, _ value: Float = 0) {
        self.count = count
        let raw = UnsafeMutableRawPointer.allocate(byteCount: (count + 2 * Self.guardCount) * 4, alignment: 64)
        let all = raw.bindMemory(to: Float.self, capacity: count + 2 * Self.guardCount)
        all.initialize(repeating: Self.guardValue, count: count + 2 * Self.guardCount)
        start = all + Self.guardCount
        start.update(repeating: value, count: count)
    }
    /// Uniform in `range`, by a seed.
    convenience init(_ count: Int, seed: Int, _ range: ClosedRange<Float> = -1...1) {
        self.init(count)
        RandomStream(seed: UInt64(seed), stream: "test").fillUniform(start, count: count)
        for i in 0..<count { start[i] = range.lowerBound + start[i] * (range.upperBound - range.lowerBound) }
    }
    convenience init(copy other: Array32) {
        self.init(other.count)
        start.update(from: other.start, count: count)
    }

    var isIntact: Bool {
        (1...Self.guardCount).allSatisfy { start[-$0] == Self.guardValue && start[count - 1 + $0] == Self.guardValue }
    }
    var magnitude: Double { (0..<count).reduce(0) { max($0, Double(abs(start[$1]))) } }
    var bits: [UInt32] { (0..<count).map { start[$0].bitPattern } }
    var absolute: Array32 {
        let result = Array32(count)
        for i in 0..<count { result.start[i] = abs(start[i]) }
        return result
    }
}

/// Fails where `value` is further from `expected` than `tolerance`, naming the worst element.
func expectClose(
    _ value: Array32, _ expected: Array32, within tolerance: (Int) -> Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(value.isIntact, "\(what): wrote past an end", sourceLocation: sourceLocation)
    var worst = 0.0, at = -1
    for i in 0..<value.count {
        let error = abs(Double(value.start[i]) - Double(expected.start[i])) / tolerance(i)
        if !(error <= worst) { (worst, at) = (error.isNaN ? .infinity : error, i) }
    }
    if worst > 1 {
        Issue.record(
            """
            \(what): element \(at) of \(value.count) is \(value.start[at]), not \(expected.start[at]); \
            the tolerance is \(tolerance(at))
            """, sourceLocation: sourceLocation)
    }
}

func expectClose(
    _ value: Array32, _ expected: Array32, within tolerance: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) { expectClose(value, expected, within: { _ in tolerance }, what, sourceLocation: sourceLocation) }

/// Runs `body` at each SIMD level of this CPU.
func atEachLevel(_ body: (ThreadPool) -> Void) {
    for level in SIMDLevel.available {
        let pool = ThreadPool(threadCount: 2, level: level)
        #expect(pool.level == level)
        body(pool)
        pool.stop()
    }
}

/// Fails when the arrays that `body` makes differ in a bit between 1, 2, 3 and 5 threads.
func expectSameBits(
    _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: (ThreadPool) -> [Array32]
) {
    var first: [[UInt32]]?
    for threads in [1, 2, 3, 5] {
        let pool = ThreadPool(threadCount: threads)
        for _ in 0..<(threads == 1 ? 1 : 3) {
            let bits = body(pool).map(\.bits)
            if let first {
                #expect(first == bits, "\(what): other bits with \(threads) threads", sourceLocation: sourceLocation)
            } else {
                first = bits
            }
        }
        pool.stop()
    }
}
