import LatheKernels

/// A parameter's initial values. Random ones depend only on the seed and the parameter's name, so that variants with
/// equal seeds start from equal values.
public indirect enum Initializer: Sendable, Hashable {
    case constant(Float)
    /// Normal with mean 0.
    case normal(deviation: Float)
    /// Uniform in -bound ..< bound.
    case uniform(bound: Float)
    /// Equal parts along the first axis, each with its own initializer, such as the gates of an LSTM.
    case parts([Initializer])

    func fill(_ values: UnsafeMutablePointer<Float>, count: Int, seed: UInt64, name: String, pool: ThreadPool?) {
        switch self {
        case .constant(let value):
            values.update(repeating: value, count: count)
        case .normal(let deviation):
            let stream = RandomStream(seed: seed, stream: "initialize/" + name, step: 0)
            Self.inParts(count, pool) { part in
                stream.fillNormal(values + part.lowerBound, count: part.count, firstElement: part.lowerBound)
                for i in part { values[i] *= deviation }
            }
        case .uniform(let bound):
            let stream = RandomStream(seed: seed, stream: "initialize/" + name, step: 0)
            Self.inParts(count, pool) { part in
                stream.fillUniform(values + part.lowerBound, count: part.count, firstElement: part.lowerBound)
                for i in part { values[i] = (2 * values[i] - 1) * bound }
            }
        case .parts(let parts):
            precondition(count % parts.count == 0, "\(count) values in \(parts.count) parts")
            let size = count / parts.count
            for (i, part) in parts.enumerated() {
                part.fill(values + i * size, count: size, seed: seed, name: "\(name)/\(i)", pool: pool)
            }
        }
    }

    /// Calls `body` with ranges that partition 0 ..< count, in parallel if there is a pool.
    private static func inParts(_ count: Int, _ pool: ThreadPool?, _ body: (Range<Int>) -> Void) {
        let length = 1 << 16
        withoutActuallyEscaping(body) { body in
            let job = PartsJob(count: count, length: length, body: body)
            let slices = (count + length - 1) / length
            if let pool { pool.run(job, slices: slices) } else { for slice in 0..<slices { job.run(slice) } }
        }
    }
}

private struct PartsJob: SliceJob {
    let count: Int, length: Int
    let body: (Range<Int>) -> Void
    func run(_ slice: Int) { body(slice * length..<min(count, (slice + 1) * length)) }
}
