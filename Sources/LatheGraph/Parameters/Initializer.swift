import LatheKernels

/// A parameter's values before training. Random ones depend on the seed and the parameter's name only, so that equal seeds pair across variants.
public indirect enum Initializer: Sendable, Hashable {
    /// The same value everywhere.
    case constant(Float)
    /// Normal with mean 0.
    case normal(deviation: Float)
    /// Uniform in -bound ..< bound.
    case uniform(bound: Float)
    /// Equal parts along the first axis, each with its own values: the gates of an LSTM.
    case parts([Initializer])

    /// Fills a parameter.
    func fill(_ values: UnsafeMutablePointer<Float>, count: Int, seed: UInt64, name: String) {
        switch self {
        case .constant(let value):
            values.update(repeating: value, count: count)
        case .normal(let deviation):
            RandomStream(seed: seed, stream: "initialize/" + name, step: 0).fillNormal(values, count: count)
            for i in 0..<count { values[i] *= deviation }
        case .uniform(let bound):
            RandomStream(seed: seed, stream: "initialize/" + name, step: 0).fillUniform(values, count: count)
            for i in 0..<count { values[i] = (2 * values[i] - 1) * bound }
        case .parts(let parts):
            precondition(count % parts.count == 0, "\(count) values in \(parts.count) parts")
            let size = count / parts.count
            for (i, part) in parts.enumerated() {
                part.fill(values + i * size, count: size, seed: seed, name: "\(name)/\(i)")
            }
        }
    }
}
