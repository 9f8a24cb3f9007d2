import LatheComponents
import LatheSystem

extension Conformance {
    /// Checks every loader: targets are one ahead, batches are a pure function of seed and step, an epoch sees each
    /// token about once, and rows continue when the loader says so.
    public func loaderFailures() -> [ConformanceFailure] {
        check(LoaderSlot.self) { subject, findings in
            let loader = subject.product
            for shape in [
                BatchShape(rows: 1, context: 1), BatchShape(rows: 1, context: 7), BatchShape(rows: 3, context: 5),
            ] {
                let least = loader.minimumTokens(shape)
                findings.require(
                    least >= shape.context + 1, "needs at least a window of T + 1 tokens", "\(least) for \(shape)")
                for count in [least, least + 1, 211, 1009] where count >= least {
                    let tokens = CountedTokens(count: count)
                    checkBatches(loader, tokens.sequence, shape, &findings)
                }
            }
        }
    }

    private func checkBatches(
        _ loader: any Loader, _ tokens: TokenSequence, _ shape: BatchShape, _ findings: inout Findings
    ) {
        let place = "with \(tokens.count) tokens in batches of \(shape.rows) x \(shape.context)"
        let sequence = loader.batches(of: tokens, shape: shape, seed: 3),
            again = loader.batches(of: tokens, shape: shape, seed: 3)
        findings.require(sequence.batchesPerEpoch >= 1, "an epoch has batches", "\(sequence.batchesPerEpoch) \(place)")
        let seen = Double(sequence.batchesPerEpoch * shape.tokens) / Double(tokens.count)
        if tokens.count > 10 * shape.tokens {
            findings.require(
                (0.5...1.5).contains(seen), "an epoch sees each token about once", "\(seen) times the tokens \(place)")
        }
        let steps = min(2 * sequence.batchesPerEpoch + 3, 60)
        let batch = FilledBatch(shape), other = FilledBatch(shape)
        var batches: [[Int32]] = [], ends: [Int32] = [], continued = 0
        for step in 0..<steps {
            sequence.fill(batch.batch, step: step)
            checkRows(batch, tokens, place, &findings)
            for row in 0..<shape.rows where batch.batch.continues[row] {
                continued += 1
                findings.require(
                    step > 0 && batch.inputs[row * shape.context] == ends[row],
                    "rows that continue begin where they ended",
                    "row \(row) of step \(step) begins with token \(batch.inputs[row * shape.context]) \(place)")
            }
            ends = (0..<shape.rows).map { batch.targets[($0 + 1) * shape.context - 1] }
            batches.append(batch.inputs + batch.targets)
        }
        for step in (0..<steps).reversed() {
            again.fill(other.batch, step: step)
            findings.require(
                other.inputs + other.targets == batches[step], "batches are a pure function of seed and step",
                "step \(step) differs when it is filled after others \(place)")
        }
        if loader.rowsContinue(shape), sequence.batchesPerEpoch > 1 {
            findings.require(continued > 0, "rows continue when it says so", "none did \(place)")
        }
    }

    private func checkRows(_ batch: FilledBatch, _ tokens: TokenSequence, _ place: String, _ findings: inout Findings) {
        let shape = batch.batch.shape
        for index in 0..<shape.tokens {
            let input = batch.inputs[index], target = batch.targets[index]
            guard input >= 0, input < tokens.count, target < tokens.count, target >= Batch.ignored else {
                findings.fail("ids are those of the tokens", "\(input) and \(target) \(place)")
                return
            }
            guard target != Batch.ignored else { continue }
            // Each token is its own index, so one ahead is one more; a window may wrap around.
            findings.require(
                Int(target) == (Int(input) + 1) % tokens.count, "targets are one ahead",
                "\(target) after \(input) \(place)")
            if index % shape.context < shape.context - 1 {
                findings.require(
                    batch.inputs[index + 1] == target, "each input is the previous target",
                    "\(batch.inputs[index + 1]) after \(target) \(place)")
            }
        }
    }
}

/// Tokens that are their own index.
private final class CountedTokens: Sendable {
    let sequence: TokenSequence

    init(count: Int) {
        let memory = Memory(count: count)
        sequence = TokenSequence(base: UnsafeRawPointer(memory.base), count: count, width: .two, owner: memory)
    }

    /// `@unchecked Sendable`: written only in `init`.
    private final class Memory: @unchecked Sendable {
        let base: UnsafeMutablePointer<UInt16>
        init(count: Int) {
            base = .allocate(capacity: count)
            for i in 0..<count { base[i] = UInt16(i) }
        }
        deinit { base.deallocate() }
    }
}

/// A batch with its memory, filled with values that no loader writes.
private final class FilledBatch {
    let batch: Batch
    var inputs: [Int32] { (0..<batch.shape.tokens).map { batch.inputs[$0] } }
    var targets: [Int32] { (0..<batch.shape.tokens).map { batch.targets[$0] } }

    init(_ shape: BatchShape) {
        let inputs = UnsafeMutablePointer<Int32>.allocate(capacity: shape.tokens)
        let targets = UnsafeMutablePointer<Int32>.allocate(capacity: shape.tokens)
        let continues = UnsafeMutablePointer<Bool>.allocate(capacity: shape.rows)
        inputs.initialize(repeating: -7, count: shape.tokens)
        targets.initialize(repeating: -7, count: shape.tokens)
        continues.initialize(repeating: true, count: shape.rows)
        batch = Batch(inputs: inputs, targets: targets, continues: continues, shape: shape)
    }

    deinit {
        batch.inputs.deallocate()
        batch.targets.deallocate()
        batch.continues.deallocate()
    }
}
