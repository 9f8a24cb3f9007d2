import LatheSystem

/// OpenBLAS, loaded when it is first used: linking it would cost every start of the program, and its threads.
public struct OpenBLAS: Sendable {
    /// The library of this machine; nil where it is not installed.
    public static let installed: OpenBLAS? = OpenBLAS()

    /// Version and build options.
    public let configuration: String
    /// The kernel set that it selected, such as `SkylakeX`. The environment variable `OPENBLAS_CORETYPE` overrides it.
    public let kernel: String

    /// `cblas_sgemm` with 32-bit sizes.
    typealias Multiply =
        @convention(c) (
            _ order: Int32, _ transposeA: Int32, _ transposeB: Int32, _ m: Int32, _ n: Int32, _ k: Int32,
            _ alpha: Float, _ a: Floats, _ lda: Int32, _ b: Floats, _ ldb: Int32, _ beta: Float,
            _ c: MutableFloats, _ ldc: Int32
        ) -> Void
    let multiply: Multiply

    // Values of CBLAS_ORDER and CBLAS_TRANSPOSE.
    static let rowMajor: Int32 = 101, noTranspose: Int32 = 111, transpose: Int32 = 112

    private init?() {
        // Slices call it from our threads; a team of its own would sit idle, each thread with a buffer of 128 MB.
        guard
            let library = DynamicLibrary(
                ["libopenblas.so.0", "libopenblas.so", "libopenblas.dylib"],
                environment: ["OPENBLAS_NUM_THREADS": "1"]),
            let multiply = library.function("cblas_sgemm", as: Multiply.self),
            let setThreads = library.function(
                "openblas_set_num_threads", as: (@convention(c) (Int32) -> Void).self)
        else { return nil }
        func text(_ name: String) -> String {
            let get = library.function(name, as: (@convention(c) () -> UnsafePointer<CChar>?).self)
            return get?().map { String(cString: $0) } ?? "unknown"
        }
        self.multiply = multiply
        setThreads(1)
        configuration = text("openblas_get_config")
        kernel = text("openblas_get_corename")
    }
}

/// Whose code computes matrix products.
public enum ProductKernels: Sendable, Hashable {
    /// The register tiles of CKernels.
    case own
    /// OpenBLAS for large products in single precision; small ones, and those within layers, stay our own.
    case openBLAS

    /// Our own where the level has wide vectors, OpenBLAS elsewhere if it is installed (64-bit Arm, old x86).
    public static func standard(at level: SIMDLevel) -> ProductKernels {
        level > .base || OpenBLAS.installed == nil ? .own : .openBLAS
    }
}
