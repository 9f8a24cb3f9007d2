import CKernels
public import LatheKernels

// N rows of width C.

/// Layer normalisation of each row: y = (x - mean) rstd weight + bias, rstd = 1 / sqrt(variance + epsilon).
/// Ba, Kiros, Hinton, "Layer normalization", 2016.
public enum LayerNorm {
    /// x, y [N, C]; weight, bias [C]; mean and rstd [N] are saved for the backward pass.
    public static func forward(
        _ pool: ThreadPool, x: Floats, weight: Floats, bias: Floats?, y: MutableFloats, mean: MutableFloats,
        rstd: MutableFloats, rows: Int, width: Int, epsilon: Float
    ) {
        let job = LayerNormForward(
            kernels: pool.kernels, cut: Cut(rows, grain: max(1, 8192 / max(1, width))), x: x, weight: weight,
            bias: bias, y: y, mean: mean, rstd: rstd, width: width, epsilon: epsilon)
        pool.run(job, slices: job.cut.slices)
    }

    /// Gradients of x, weight and bias.
    ///
    /// - Parameters:
    ///   - dx: [N, C], overwritten, or added to with `accumulateInput`.
    ///   - dWeight: [C], overwritten, or added to with `accumulateParameters`; `dBias` [C] likewise.
    ///   - scratch: `backwardScratch(rows:width:)` floats.
    public static func backward(
        _ pool: ThreadPool, dy: Floats, x: Floats, weight: Floats, mean: Floats, rstd: Floats, dx: MutableFloats,
        accumulateInput: Bool, dWeight: MutableFloats, dBias: MutableFloats?, accumulateParameters: Bool,
        scratch: MutableFloats, rows: Int, width: Int
    ) {
        let cut = backwardCut(rows: rows)
        let job = LayerNormBackward(
            kernels: pool.kernels, cut: cut, dy: dy, x: x, weight: weight, mean: mean, rstd: rstd, dx: dx,
            accumulate: accumulateInput, partial: scratch, withBias: dBias != nil, width: width)
        pool.run(job, slices: cut.slices)
        Reduction.columnSums(
            pool, x: scratch, stride: 2 * width, sums: dWeight, rows: cut.slices, columns: width,
            accumulate: accumulateParameters)
        if let dBias {
            Reduction.columnSums(
                pool, x: scratch + width, stride: 2 * width, sums: dBias, rows: cut.slices, columns: width,
                accumulate: accumulateParameters)
        }
    }

    /// Floats of scratch for `backward`: the parameter gradients of each slice.
    public static func backwardScratch(rows: Int, width: Int) -> Int { backwardCut(rows: rows).slices * 2 * width }

    private static func backwardCut(rows: Int) -> Cut { Cut(rows, grain: 32, limit: 64) }
}

private struct LayerNormForward: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let x: Floats, weight: Floats, bias: Floats?
    let y: MutableFloats, mean: MutableFloats, rstd: MutableFloats
    let width: Int, epsilon: Float

    func run(_ slice: Int) {
        let r = cut.range(slice), offset = r.lowerBound * width
        kernels.pointee.layer_norm(
            x + offset, weight, bias, y + offset, mean + r.lowerBound, rstd + r.lowerBound, r.count, width, epsilon)
    }
}

private struct LayerNormBackward: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let dy: Floats, x: Floats, weight: Floats, mean: Floats, rstd: Floats
    let dx: MutableFloats, accumulate: Bool
    let partial: MutableFloats, withBias: Bool
    let width: Int

    func run(_ slice: Int) {
        let r = cut.range(slice), offset = r.lowerBound * width
        let weightSums = partial + slice * 2 * width, biasSums = weightSums + width
        weightSums.update(repeating: 0, count: 2 * width)
        kernels.pointee.layer_norm_backward(
            dy + offset, x + offset, weight, mean + r.lowerBound, rstd + r.lowerBound, dx + offset, accumulate ? 1 : 0,
            weightSums, withBias ? biasSums : nil, r.count, width)
    }
}

extension Reference {
    public static func layerNorm(
        x: Floats, weight: Floats, bias: Floats?, y: MutableFloats, mean: MutableFloats, rstd: MutableFloats,
        rows: Int, width: Int, epsilon: Float
    ) {
        for n in 0..<rows {
            let row = x + n * width
            var sum = 0.0, squares = 0.0
            for i in 0..<width { sum += Double(row[i]) }
            let m = sum / Double(width)
            for i in 0..<width { squares += (Double(row[i]) - m) * (Double(row[i]) - m) }
            let s = 1 / (squares / Double(width) + Double(epsilon)).squareRoot()
            for i in 0..<width {
                y[n * width + i] = Float((Double(row[i]) - m) * s * Double(weight[i]) + Double(bias?[i] ?? 0))
            }
            mean[n] = Float(m)
            rstd[n] = Float(s)
        }
    }

    /// Adds to dx, dWeight and dBias. Recomputes mean and deviation.
    public static func layerNormBackward(
        dy: Floats, x: Floats, weight: Floats, dx: MutableFloats, dWeight: MutableFloats, dBias: MutableFloats?,
        rows: Int, width: Int, epsilon: Float
    ) {
        for n in 0..<rows {
            let row = x + n * width, g = dy + n * width
            var sum = 0.0, squares = 0.0, mean1 = 0.0, mean2 = 0.0
            for i in 0..<width { sum += Double(row[i]) }
            let m = sum / Double(width)
            for i in 0..<width { squares += (Double(row[i]) - m) * (Double(row[i]) - m) }
            let s = 1 / (squares / Double(width) + Double(epsilon)).squareRoot()
            for i in 0..<width {
                let v = Double(g[i]) * Double(weight[i])
                mean1 += v / Double(width)
                mean2 += v * (Double(row[i]) - m) * s / Double(width)
            }
            for i in 0..<width {
                let normal = (Double(row[i]) - m) * s, v = Double(g[i]) * Double(weight[i])
                dx[n * width + i] += Float(s * (v - mean1 - normal * mean2))
                dWeight[i] += Float(Double(g[i]) * normal)
                dBias?[i] += g[i]
            }
        }
    }
}
