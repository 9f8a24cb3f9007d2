import CKernels

/// The counter-based generator Philox4x32-10: four words that are a pure function of counter and key.
/// Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
public enum Philox {
    public typealias Words = (UInt32, UInt32, UInt32, UInt32)

    /// Ten rounds on `counter` with `key`.
    public static func block(counter: Words, key: (UInt32, UInt32)) -> Words {
        var result: Words = (0, 0, 0, 0)
        withUnsafeBytes(of: counter) { counter in
            withUnsafeBytes(of: key) { key in
                withUnsafeMutableBytes(of: &result) { result in
                    lathe_philox(
                        counter.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt32.self),
                        key.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt32.self),
                        result.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt32.self))
                }
            }
        }
        return result
    }
}

/// Random numbers addressed by element: each is a pure function of (seed, stream, step, element). Order, threads and
/// micro-batches do not matter, and a run that resumes at a step needs no generator state.
///
/// 64 consecutive elements share the words of 16 Philox counters (leaf/random.h in CKernels gives the order).
public struct RandomStream: Sendable, Hashable {
    /// Low and high half of the seed, the step, the stream: the key of the C loops.
    var key: (UInt32, UInt32, UInt32, UInt32) { (UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32), step, stream) }
    public let seed: UInt64
    /// Separates the uses of randomness within a run.
    public let stream: UInt32
    /// The step of the run; 0 if it does not matter.
    public let step: UInt32

    public init(seed: UInt64, stream: UInt32, step: UInt32 = 0) {
        self.seed = seed
        self.stream = stream
        self.step = step
    }

    /// The stream whose number is the FNV-1a hash of a name, such as a parameter's, over UTF-8.
    public init(seed: UInt64, stream: String, step: UInt32 = 0) {
        self.init(seed: seed, stream: Self.hash(stream), step: step)
    }

    /// 32-bit FNV-1a.
    public static func hash(_ name: String) -> UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash
    }

    public func at(step: UInt32) -> RandomStream { RandomStream(seed: seed, stream: stream, step: step) }

    private func block(_ counter: UInt64) -> Philox.Words {
        Philox.block(
            counter: (UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32), step, stream),
            key: (UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)))
    }

    public func bits(_ element: Int) -> UInt32 {
        let e = UInt64(element)
        let words = block(e / 64 * 16 + e % 16)
        switch (e / 16) % 4 {
        case 0: return words.0
        case 1: return words.1
        case 2: return words.2
        default: return words.3
        }
    }

    /// A multiple of 2^-24 in [0, 1).
    public func uniform(_ element: Int) -> Float { Float(bits(element) >> 8) * 0x1p-24 }

    /// Normal with mean 0 and variance 1; the same value as `fillNormal`.
    public func normal(_ element: Int) -> Float {
        var value: Float = 0
        fillNormal(&value, count: 1, firstElement: element)
        return value
    }

    /// An integer in 0..<below from 64 random bits: probabilities differ by at most a relative below / 2^64.
    ///
    /// Draws share bits with `bits` of other elements: use a stream either for integers or for numbers, not both.
    public func integer(_ element: Int, below: Int) -> Int {
        precondition(below > 0, "there is no integer in 0..<\(below)")
        let e = UInt64(element)
        let words = block(e / 2)
        let pair = e % 2 == 0 ? (words.0, words.1) : (words.2, words.3)
        let bits = UInt64(pair.0) | UInt64(pair.1) << 32
        return Int(bits.multipliedFullWidth(by: UInt64(below)).high)
    }

    /// y[i] = uniform(firstElement + i).
    public func fillUniform(_ y: MutableFloats, count: Int, firstElement: Int = 0) {
        withKey { lathe_kernels_at(4).pointee.fill_uniform(y, count, UInt64(firstElement), $0) }
    }

    /// y[i] = normal(firstElement + i), by the Box-Muller transform; bit-identical at every SIMD level.
    public func fillNormal(_ y: MutableFloats, count: Int, firstElement: Int = 0) {
        withKey { lathe_kernels_at(4).pointee.fill_normal(y, count, UInt64(firstElement), $0) }
    }

    /// The key of the C loops that draw from this stream.
    public func withKey(_ body: (UnsafePointer<UInt32>) -> Void) {
        withUnsafeBytes(of: key) { body($0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt32.self)) }
    }
}
