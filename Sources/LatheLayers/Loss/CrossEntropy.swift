import CKernels
public import LatheKernels
import LatheSystem

// N rows, C width of the features, V vocabulary.

/// The linear head fused with its cross-entropy: logits = features W^T + b exist only for a chunk of rows at a time.
///
/// nats = logsumexp(logits) - logits[target]; a row with target -1 is ignored: nats 0, gradient 0.
///
/// Logits are stored transposed, [V, rows of the chunk], so W is used in place for the logits and for its gradient and
/// never packed. Exponentials E stay unnormalised: with column sums s, dFeatures = (scale / s) (E - s onehot)^T W, and
/// for dW = (E - s onehot) ((scale / s) features) the factor goes into the features, which saves a pass over the
/// logits.
public enum CrossEntropy {
    /// nats [N] of features [N, C] with weight [V, C] and bias [V]; `scratch` has `natsScratch(...)` floats.
    public static func nats(
        _ pool: ThreadPool, features: Floats, weight: Floats, bias: Floats?, targets: UnsafePointer<Int32>,
        nats: MutableFloats, scratch: MutableFloats, rows: Int, width: Int, vocabulary: Int
    ) {
        let layout = CrossEntropyLayout(rows: rows, width: width, vocabulary: vocabulary)
        for start in stride(from: 0, to: rows, by: layout.chunk) {
            let count = min(layout.chunk, rows - start)
            layout.logits(
                pool, features: features + start * width, weight: weight, bias: bias, targets: targets + start,
                nats: nats + start, scratch: scratch, count: count, keep: false)
        }
    }

    /// nats [N], and the gradients of `scale` times their sum.
    ///
    /// - Parameters:
    ///   - scale: for example 1 / the number of targets in the whole batch.
    ///   - dFeatures: [N, C], overwritten, or added to with `accumulateFeatures`.
    ///   - dWeight: [V, C], overwritten, or added to with `accumulateWeight`; `dBias` [V] likewise.
    ///   - scratch: `gradientScratch(...)` floats.
    public static func natsAndGradients(
        _ pool: ThreadPool, features: Floats, weight: Floats, bias: Floats?, targets: UnsafePointer<Int32>,
        nats: MutableFloats, scale: Float, dFeatures: MutableFloats, accumulateFeatures: Bool, dWeight: MutableFloats,
        dBias: MutableFloats?, accumulateWeight: Bool, scratch: MutableFloats, rows: Int, width: Int, vocabulary: Int
    ) {
        let layout = CrossEntropyLayout(rows: rows, width: width, vocabulary: vocabulary)
        let logits = scratch, sums = scratch + layout.sums, factors = scratch + layout.factors
        let scaled = scratch + layout.scaled, product = scaled + layout.chunk * width
        for start in stride(from: 0, to: rows, by: layout.chunk) {
            let count = min(layout.chunk, rows - start)
            let x = features + start * width, add = accumulateWeight || start > 0
            layout.logits(
                pool, features: x, weight: weight, bias: bias, targets: targets + start, nats: nats + start,
                scratch: scratch, count: count, keep: true)
            for row in 0..<count {
                let target = Int(targets[start + row])
                factors[row] = target >= 0 ? scale / sums[row] : 0
                if target >= 0 { logits[target * count + row] -= sums[row] }
            }
            let rowCut = Cut(count, grain: max(1, 16384 / width))
            pool.run(
                ScaleRows(
                    kernels: pool.kernels, cut: rowCut, x: x, factors: factors, y: scaled, width: width,
                    accumulate: false), slices: rowCut.slices)
            Product.multiply(
                pool, m: vocabulary, n: width, k: count, a: logits, lda: count, transposeA: false, b: scaled,
                ldb: width,
                transposeB: false, c: dWeight, ldc: width, accumulate: add)
            if let dBias {
                let cut = Cut(vocabulary, grain: max(1, 32768 / count))
                pool.run(
                    RowDots(
                        kernels: pool.kernels, cut: cut, x: logits, factors: factors, y: dBias, width: count,
                        accumulate: add), slices: cut.slices)
            }
            Product.multiply(
                pool, m: count, n: width, k: vocabulary, a: logits, lda: count, transposeA: true, b: weight, ldb: width,
                transposeB: false, c: product, ldc: width, accumulate: false)
            pool.run(
                ScaleRows(
                    kernels: pool.kernels, cut: rowCut, x: product, factors: factors, y: dFeatures + start * width,
                    width: width, accumulate: accumulateFeatures), slices: rowCut.slices)
        }
    }

    /// Floats of scratch for `nats`: mainly the logits of one chunk, at most 16 Mi.
    public static func natsScratch(rows: Int, width: Int, vocabulary: Int) -> Int {
        CrossEntropyLayout(rows: rows, width: width, vocabulary: vocabulary).scaled
    }

    /// Floats of scratch for `natsAndGradients`.
    public static func gradientScratch(rows: Int, width: Int, vocabulary: Int) -> Int {
        let layout = CrossEntropyLayout(rows: rows, width: width, vocabulary: vocabulary)
        return layout.scaled + 2 * layout.chunk * width
    }
}

