import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The counter-based generator Philox4x32-10: four words that are a pure function of counter and key.
/// Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
public enum Philox {
    /// Four words of 128 bits of counter.
    public typealias Words = (UInt32, UInt32, UInt32, UInt32)

    /// Ten rounds on `counter` under `key`.
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

/// Random numbers addressed by element: each is a pure function of (seed, stream, step, element), so that order, threads and
/// micro-batches do not matter, and a run that resumes at a step needs no generator state.
///
/// 64 neighbouring elements share the words of 16 Philox counters (leaf/random.h in CKernels gives the order).
public struct RandomStream: Sendable, Hashable {
    /// Low and high half of the seed, the step, the stream: what the C loops take.
    var key: (UInt32, UInt32, UInt32, UInt32) { (UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32), step, stream) }
    /// The seed of the run.
    public let seed: UInt64
    /// Which use of randomness within the run.
    public let stream: UInt32
    /// The step of the run, 0 where steps do not matter.
    public let step: UInt32

    /// A stream by number.
    public init(seed: UInt64, stream: UInt32, step: UInt32 = 0) {
        self.seed = seed
        self.stream = stream
        self.step = step
    }

    /// A stream by name, such as a parameter's: its FNV-1a hash over UTF-8.
    public init(seed: UInt64, stream: String, step: UInt32 = 0) {
        self.init(seed: seed, stream: Self.hash(stream), step: step)
    }

    /// The 32-bit FNV-1a hash of a name.
    public static func hash(_ name: String) -> UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash
    }

    /// The same stream at another step.
    public func at(step: UInt32) -> RandomStream { RandomStream(seed: seed, stream: stream, step: step) }

    private func block(_ counter: UInt64) -> Philox.Words {
        Philox.block(
            counter: (UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32), step, stream),
            key: (UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)))
    }

    /// 32 random bits of `element`.
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

    /// A draw from the normal distribution of mean 0 and variance 1; as `fillNormal` gives it.
    public func normal(_ element: Int) -> Float {
        var value: Float = 0
        fillNormal(&value, count: 1, firstElement: element)
        return value
    }

    /// An integer in 0..<below, of 64 random bits: no value is likelier than another by more than below / 2^64.
    ///
    /// Draws of one element share bits with `bits` of other elements: use a stream for integers or for numbers, not both.
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

    /// y[i] = normal(firstElement + i), by Box and Muller's transform; the same bits at every SIMD level.
    public func fillNormal(_ y: MutableFloats, count: Int, firstElement: Int = 0) {
        withKey { lathe_kernels_at(4).pointee.fill_normal(y, count, UInt64(firstElement), $0) }
    }

    func withKey(_ body: (UnsafePointer<UInt32>) -> Void) {
        withUnsafeBytes(of: key) { body($0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt32.self)) }
    }
}

/// What a dropout mask depends on, beside the element: the seed of the run, the layer, the step.
public typealias DropoutKey = RandomStream
