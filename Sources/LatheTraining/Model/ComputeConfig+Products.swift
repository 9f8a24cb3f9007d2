public import LatheComponents
public import LatheKernels
import LatheSpec
import LatheSystem

extension ComputeConfig {
    /// The thread pool of a run.
    ///
    /// - Parameter limit: the largest number of threads.
    public func pool(threads: Int? = nil, limit: Int = .max) -> ThreadPool {
        ThreadPool(
            threadCount: min(threads ?? threadCount, limit), precision: precision.products, products: productKernels)
    }

    public var threadCount: Int { threads.value ?? Cores.count }

    public var productKernels: ProductKernels {
        switch products {
        case .auto: precision.products == .single ? .standard(at: .best) : .own
        case .own: .own
        case .openBLAS: .openBLAS
        }
    }

    /// What this machine lacks for the choice of products, if anything; ``Precision/problem(isBFloat16Available:)`` has
    /// what it lacks for the precision.
    package func productsProblem(isInstalled: Bool = OpenBLAS.installed != nil) -> String? {
        guard products == .openBLAS else { return nil }
        if precision.products != .single {
            return "openblas multiplies in fp32 only; set compute.products to auto, or compute.precision to fp32"
        }
        return isInstalled
            ? nil : "OpenBLAS is not installed; install it (Debian: libopenblas0), or set compute.products to auto"
    }
}

extension ProductKernels {
    /// Its name in specs and records: `own`, `openblas`.
    public var name: String { self == .own ? "own" : "openblas" }
}
