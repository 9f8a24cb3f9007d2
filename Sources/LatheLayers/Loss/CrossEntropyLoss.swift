public import LatheGraph
import LatheKernels

/// The nats of each token under a linear head and a softmax: inputs features [B, T, C], targets [B, T], weight [V, C]
/// and, optionally, bias [V]; output nats [B, T], 0 where the target is -1.
///
/// Only a chunk of logits exists at a time, so a large vocabulary costs little memory. In training, the backward pass
/// computes nats and gradients together; the gradients are those of ``RunState/lossScale`` times the sum of nats.
public struct CrossEntropyLoss: Op {
    public init() {}

    public var name: String { "cross_entropy" }

    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape {
        let features = inputs[0], targets = inputs[1], weight = inputs[2]
        guard features.sizes.dropLast() == targets.sizes[...] else {
            throw ShapeMismatch(op: name, "features \(features) do not fit targets \(targets)")
        }
        guard weight.rank == 2, weight[1] == features.width else {
            throw ShapeMismatch(op: name, "features \(features) do not fit the head's weight \(weight)")
        }
        if inputs.count > 3, inputs[3].sizes != [weight[0]] {
            throw ShapeMismatch(op: name, "bias \(inputs[3]) does not fit the head's weight \(weight)")
        }
        return targets
    }

    public var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
    public var isLoss: Bool { true }

    public func scratchCount(_ inputs: [Shape], _ pass: Pass, isTraining: Bool) -> Int {
        switch pass {
        case .forward: CrossEntropy.natsScratch(rows: inputs[0].rows, width: inputs[0].width, vocabulary: inputs[2][0])
        case .backward:
            CrossEntropy.gradientScratch(rows: inputs[0].rows, width: inputs[0].width, vocabulary: inputs[2][0])
        }
    }

    /// 2 · rows · C · V
    public func operations(_ inputs: [Shape]) -> Double { 2 * Double(inputs[0].count) * Double(inputs[2][0]) }

    /// In training, the backward pass computes the nats instead.
    public func forward(_ run: OpRun) {
        guard !run.isTraining else { return }
        let features = run.inputShapes[0]
        CrossEntropy.nats(
            run.pool, features: run.input(0), weight: run.input(2),
            bias: run.inputShapes.count > 3 ? run.input(3) : nil,
            targets: run.ids(1), nats: run.output, scratch: run.scratch, rows: features.rows, width: features.width,
            vocabulary: run.inputShapes[2][0])
    }

    public func backward(_ run: OpRun) {
        let features = run.inputShapes[0], hasBias = run.inputShapes.count > 3
        guard let dFeatures = run.gradient(0), let dWeight = run.gradient(2) else { return }
        CrossEntropy.natsAndGradients(
            run.pool, features: run.input(0), weight: run.input(2), bias: hasBias ? run.input(3) : nil,
            targets: run.ids(1),
            nats: run.output,
            scale: run.state.lossScale, dFeatures: dFeatures, accumulateFeatures: run.accumulates(0), dWeight: dWeight,
            dBias: hasBias ? run.gradient(3) : nil, accumulateWeight: run.accumulates(2..<run.inputShapes.count),
            scratch: run.scratch, rows: features.rows,
            width: features.width, vocabulary: run.inputShapes[2][0])
    }
}

extension CrossEntropy {
    /// The nats [B, T] of targets [B, T] under a linear head on features [B, T, C]: weight [V, C], bias [V].
    public static func apply(
        _ graph: Graph, _ features: Value, targets: Value, weight: Value, bias: Value?
    ) throws(ShapeMismatch) -> Value {
        try graph.apply(CrossEntropyLoss(), [features, targets, weight] + [bias].compactMap { $0 })
    }
}
