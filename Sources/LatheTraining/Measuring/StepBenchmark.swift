import LatheComponents
import LatheGraph
public import LatheKernels
import LatheResults
import LatheSystem

/// The steps of an experiment timed one by one, and where the time goes. Writes nothing.
public struct StepBenchmark: Sendable {
    /// Seconds of each step, shortest first, without the first two steps of the run.
    public let steps: [Double]
    /// Seconds to the end of the first step, including memory allocation and weight initialisation.
    public let firstStep: Double
    /// Peak resident memory of this process after the steps, in MiB.
    public let peakMegabytes: Double
    /// Mean seconds of the parts of a step: ops by their node index, then the rest.
    public let parts: [Part]

    public struct Part: Sendable {
        /// Such as `blocks.0.attention`; empty if the part belongs to no layer.
        public var layer: String
        /// Such as `linear`, `optimizer`.
        public var kind: String
        /// Mean seconds per step.
        public var forward = 0.0, backward = 0.0
        /// Floating-point operations per step.
        public var operations = 0.0
        /// Minimum memory traffic per step, in bytes: inputs, parameters and outputs, once forward and twice backward.
        public var bytes = 0.0
        /// Mean seconds per step, both passes.
        public var seconds: Double { forward + backward }
    }

    public var median: Double { steps[steps.count / 2] }

    /// Trains for about `seconds`.
    ///
    /// - Parameters:
    ///   - limit: maximum number of steps to time.
    ///   - profiled: steps to profile after the timed ones.
    /// - Throws: ``DivergedRun``, `OutOfMemory`.
    public init(_ plan: RunPlan, pool: ThreadPool, seconds: Double, limit: Int = .max, profiled: Int = 5) throws {
        let begin = MonotonicClock.seconds
        let model = try ModelInTraining(plan, pool: pool)
        var count = 0
        func timed() throws -> Double {
            let start = MonotonicClock.seconds
            try model.train(count)
            count += 1
            return MonotonicClock.seconds - start
        }
        var times = [try timed()]
        firstStep = MonotonicClock.seconds - begin
        if limit > 1 {
            _ = try timed()
            times = []
            let start = MonotonicClock.seconds
            repeat {
                times.append(try timed())
            } while times.count < limit
                && (MonotonicClock.seconds - start < seconds || times.count < 3)
        }
        steps = times.sorted()
        peakMegabytes = Memory.peakMegabytes

        var ops: [Int: Part] = [:], rest: [Part] = []
        for index in 0..<profiled {
            do throws(NonFinite) {
                try model.step.profile(count + index, clock: { MonotonicClock.seconds }) { op in
                    var part = ops[op.node] ?? Part(layer: op.path, kind: op.op)
                    switch op.pass {
                    case .forward: part.forward += op.seconds / Double(profiled)
                    case .backward:
                        part.backward += op.seconds / Double(profiled)
                        part.operations += op.operations / Double(profiled)
                        part.bytes += 12 * Double(op.elements) / Double(profiled)
                    }
                    ops[op.node] = part
                } part: { name, seconds in
                    let at = rest.firstIndex { $0.kind == name } ?? rest.count
                    if at == rest.count { rest.append(Part(layer: "", kind: name)) }
                    rest[at].forward += seconds / Double(profiled)
                }
            } catch {
                throw DivergedRun(error, step: count + index + 1)
            }
        }
        let weights = 4 * Double(plan.layout.parameterCount)
        for index in rest.indices {
            switch rest[index].kind {
            case "gradient norms": rest[index].bytes = weights
            // Weights and moments are read and written, gradients only read.
            case "optimizer": rest[index].bytes = weights * 3 + 2 * Double(plan.memory.optimizer)
            default: break
            }
        }
        parts = ops.sorted { $0.key < $1.key }.map(\.value) + rest
    }
}
