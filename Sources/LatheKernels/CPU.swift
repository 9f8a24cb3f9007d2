import CKernels

/// Vector width of the leaf loops. Levels round differently, so a run records the level it used.
public enum SIMDLevel: Int32, CaseIterable, Sendable, Comparable {
    /// The architecture's baseline: SSE2, or NEON on arm64.
    case base = 1
    /// x86-64-v3: AVX2 and fused multiply-add.
    case v3 = 3
    /// x86-64-v4: AVX-512.
    case v4 = 4

    public static var best: SIMDLevel { SIMDLevel(rawValue: lathe_kernels_at(4).pointee.level) ?? .base }

    /// Lowest first.
    public static var available: [SIMDLevel] { allCases.filter { $0 <= best } }

    public static func < (a: SIMDLevel, b: SIMDLevel) -> Bool { a.rawValue < b.rawValue }
}

/// The processor, for a run's record.
public enum CPU {
    public static var level: SIMDLevel { .best }
}
