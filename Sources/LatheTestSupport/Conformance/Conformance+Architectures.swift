import LatheComponents
import LatheGraph
import LatheKernels
import LatheSystem
import LatheTraining

extension Conformance {
    /// Checks every architecture: its graphs share their parameters, gradients reach all of them and agree with finite
    /// differences, it learns, reruns and micro-batches change nothing, and evaluation and generation compute the same
    /// as training.
    public func architectureFailures() -> [ConformanceFailure] {
        check(ArchitectureSlot.self) { subject, findings in
            let architecture = subject.product
            try checkParameters(architecture, &findings)
            try checkGradients(architecture, &findings)
            try checkTraining(architecture, &findings)
            try checkEvaluation(architecture, &findings)
            try checkGeneration(architecture, &findings)
        }
    }

    private func checkParameters(_ architecture: any Architecture, _ findings: inout Findings) throws {
        let model = try SmallModel(architecture, pool: pool), compiler = model.compiler
        let declarations = model.training.program.graph.parameters
        findings.require(
            Set(declarations.map(\.name)).count == declarations.count, "parameters have distinct names",
            "\(declarations.map(\.name))")
        findings.require(
            architecture.carriesState == false || !model.training.program.graph.states.isEmpty,
            "declares the state that it carries", "there are none in the training graph")
        if let memory = architecture.memory(context: SmallModel.shape.context) {
            findings.require(
                memory >= 1 && memory <= SmallModel.shape.context, "remembers from 1 token to the whole context",
                "\(memory)")
        }
        let others = [
            ("evaluation", try compiler.scoring(.evaluation, rows: 3).program),
            ("generation", try compiler.generation(time: 1).program),
            ("training with other rows", try compiler.scoring(.training, rows: 1).program),
        ]
        let known = Dictionary(uniqueKeysWithValues: declarations.map { ($0.name, $0.shape.sizes) })
        for (use, program) in others {
            let own = Dictionary(program.graph.parameters.map { ($0.name, $0.shape.sizes) }) { $1 }
            findings.require(
                own == known, "has the same parameters in every graph", "for \(use): \(own.keys.sorted())")
        }
    }

    private func checkGradients(_ architecture: any Architecture, _ findings: inout Findings) throws {
        let model = try SmallModel(architecture, pool: pool), program = model.training.program
        // Train a few steps first, so that parameters that start at zero or one have moved.
        for step in 0..<3 { _ = try model.step(step) }
        let loss = try model.score(program, nats: model.training.nats).loss
        let bits = model.gradientBits
        findings.require(loss.isFinite, "gives a finite loss", "\(loss)")
        let apart = try model.score(program.withoutSharedMemory, nats: model.training.nats).loss
        findings.require(
            loss == apart && model.gradientBits == bits, "its ops declare everything that their backward passes read",
            "with every buffer in separate memory, the loss or gradients differ")
        let segments = model.parameters.layout.segments
        let norms = segments.map { model.gradientNorm($0) }, largest = norms.max() ?? 0
        let gradients = (0..<model.parameters.layout.flatCount).map { model.parameters.gradients.base[$0] }
        for (segment, norm) in zip(segments, norms) {
            findings.require(
                norm.isFinite && norm > 0, "a gradient reaches every parameter",
                "that of \(segment.name) has norm \(norm)")
            // Where the gradient is close to zero, so is the difference.
            guard norm > 1e-3 * largest else { continue }
            let slope = try self.slope(model, segment, gradients, norm)
            findings.require(
                abs(slope - norm) <= 0.05 * norm, "gradients agree with finite differences of the loss",
                "along the gradient of \(segment.name) the loss rises by \(slope), its norm is \(norm)")
        }
    }

    /// The slope of the loss along a parameter's gradient, by central differences.
    private func slope(
        _ model: SmallModel, _ segment: ParameterSegment, _ gradients: [Float], _ norm: Double
    ) throws -> Double {
        let weights = model.parameters.weights.base + segment.offset
        let saved = (0..<segment.count).map { weights[$0] }
        defer { for i in 0..<segment.count { weights[i] = saved[i] } }
        // Far enough that the loss moves by some thousandths, which fp32 resolves to 1 %.
        let distance = min(0.05, 2e-3 / norm)
        func loss(_ sign: Double) throws -> Double {
            for i in 0..<segment.count {
                weights[i] = saved[i] + Float(sign * distance * Double(gradients[segment.offset + i]) / norm)
            }
            return try model.score(model.training.program, nats: model.training.nats).loss
        }
        return (try loss(1) - (try loss(-1))) / (2 * distance)
    }

