import LatheComponents
import LatheGraph
import LatheKernels
import LatheTraining
import TestSupport
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

    /// Generating single tokens reads only the rounded copy of the weights, and agrees with the weights up to rounding.
    @Test(.enabled(if: ProductPrecision.bfloat16.isAvailable, "this CPU has no AVX512-BF16"))
    func generationReadsRoundedWeights() throws {
        try expectRoundedWeightsAreRead(try architecture("transformer, layers: 2, heads: 2, width: 32"))
        try expectRoundedWeightsAreRead(try architecture("lstm, layers: 2, embedding_size: 16, hidden_size: 32"))
    }

    private func expectRoundedWeightsAreRead(_ architecture: any Architecture) throws {
        let tokens: [Int32] = [3, 1, 4, 1, 5, 9, 2, 6]
        let compiler = ModelCompiler(architecture, context: 16, vocabulary: 11)
        let programs = try TokenGenerator.Programs(compiler)
        let parameters = try ParameterStore(programs.all[0].graph.parameters, seed: 5)
        // As large as after training.
        for index in 0..<parameters.layout.flatCount { parameters.weights.base[index] *= 3 }
        func logits(_ precision: ProductPrecision, _ change: () -> Void = {}) throws -> [Float] {
            let pool = ThreadPool(threadCount: 2, precision: precision)
            let generator = try TokenGenerator(
                programs, architecture: architecture,
                arena: try FloatBuffer(count: programs.all.map(\.arenaCount).max() ?? 0), parameters: parameters,
                rounded: try RoundedWeights(parameters, pool: pool), pool: pool)
            change()
            return Array(generator.read(tokens))
        }
        let exact = try logits(.single), rounded = try logits(.bfloat16)
        #expect(exact != rounded)
        let largest = exact.map(abs).max() ?? 0
        for (a, b) in zip(exact, rounded) { #expect(abs(a - b) < 0.05 * largest) }
        let fromCopy = try logits(.bfloat16) {
            for segment in parameters.layout.segments where segment.role == .matrix {
                (parameters.weights.base + segment.offset).update(repeating: .nan, count: segment.count)
            }
        }
        #expect(fromCopy == rounded)
    }
}