/// Rows per chunk, and offsets into scratch.
private struct CrossEntropyLayout {
    /// Maximum logits in scratch. With a vocabulary of 50,000, 256 rows fit in one chunk, so the weights are rarely
    /// read again.
    static let limit = 16 << 20
    /// Logits per chunk that are enough, once a chunk has this many rows: rereading a smaller head costs less than the
    /// memory of more logits.
    static let enough = (logits: 2 << 20, rows: 256)
    /// More rows gain nothing for a small vocabulary and cost scratch for the features.
    static let mostRows = 1024
    let width: Int, vocabulary: Int
    let chunk: Int
    /// Ranges of the vocabulary; each is a slice with its own partial maxima and sums.
    let ranges: Cut
    let partial: Int, maxima: Int, sums: Int, factors: Int, scaled: Int

    init(rows: Int, width: Int, vocabulary: Int) {
        self.width = width
        self.vocabulary = vocabulary
        let wanted = max(Self.enough.rows, Self.enough.logits / max(1, vocabulary))
        let most = min(Self.mostRows, max(16, min(wanted, Self.limit / max(1, vocabulary)) / 16 * 16))
        let chunks = max(1, (rows + most - 1) / most)
        chunk = max(1, min(rows, ((rows + chunks - 1) / chunks + 15) / 16 * 16))
        ranges = Cut(vocabulary, grain: max(1, 32768 / chunk), limit: 32)
        partial = vocabulary * chunk
        maxima = partial + ranges.slices * chunk
        sums = maxima + chunk
        factors = sums + chunk
        scaled = factors + chunk
    }

    /// The logits of `count` rows, their maxima, sums of exponentials and nats; with `keep`, the exponentials replace
    /// the logits.
    func logits(
        _ pool: ThreadPool, features: Floats, weight: Floats, bias: Floats?, targets: UnsafePointer<Int32>,
        nats: MutableFloats, scratch: MutableFloats, count: Int, keep: Bool
    ) {
        let x = scratch, maximum = scratch + maxima, sum = scratch + sums
        Product.multiply(
            pool, m: vocabulary, n: count, k: width, a: weight, lda: width, transposeA: false, b: features, ldb: width,
            transposeB: true, c: x, ldc: count, accumulate: false)
        var job = VocabularyJob(
            kernels: pool.kernels, cut: ranges, x: x, bias: bias, partial: scratch + partial, maxima: nil, count: count,
            keep: keep)
        pool.run(job, slices: ranges.slices)
        maximum.update(from: scratch + partial, count: count)
        pool.kernels.pointee.column_maxima(
            scratch + partial + count, nil, maximum, ranges.slices - 1, count)
        for row in 0..<count where targets[row] >= 0 { nats[row] = maximum[row] - x[Int(targets[row]) * count + row] }
        job.maxima = Floats(maximum)
        pool.run(job, slices: ranges.slices)
        sum.update(repeating: 0, count: count)
        pool.kernels.pointee.column_sums(scratch + partial, count, sum, ranges.slices, count)
        for row in 0..<count { nats[row] = targets[row] >= 0 ? nats[row] + Math.logarithm(sum[row]) : 0 }
    }
}

/// Column maxima over a range of the vocabulary or, given `maxima`, its exponentials and their sums.
private struct VocabularyJob: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let x: MutableFloats, bias: Floats?, partial: MutableFloats
    var maxima: Floats?
    let count: Int, keep: Bool

    func run(_ slice: Int) {
        let r = cut.range(slice), out = partial + slice * count, start = x + r.lowerBound * count
        if let maxima {
            out.update(repeating: 0, count: count)
            kernels.pointee.column_exponentials(start, maxima, out, r.count, count, keep ? 1 : 0)
        } else {
            out.update(repeating: -.infinity, count: count)
            kernels.pointee.column_maxima(start, bias.map { $0 + r.lowerBound }, out, r.count, count)
        }
    }
}

/// y (=|+=) x, each row scaled by its own factor.
private struct ScaleRows: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let x: Floats, factors: Floats, y: MutableFloats, width: Int, accumulate: Bool
    func run(_ slice: Int) {
        for row in cut.range(slice) {
            let from = x + row * width, to = y + row * width
            if accumulate {
                kernels.pointee.add_scaled(from, factors[row], to, width)
            } else {
                kernels.pointee.scale(from, factors[row], to, width)
            }
        }
    }
}

/// y (=|+=) the dot product of each row of x with `factors`.
private struct RowDots: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let x: Floats, factors: Floats, y: MutableFloats, width: Int, accumulate: Bool
    func run(_ slice: Int) {
        for row in cut.range(slice) {
            let dot = kernels.pointee.dot(x + row * width, factors, width)
            y[row] = accumulate ? y[row] + dot : dot
        }
    }
}

extension Reference {
    /// nats [N]; gradients of `scale` times their sum are added to those that are given.
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
            nats[n] = Float(logarithm(sum) + maximum - logits[target])
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
}
