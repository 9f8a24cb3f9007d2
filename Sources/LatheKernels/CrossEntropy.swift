import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// N rows, C width of the features, V vocabulary.

/// The linear head and its cross-entropy in one: logits = features W^T + b exist for a few rows at a time only.
///
/// nats = logsumexp(logits) - logits[target], a row whose target is -1 is ignored: nats 0, gradient 0.
public enum CrossEntropy {
    /// nats [N] of features [N, C] under weight [V, C] and bias [V]; `scratch` has `natsScratch(...)` floats.
    public static func nats(
        _ pool: ThreadPool, features: Floats, weight: Floats, bias: Floats?, targets: UnsafePointer<Int32>,
        nats: MutableFloats, scratch: MutableFloats, rows: Int, width: Int, vocabulary: Int
    ) {
        let chunk = chunkRows(rows: rows, vocabulary: vocabulary)
        for start in stride(from: 0, to: rows, by: chunk) {
            let count = min(chunk, rows - start)
            Linear.forward(
                pool, x: features + start * width, weight: weight, bias: bias, y: scratch, rows: count, inputs: width,
                outputs: vocabulary)
            pool.run(
                CrossEntropyRows(
                    kernels: pool.kernels, cut: rowCut(count, vocabulary), logits: scratch, targets: targets + start,
                    nats: nats + start, vocabulary: vocabulary, scale: nil),
                slices: rowCut(count, vocabulary).slices)
        }
    }

    /// nats [N], and the gradients of `scale` times their sum.
    ///
    /// - Parameters:
    ///   - scale: such as 1 / the count of targets in the whole batch.
    ///   - dFeatures: [N, C], overwritten, or added to with `accumulateFeatures`.
    ///   - dWeight: [V, C], overwritten, or added to with `accumulateWeight`; `dBias` [V] likewise.
    ///   - scratch: `gradientScratch(...)` floats.
    public static func natsAndGradients(
        _ pool: ThreadPool, features: Floats, weight: Floats, bias: Floats?, targets: UnsafePointer<Int32>,
        nats: MutableFloats, scale: Float, dFeatures: MutableFloats, accumulateFeatures: Bool, dWeight: MutableFloats,
        dBias: MutableFloats?, accumulateWeight: Bool, scratch: MutableFloats, rows: Int, width: Int, vocabulary: Int
    ) {
        let chunk = chunkRows(rows: rows, vocabulary: vocabulary)
        for start in stride(from: 0, to: rows, by: chunk) {
            let count = min(chunk, rows - start)
            let x = features + start * width
            Linear.forward(
                pool, x: x, weight: weight, bias: bias, y: scratch, rows: count, inputs: width, outputs: vocabulary)
            pool.run(
                CrossEntropyRows(
                    kernels: pool.kernels, cut: rowCut(count, vocabulary), logits: scratch, targets: targets + start,
                    nats: nats + start, vocabulary: vocabulary, scale: scale),
                slices: rowCut(count, vocabulary).slices)
            Linear.backwardInput(
                pool, dy: scratch, weight: weight, dx: dFeatures + start * width, rows: count, inputs: width,
                outputs: vocabulary, accumulate: accumulateFeatures)
            Linear.backwardWeight(
                pool, dy: scratch, x: x, dWeight: dWeight, rows: count, inputs: width, outputs: vocabulary,
                accumulate: accumulateWeight || start > 0)
            if let dBias {
                Linear.backwardBias(
                    pool, dy: scratch, dBias: dBias, rows: count, outputs: vocabulary,
                    accumulate: accumulateWeight || start > 0)
            }
        }
    }

    /// Floats of scratch for `nats`: the logits of one chunk of rows.
    public static func natsScratch(rows: Int, width: Int, vocabulary: Int) -> Int {
        chunkRows(rows: rows, vocabulary: vocabulary) * vocabulary
    }

    /// Floats of scratch for `natsAndGradients`.
    public static func gradientScratch(rows: Int, width: Int, vocabulary: Int) -> Int {
        natsScratch(rows: rows, width: width, vocabulary: vocabulary)
    }

    /// Logits in scratch: 32 MB, so that a head of 50,000 entries is read twice for 256 rows, not six times.
    private static let scratchLimit = 8 << 20

    private static func chunkRows(rows: Int, vocabulary: Int) -> Int {
        let most = max(1, scratchLimit / max(1, vocabulary))
        let chunks = max(1, (rows + most - 1) / most)
        return max(1, (rows + chunks - 1) / chunks)
    }

    private static func rowCut(_ rows: Int, _ vocabulary: Int) -> Cut {
        Cut(rows, grain: max(1, 8192 / max(1, vocabulary)))
    }
}

/// Nats of rows of logits; with a scale, the logits become their gradients in place.
private struct CrossEntropyRows: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let logits: MutableFloats, targets: UnsafePointer<Int32>, nats: MutableFloats
    let vocabulary: Int, scale: Float?

    func run(_ slice: Int) {
        for row in cut.range(slice) {
            let x = logits + row * vocabulary, target = Int(targets[row])
            guard target >= 0 else {
                nats[row] = 0
                if scale != nil { x.update(repeating: 0, count: vocabulary) }
                continue
            }
            let maximum = kernels.pointee.maximum(x, vocabulary), own = x[target]
            if let scale {
                let sum = kernels.pointee.exponential_sum(x, maximum, 1, vocabulary)
                nats[row] = logf(sum) + maximum - own
                kernels.pointee.scale(x, scale / sum, x, vocabulary)
                x[target] -= scale
            } else {
                nats[row] = logf(kernels.pointee.sum_of_exponentials(x, maximum, vocabulary)) + maximum - own
            }
        }
    }
}

extension Reference {
    /// nats [N], and where wanted the gradients of `scale` times their sum, added to.
    public static func crossEntropy(
        features: Floats, weight: Floats, bias: Floats?, targets: UnsafePointer<Int32>, nats: MutableFloats,
        scale: Float, dFeatures: MutableFloats?, dWeight: MutableFloats?, dBias: MutableFloats?, rows: Int, width: Int,
        vocabulary: Int
    ) {
        var logits = [Double](repeating: 0, count: vocabulary)
        for n in 0..<rows {
            let target = Int(targets[n])
            guard target >= 0 else {
                nats[n] = 0
                continue
            }
            for v in 0..<vocabulary {
                logits[v] = Double(bias?[v] ?? 0)
                for c in 0..<width { logits[v] += Double(features[n * width + c]) * Double(weight[v * width + c]) }
            }
            let maximum = logits.max() ?? 0
            let sum = logits.reduce(0) { $0 + exponential($1 - maximum) }
            nats[n] = Float(naturalLogarithm(sum) + maximum - logits[target])
            for v in 0..<vocabulary {
                let d = Double(scale) * (exponential(logits[v] - maximum) / sum - (v == target ? 1 : 0))
                dBias?[v] += Float(d)
                for c in 0..<width {
                    dFeatures?[n * width + c] += Float(d * Double(weight[v * width + c]))
                    dWeight?[v * width + c] += Float(d * Double(features[n * width + c]))
                }
            }
        }
    }

    static func exponential(_ x: Double) -> Double { exp(x) }
    static func naturalLogarithm(_ x: Double) -> Double { log(x) }
}
