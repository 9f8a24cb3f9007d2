/// The order of a program's steps and the buffers they need, before memory is planned.
///
/// The forward pass is the list of nodes. The backward pass is the same list reversed; each gradient accumulates over
/// the consumers of its value. What a backward pass reads is kept until then or, if its op is cheap, recomputed right
/// before.
struct ExecutionOrder {
    struct Step {
        var node: Int
        var pass: Pass
        var inputs: [Int?]
        var output: Int
        var outputGradient: Int?
        var gradients: [Gradient]
        var saved: Int
        var scratch: Int
    }

    enum Gradient {
        /// Not needed, or identical to the output's gradient.
        case none
        case buffer(Int, accumulates: Bool)
        case parameter(Int, accumulates: Bool)
    }

    private(set) var steps: [Step] = []
    /// Lifetimes count two moments per step, which separates early reads from late writes.
    private(set) var buffers: [BufferLifetime] = []
    /// The buffer that holds each node's output at the end.
    private(set) var current: [Int]
    private let graph: Graph
    private var saved: [Int] = []
    private var isDropped: Set<Int> = []
    private var gradients: [Int: Int] = [:]
    private var contributed: Set<Int> = []
    /// Gradient buffers on loan to a second value. Maps each buffer to the node that produces that value; the loan ends
    /// with that node's backward pass.
    private var loans: [Int: Int] = [:]

    /// The forward pass and, if there is a loss, the backward pass.
    init(_ graph: Graph, loss: Value?, outputs: [Value], keptFloats: Int) {
        self.graph = graph
        current = Array(repeating: -1, count: graph.nodes.count)
        for node in graph.nodes.indices { forward(node) }
        if let loss { backward(from: loss, keptFloats) }
        for case .node(let node) in (outputs + [loss].compactMap { $0 }).map(\.source) { touch(current[node]) }
    }

    /// The early moment of the next step.
    private var early: Int { 2 * steps.count }
    private var late: Int { 2 * steps.count + 1 }

    /// Adds a buffer that is in use from the next step on.
    private mutating func buffer(_ count: Int, isLate: Bool = false) -> Int {
        buffers.append(BufferLifetime(count: count, first: isLate ? late : early, last: late))
        return buffers.count - 1
    }

    /// Extends a buffer's lifetime to the end of the next step, or to its early moment.
    private mutating func touch(_ buffer: Int, isEarly: Bool = false) {
        buffers[buffer].last = max(buffers[buffer].last, isEarly ? early : late)
    }

    private func shapes(_ node: Graph.Node) -> [Shape] { node.inputs.map(\.shape) }

    /// The buffers of a node's inputs, kept until the next step.
    private mutating func inputBuffers(_ node: Graph.Node, _ wanted: Set<Int>? = nil, isEarly: Bool = false) -> [Int?] {
        node.inputs.indices.map { index in
            guard case .node(let producer) = node.inputs[index].source, wanted?.contains(index) ?? true else {
                return nil
            }
            touch(current[producer], isEarly: isEarly)
            return current[producer]
        }
    }

    private mutating func forward(_ index: Int) {
        let node = graph.nodes[index]
        if saved.count == index { saved.append(buffer(graph.mode == .training ? node.op.savedCount(shapes(node)) : 0)) }
        let inputs = inputBuffers(node)
        let scratch = buffer(node.op.scratchCount(shapes(node), .forward, isTraining: graph.mode == .training))
        touch(saved[index])
        current[index] = buffer(node.output.shape.count)
        steps.append(
            Step(
                node: index, pass: .forward, inputs: inputs, output: current[index], outputGradient: nil,
                gradients: node.inputs.map { _ in .none }, saved: saved[index], scratch: scratch))
    }

    private mutating func backward(from loss: Value, _ keptFloats: Int) {
        var needsGradient = Set(
            graph.values.filter { if case .parameter = $0.source { true } else { false } }.map(\.id))
        for node in graph.nodes where node.inputs.contains(where: { needsGradient.contains($0.id) }) {
            needsGradient.insert(node.output.id)
        }
        let cheap = graph.nodes.indices.filter { graph.nodes[$0].op.isCheap }
        if cheap.reduce(0, { $0 + graph.nodes[$1].output.shape.count }) > keptFloats { isDropped = Set(cheap) }
        for index in graph.nodes.indices.reversed() {
            let node = graph.nodes[index]
            let outputGradient = gradients[node.output.id]
            guard outputGradient != nil || node.output == loss, needsGradient.contains(node.output.id) else { continue }
            backward(index, outputGradient, needsGradient)
        }
    }

