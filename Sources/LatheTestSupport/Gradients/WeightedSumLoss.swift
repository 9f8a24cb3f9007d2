public import LatheGraph
import LatheKernels

/// A scalar from any value: the sum of its elements, each times a fixed random number, so that any op's gradient can be
/// measured through one number.
///
/// The weights are standard normal and depend only on the seed and the element's index. Input [any]; output [sum 1].
public struct WeightedSumLoss: Op {
    public var seed: UInt64

    /// A sum with the weights of a seed.
    public init(seed: UInt64) { self.seed = seed }

    public var name: String { "weighted_sum" }
    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape { Shape(Axis("sum", 1)) }
    /// Nothing: the weights are recomputed.
    public var backwardReads: BackwardReads { BackwardReads() }

    public var isLoss: Bool { true }

    public func weight(_ element: Int) -> Float { stream.normal(element) }
    private var stream: RandomStream { RandomStream(seed: seed, stream: "weighted_sum") }

    /// Σ wᵢ xᵢ, in double precision, then rounded.
    public func forward(_ run: OpRun) {
        run.output[0] = Float(sum(UnsafePointer(run.input(0)), count: run.inputShapes[0].count))
    }

    /// Σ wᵢ xᵢ in double precision.
    public func sum(_ values: UnsafePointer<Float>, count: Int) -> Double {
        var sum = 0.0
        for i in 0..<count { sum += Double(weight(i)) * Double(values[i]) }
        return sum
    }

    /// wᵢ times ``RunState/lossScale``.
    public func backward(_ run: OpRun) {
        guard let gradient = run.gradient(0) else { return }
        for i in 0..<run.inputShapes[0].count {
            let value = weight(i) * run.state.lossScale
            gradient[i] = run.accumulates(0) ? gradient[i] + value : value
        }
    }
}
