public import LatheKernels

// B sequences, T positions, H heads of dimension D, width C = H D.

extension Reference {
    /// out [B, T, C] from qkv [B, T, 3C]; `mask(b, h, i, j)` multiplies probabilities.
    public static func causalAttention(
        qkv: Floats, out: MutableFloats, batch: Int, time: Int, heads: Int, headDimension: Int,
        mask: (Int, Int, Int, Int) -> Double = { _, _, _, _ in 1 }
    ) {
        let c = heads * headDimension
        for b in 0..<batch {
            for h in 0..<heads {
                for i in 0..<time {
                    let p = attentionRow(qkv, b, h, i, time, heads, headDimension)
                    for x in 0..<headDimension {
                        var sum = 0.0
                        for j in 0...i {
                            let v = qkv[(b * time + j) * 3 * c + 2 * c + h * headDimension + x]
                            sum += p[j] * mask(b, h, i, j) * Double(v)
                        }
                        out[(b * time + i) * c + h * headDimension + x] = Float(sum)
                    }
                }
            }
        }
    }

    /// dQKV [B, T, 3C], overwritten.
    public static func causalAttentionBackward(
        qkv: Floats, dOut: Floats, dQKV: MutableFloats, batch: Int, time: Int, heads: Int, headDimension: Int,
        mask: (Int, Int, Int, Int) -> Double = { _, _, _, _ in 1 }
    ) {
        let c = heads * headDimension, d = headDimension
        let scale = 1 / Double(d).squareRoot()
        var gradients = [Double](repeating: 0, count: batch * time * 3 * c)
        for b in 0..<batch {
            for h in 0..<heads {
                for i in 0..<time {
                    let p = attentionRow(qkv, b, h, i, time, heads, headDimension)
                    let query = (b * time + i) * 3 * c + h * d
                    var dp = [Double](repeating: 0, count: i + 1), delta = 0.0
                    for j in 0...i {
                        let key = (b * time + j) * 3 * c + h * d
                        for x in 0..<d {
                            let g = Double(dOut[(b * time + i) * c + h * d + x]) * mask(b, h, i, j)
                            dp[j] += g * Double(qkv[key + 2 * c + x])
                            gradients[key + 2 * c + x] += p[j] * g
                        }
                        delta += p[j] * dp[j]
                    }
                    for j in 0...i {
                        let key = (b * time + j) * 3 * c + h * d
                        let ds = p[j] * (dp[j] - delta) * scale
                        for x in 0..<d {
                            gradients[query + x] += ds * Double(qkv[key + c + x])
                            gradients[key + c + x] += ds * Double(qkv[query + x])
                        }
                    }
                }
            }
        }
        for i in gradients.indices { dQKV[i] = Float(gradients[i]) }
    }

    /// The probabilities of query i over keys 0 ... i.
    private static func attentionRow(
        _ qkv: Floats, _ b: Int, _ h: Int, _ i: Int, _ time: Int, _ heads: Int, _ d: Int
    ) -> [Double] {
        let c = heads * d
        var row = [Double](repeating: 0, count: i + 1)
        for j in 0...i {
            for x in 0..<d {
                row[j] +=
                    Double(qkv[(b * time + i) * 3 * c + h * d + x])
                    * Double(qkv[(b * time + j) * 3 * c + c + h * d + x])
            }
            row[j] /= Double(d).squareRoot()
        }
        let maximum = row.max() ?? 0
        for j in row.indices { row[j] = exponential(row[j] - maximum) }
        let sum = row.reduce(0, +)
        return row.map { $0 / sum }
    }
}
