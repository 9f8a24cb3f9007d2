public import LatheKernels

// N rows, I inputs, O outputs.

/// The affine map y = x W^T + b of PyTorch's `nn.Linear`: x [N, I], W [O, I], b [O], y [N, O].
public enum Linear {
    /// y = x W^T + b; without `bias`, y = x W^T.
    ///
    /// - Parameter rounded: W in bfloat16, as ``Product/round(_:_:pairs:count:)`` writes it; used instead of W if x has
    ///   few rows.
    public static func forward(
        _ pool: ThreadPool, x: Floats, weight: Floats, rounded: Floats? = nil, bias: Floats?, y: MutableFloats,
        rows: Int, inputs: Int, outputs: Int
    ) {
        Product.multiply(
            pool, m: rows, n: outputs, k: inputs, a: x, weight: weight, rounded: rounded, bias: bias, c: y,
            ldc: outputs, accumulate: false)
    }

    /// dx (=|+=) dy W.
    public static func backwardInput(
        _ pool: ThreadPool, dy: Floats, weight: Floats, dx: MutableFloats, rows: Int, inputs: Int, outputs: Int,
        accumulate: Bool
    ) {
        Product.multiply(
            pool, m: rows, n: inputs, k: outputs, a: dy, lda: outputs, transposeA: false, b: weight, ldb: inputs,
            transposeB: false, c: dx, ldc: inputs, accumulate: accumulate)
    }

    /// dW (=|+=) dy^T x.
    public static func backwardWeight(
        _ pool: ThreadPool, dy: Floats, x: Floats, dWeight: MutableFloats, rows: Int, inputs: Int, outputs: Int,
        accumulate: Bool
    ) {
        Product.multiply(
            pool, m: outputs, n: inputs, k: rows, a: dy, lda: outputs, transposeA: true, b: x, ldb: inputs,
            transposeB: false, c: dWeight, ldc: inputs, accumulate: accumulate)
    }

    /// db (=|+=) the sum of dy over rows.
    public static func backwardBias(
        _ pool: ThreadPool, dy: Floats, dBias: MutableFloats, rows: Int, outputs: Int, accumulate: Bool
    ) {
        Reduction.columnSums(pool, x: dy, sums: dBias, rows: rows, columns: outputs, accumulate: accumulate)
    }
}

extension Reference {
    public static func linear(
        x: Floats, weight: Floats, bias: Floats?, y: MutableFloats, rows: Int, inputs: Int, outputs: Int
    ) {
        for n in 0..<rows {
            for o in 0..<outputs {
                var sum = bias.map { Double($0[o]) } ?? 0
                for i in 0..<inputs { sum += Double(x[n * inputs + i]) * Double(weight[o * inputs + i]) }
                y[n * outputs + o] = Float(sum)
            }
        }
    }

    /// dx, dW and db, each added to; nil if not needed.
    public static func linearBackward(
        dy: Floats, x: Floats, weight: Floats, dx: MutableFloats?, dWeight: MutableFloats?, dBias: MutableFloats?,
        rows: Int, inputs: Int, outputs: Int
    ) {
        if let dx {
            multiply(
                m: rows, n: inputs, k: outputs, a: dy, lda: outputs, transposeA: false, b: weight, ldb: inputs,
                transposeB: false, c: dx, ldc: inputs, accumulate: true)
        }
        if let dWeight {
            multiply(
                m: outputs, n: inputs, k: rows, a: dy, lda: outputs, transposeA: true, b: x, ldb: inputs,
                transposeB: false, c: dWeight, ldc: inputs, accumulate: true)
        }
        if let dBias {
            for o in 0..<outputs {
                var sum = Double(dBias[o])
                for n in 0..<rows { sum += Double(dy[n * outputs + o]) }
                dBias[o] = Float(sum)
            }
        }
    }
}
