import LatheKernels
import Testing

/// Unit roundoff of fp32: the largest relative error of one rounding.
let unit = 0x1p-24

/// An fp32 array with guards on both sides, which detect writes out of bounds.
///
/// Never freed: Swift may release an object after its last use, while a kernel still works on its `start`.
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

/// Fails if any element is further than `tolerance` from `expected`, naming the worst.
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

/// With our own products at each level of this CPU, and with OpenBLAS's at the highest.
func atEachLevel(_ body: (ThreadPool) -> Void) {
    let own: [(SIMDLevel, ProductKernels)] = SIMDLevel.available.map { ($0, .own) }
    for (level, products) in own + (OpenBLAS.installed == nil ? [] : [(.best, .openBLAS)]) {
        let pool = ThreadPool(threadCount: 2, level: level, products: products)
        #expect(pool.level == level && pool.products == products)
        body(pool)
        pool.stop()
    }
}

/// Fails if the arrays that `body` makes differ in any bit between 1, 2, 3 and 5 threads.
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