    private func checkTraining(_ architecture: any Architecture, _ findings: inout Findings) throws {
        let steps = 60
        func train(_ model: SmallModel) throws -> [Double] { try (0..<steps).map { try model.step($0).loss } }
        let model = try SmallModel(architecture, pool: pool), losses = try train(model)
        findings.require(
            losses[steps - 1] < 0.7 * losses[0], "learns to count",
            "the loss went from \(losses[0]) to \(losses[steps - 1])")
        let again = try SmallModel(architecture, pool: pool)
        findings.require(
            try train(again) == losses && again.bits == model.bits, "the same seed gives the same bits",
            "a second run differs")
        let alone = try SmallModel(architecture, pool: ThreadPool(threadCount: 1))
        findings.require(
            try train(alone) == losses && alone.bits == model.bits, "any number of threads gives the same bits",
            "one thread differs from two")
        let other = try SmallModel(architecture, seed: 2, pool: pool)
        findings.require(
            try SmallModel(architecture, pool: pool).bits != other.bits, "another seed gives other weights",
            "seeds 1 and 2 give the same weights")
        let parts = try SmallModel(architecture, microBatch: 2, pool: pool)
        for (step, expected) in losses.prefix(3).enumerated() {
            let loss = try parts.step(step).loss
            // After an update, Adam has made the rounding errors of near-zero gradients as large as any other gradient.
            findings.require(
                abs(loss - expected) <= (step == 0 ? 1e-5 : 1e-2) * expected, "micro-batches change nothing",
                "step \(step + 1) has loss \(loss) instead of \(expected)")
        }
    }

    private func checkEvaluation(_ architecture: any Architecture, _ findings: inout Findings) throws {
        let model = try SmallModel(architecture, pool: pool)
        let evaluation = try model.compiler.scoring(.evaluation, rows: SmallModel.shape.rows)
        let first = try model.score(evaluation.program, nats: evaluation.nats)
        let second = try model.score(evaluation.program, nats: evaluation.nats, step: 5)
        findings.require(first.nats == second.nats, "evaluation is deterministic", "two runs differ")
        let training = try (0..<2).map { try model.score(model.training.program, nats: model.training.nats, step: $0) }
        // With dropout, training sees a different loss in every step.
        guard training[0].nats == training[1].nats else { return }
        let difference = zip(first.nats, training[0].nats).map { abs($0 - $1) }.max() ?? 0
        findings.require(
            difference <= 1e-4, "evaluation computes the same as training", "nats of a token differ by \(difference)")
    }

    private func checkGeneration(_ architecture: any Architecture, _ findings: inout Findings) throws {
        let model = try SmallModel(architecture, pool: pool), time = SmallModel.shape.context
        for step in 0..<5 { _ = try model.step(step) }
        let evaluation = try model.compiler.scoring(.evaluation, rows: SmallModel.shape.rows)
        let expected = try model.score(evaluation.program, nats: evaluation.nats).nats
        let programs = try TokenGenerator.Programs(model.compiler)
        let generator = try TokenGenerator(
            programs, architecture: architecture,
            arena: try FloatBuffer(count: programs.all.map(\.arenaCount).max() ?? 0), parameters: model.parameters,
            pool: pool)
        for row in 0..<SmallModel.shape.rows {
            let ids = (0...time).map { model.batches.id(row: row, time: $0) }
            generator.reset()
            var last: [Float] = []
            for position in 0..<time {
                last = Array(generator.read([ids[position]]))
                let nats = self.nats(last, of: ids[position + 1])
                let difference = abs(nats - Double(expected[row * time + position]))
                findings.require(
                    difference <= 2e-4, "generation agrees with evaluation",
                    "the nats of token \(position + 1) differ by \(difference)")
            }
            generator.reset()
            let whole = Array(generator.read(Array(ids.prefix(time))))
            let difference = zip(whole, last).map { abs($0 - $1) }.max() ?? 0
            findings.require(
                difference <= 2e-4, "reading several tokens at once equals reading one by one",
                "logits differ by \(difference)")
        }
        // Beyond the window for which positions are learned.
        var logits: [Float] = []
        for position in 0..<3 * time { logits = Array(generator.read([model.batches.id(row: 1, time: position)])) }
        findings.require(
            logits.allSatisfy(\.isFinite), "continues past its context",
            "logits are not finite after \(3 * time) tokens")
    }

    /// -log softmax(logits)[id]
    private func nats(_ logits: [Float], of id: Int32) -> Double {
        let largest = Double(logits.max() ?? 0)
        let sum = logits.reduce(0) { $0 + Math.exponential(Double($1) - largest) }
        return largest + Math.logarithm(sum) - Double(logits[Int(id)])
    }
}
