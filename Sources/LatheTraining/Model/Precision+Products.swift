public import LatheComponents
public import LatheKernels

extension Precision {
    /// What products are computed in on this CPU; `bf16` in single precision where there is nothing else.
    public var products: ProductPrecision {
        self != .fp32 && ProductPrecision.bfloat16.isAvailable ? .bfloat16 : .single
    }

    /// What is wrong with wanting it on a CPU, if anything.
    package func problem(isBFloat16Available: Bool = ProductPrecision.bfloat16.isAvailable) -> String? {
        guard self == .bf16, !isBFloat16Available else { return nil }
        return "this CPU (\(CPU.model)) has no bfloat16 products (AVX512-BF16); "
            + "set compute.precision to fp32, or to bf16_if_available, which falls back to fp32"
    }
}

extension ProductPrecision {
    /// Its name in specs and records: `fp32`, `bf16`.
    public var name: String {
        switch self {
        case .single: "fp32"
        case .bfloat16: "bf16"
        }
    }
}
