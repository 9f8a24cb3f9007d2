import LatheComponents
import LatheGraph
public import LatheKernels
import LatheResults

/// The steps of an experiment timed one by one, and where their time goes. Nothing is written.
public struct StepBenchmark: Sendable {
    /// Seconds of each step, shortest first; the first two of the run are left out.
    public let steps: [Double]
    /// Seconds from the beginning, memory and initial weights included, to the end of the first step.
    public let firstStep: Double
    /// Peak resident memory of this process after the steps, in MiB.
    public let peakMegabytes: Double
    /// Mean seconds of the parts of a step: ops by their number in the graph, then the rest.
    public let parts: [Part]

    /// A part of the step.
    public struct Part: Sendable {
        /// Its layer: `blocks.0.attention`; empty for what belongs to none.
        public var layer: String
        /// Its kind: `linear`, `optimizer`.
        public var kind: String
        /// Mean seconds a step.
        public var forward = 0.0, backward = 0.0
        /// Floating-point operations of a step.
        public var operations = 0.0
        /// Bytes of a step that are read or written at least: inputs, parameters and outputs once forward and twice backward.
        public var bytes = 0.0
        /// Mean seconds a step, both passes.
        public var seconds: Double { forward + backward }
    }

    /// The median of the steps.
    public var median: Double { steps[steps.count / 2] }

    /// Trains for about so many seconds.
    ///
    /// - Parameters:
    ///   - profiled: steps to take apart after those that are timed.
    ///   - limit: the most steps to time.
    /// - Throws: ``DivergedRun``, `OutOfMemory`.
    public init(_ plan: RunPlan, pool: ThreadPool, seconds: Double, limit: Int = .max, profiled: Int = 5) throws {
        let begin = StepClock.now()
        let arena = try FloatBuffer(count: plan.arenaCount)
        let parameters = try ParameterStore(
            plan.training.program.graph.parameters, seed: plan.experiment.spec.seed, pool: pool)
        let optimizerState = try OptimizerState(plan.experiment.optimizer, parameters: parameters)
        let step = try TrainingStep(
            StepRecipe(plan.experiment), program: plan.training, arena: arena, parameters: parameters,
            optimizerState: optimizerState, batches: plan.batches, steps: max(1, plan.steps), pool: pool)
        var count = 0
        func timed() throws -> Double {
            let start = StepClock.now()
            do throws(NonFinite) { _ = try step(count) } catch {
                throw DivergedRun(step: count + 1, tensor: error.tensor, checkpoint: nil)
            }
            count += 1
            return StepClock.now() - start
        }
        var times = [try timed()]
        firstStep = StepClock.now() - begin
        if limit > 1 {
            _ = try timed()
            times = []
            let start = StepClock.now()
            repeat {
                times.append(try timed())
            } while times.count < limit
                && (StepClock.now() - start < seconds || times.count < 3)
        }
        steps = times.sorted()
        peakMegabytes = ProcessMemory.peakMegabytes

        var ops: [Int: Part] = [:], rest: [Part] = []
        for index in 0..<profiled {
            do throws(NonFinite) {
                try step.profile(count + index, clock: StepClock.now) { op in
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
                throw DivergedRun(step: count + index + 1, tensor: error.tensor, checkpoint: nil)
            }
        }
        let weights = 4 * Double(plan.layout.parameterCount)
        for index in rest.indices {
            switch rest[index].kind {
            case "gradient norms": rest[index].bytes = weights
            // Weights and moments are read and written, gradients read.
            case "optimizer": rest[index].bytes = weights * 3 + 2 * Double(plan.memory.optimizer)
            default: break
            }
        }
        parts = ops.sorted { $0.key < $1.key }.map(\.value) + rest
    }
}