    private mutating func backward(_ index: Int, _ outputGradient: Int?, _ needsGradient: Set<Int>) {
        let node = graph.nodes[index], reads = node.op.backwardReads
        for input in reads.inputs { recompute(node.inputs[input]) }
        if reads.output { recompute(node.output) }
        let passesThrough = node.op.passesGradientThrough ? sharedGradients(index, outputGradient) : []
        var targets: [Gradient] = []
        for (position, input) in node.inputs.enumerated() {
            guard needsGradient.contains(input.id) else { targets.append(.none); continue }
            if case .parameter(let parameter) = input.source {
                targets.append(.parameter(parameter, accumulates: !contributed.insert(parameter).inserted))
            } else if let known = gradients[input.id] {
                touch(known)
                targets.append(.buffer(known, accumulates: true))
            } else if passesThrough.contains(position) {
                gradients[input.id] = outputGradient
                targets.append(.none)
            } else if position == 0, node.op.differentiatesInPlace, let outputGradient, !isShared(outputGradient, index)
            {
                gradients[input.id] = outputGradient
                targets.append(.buffer(outputGradient, accumulates: false))
            } else {
                let new = buffer(input.shape.count, isLate: reads.inputsFirst)
                gradients[input.id] = new
                targets.append(.buffer(new, accumulates: false))
            }
        }
        let isNeeded = targets.contains { if case .none = $0 { false } else { true } }
        guard isNeeded else { return }
        let inputs = inputBuffers(node, Set(reads.inputs), isEarly: reads.inputsFirst)
        let scratch = buffer(node.op.scratchCount(shapes(node), .backward, isTraining: true))
        touch(saved[index])
        if let outputGradient { touch(outputGradient) }
        if reads.output || node.op.backwardReads.output || outputGradient == nil {
            touch(current[index])
        }
        steps.append(
            Step(
                node: index, pass: .backward, inputs: inputs, output: current[index], outputGradient: outputGradient,
                gradients: targets, saved: saved[index], scratch: scratch))
    }

    /// Makes a value that was dropped after the forward pass available to the next step.
    private mutating func recompute(_ value: Value) {
        guard case .node(let index) = value.source, isDropped.remove(index) != nil else { return }
        for input in graph.nodes[index].inputs { recompute(input) }
        forward(index)
    }

    /// Whether a gradient buffer is on loan when the backward pass reaches a node.
    private func isShared(_ buffer: Int, _ index: Int) -> Bool { loans[buffer].map { $0 <= index } ?? false }

    /// The inputs of a pass-through op whose gradients may share the buffer of the output's gradient.
    ///
    /// The first input takes the buffer over, since nothing else reads it. A second may share it if its only reader,
    /// the backward pass of the second's producer, runs before anything is added to the first's gradient: that is, if
    /// the producer comes after every other consumer of the first. While a buffer is on loan, neither value passes it
    /// on, because anything added to one gradient would end up in the other.
    private mutating func sharedGradients(_ index: Int, _ outputGradient: Int?) -> Set<Int> {
        guard let outputGradient, !isShared(outputGradient, index) else { return [] }
        let node = graph.nodes[index]
        let fresh = node.inputs.indices.filter { position in
            guard case .node = node.inputs[position].source else { return false }
            return gradients[node.inputs[position].id] == nil
        }
        func otherConsumers(_ value: Value) -> [Int] {
            graph.nodes.indices.filter { $0 != index && graph.nodes[$0].inputs.contains(value) }
        }
        if fresh.count == 2, node.inputs[fresh[0]] != node.inputs[fresh[1]] {
            for (first, second) in [(fresh[0], fresh[1]), (fresh[1], fresh[0])] {
                guard case .node(let producer) = node.inputs[second].source, otherConsumers(node.inputs[second]).isEmpty
                else { continue }
                if otherConsumers(node.inputs[first]).allSatisfy({ $0 < producer }) {
                    loans[outputGradient] = producer
                    return [first, second]
                }
            }
        }
        return Set(fresh.prefix(1))
    }
}
