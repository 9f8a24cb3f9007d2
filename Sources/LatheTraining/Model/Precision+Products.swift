public import LatheComponents
public import LatheKernels
import LatheSystem

extension Precision {
    /// The precision of products on this CPU: single if bfloat16 is unavailable.
    public var products: ProductPrecision {
        self != .fp32 && ProductPrecision.bfloat16.isAvailable ? .bfloat16 : .single
    }

    /// Why this CPU cannot use the precision; nil if it can.
    package func problem(isBFloat16Available: Bool = ProductPrecision.bfloat16.isAvailable) -> String? {
        guard self == .bf16, !isBFloat16Available else { return nil }
        return "this CPU (\(Machine.processor)) has no bfloat16 products (AVX512-BF16); "
            + "set compute.precision to fp32, or to bf16_if_available, which falls back to fp32"
    }
}

extension ProductPrecision {
    /// Name in specs and records: `fp32`, `bf16`.
    public var name: String {
        switch self {
        case .single: "fp32"
        case .bfloat16: "bf16"
        }
    }
}
