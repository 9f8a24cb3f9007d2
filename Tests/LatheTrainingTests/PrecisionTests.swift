import LatheComponents
import LatheKernels
import LatheTraining
import Testing

@Suite struct PrecisionTests {
    @Test func bf16IsRefusedWithoutItsInstructions() {
        let problem = Precision.bf16.problem(isBFloat16Available: false) ?? ""
        #expect(
            problem.contains(
                "has no bfloat16 products (AVX512-BF16); set compute.precision to fp32, or to bf16_if_available"))
        #expect(Precision.bf16.problem(isBFloat16Available: true) == nil)
        #expect(Precision.bf16IfAvailable.problem(isBFloat16Available: false) == nil)
        #expect(Precision.fp32.problem(isBFloat16Available: false) == nil)
        #expect(Precision.fp32.products == .single)
    }
}
