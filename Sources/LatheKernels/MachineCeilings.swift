import LatheSystem

/// The measured peak performance of this machine, as a reference for profiles.
public struct MachineCeilings: Sendable, Equatable {
    /// fp32 matrix products, 10⁹ operations per second: the faster of this library's kernel and OpenBLAS on large
    /// square matrices.
    public var products: Double
    /// bf16 matrix products, 10⁹ operations per second; nil if the CPU does not support them.
    public var bfloat16Products: Double?
    /// Memory bandwidth, reads plus writes, 10⁹ bytes per second.
    public var memory: Double

    /// Takes about a second.
    public init(threads: Int) {
        let pool = ThreadPool(threadCount: threads)
        let side = 1024, count = side * side
        let a = Self.ones(count), b = Self.ones(count), c = Self.ones(count)
        defer {
            for buffer in [a, b, c] { buffer.deallocate() }
        }
        func rate(_ multiply: () -> Void) -> Double {
            2 * Double(side) * Double(side) * Double(side) / Self.fastest(multiply)
        }
        func measured(_ pool: ThreadPool) -> Double {
            rate {
                Product.multiply(
                    pool, m: side, n: side, k: side, a: a, lda: side, transposeA: false, b: b, ldb: side,
                    transposeB: false, c: c, ldc: side, accumulate: false)
            }
        }
        let blas = OpenBLAS.installed.map { _ in measured(ThreadPool(threadCount: threads, products: .openBLAS)) }
        products = max(measured(ThreadPool(threadCount: threads, products: .own)), blas ?? 0) / 1e9
        bfloat16Products =
            ProductPrecision.bfloat16.isAvailable
            ? measured(ThreadPool(threadCount: threads, precision: .bfloat16)) / 1e9 : nil

        // Far larger than any cache.
        let length = 1 << 24
        let x = Self.ones(length), y = Self.ones(length)
        defer {
            x.deallocate()
            y.deallocate()
        }
        let seconds = Self.fastest { Elementwise.add(pool, a: x, b: y, y: y, count: length) }
        memory = 12 * Double(length) / seconds / 1e9
    }

    private static func ones(_ count: Int) -> MutableFloats {
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
            .bindMemory(to: Float.self, capacity: count)
        buffer.initialize(repeating: 1, count: count)
        return buffer
    }

    /// Seconds of the fastest of several runs.
    private static func fastest(_ body: () -> Void) -> Double {
        body()
        var best = Double.infinity
        let begin = MonotonicClock.seconds
        repeat {
            let start = MonotonicClock.seconds
            body()
            best = min(best, MonotonicClock.seconds - start)
        } while MonotonicClock.seconds - begin < 0.15
        return best
    }
}
