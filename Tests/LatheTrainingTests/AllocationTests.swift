import CAllocationCount
import LatheClipping
import LatheComponents
import LatheLSTM
import LatheLoaders
import LatheOptimizers
import LatheSchedules
import LatheTraining
import LatheTransformer
import Testing

#if canImport(Glibc)
    import Glibc

    /// A steady-state step allocates nothing, from the loader to the optimizer, on any thread. Each test runs in its
    /// own process. Allocations are counted only with glibc.
    struct AllocationTests {
        @Test(.optimized) func transformer() async {
            await #expect(processExitsWith: .success) {
                var config = Transformer.Config()
                (config.layers, config.heads, config.width, config.dropout) = (2, 2, 34, 0.1)
                try exitIfStepsAllocate(Transformer(config), RandomWindows(RandomWindows.Config()))
            }
        }

        @Test(.optimized) func lstm() async {
            await #expect(processExitsWith: .success) {
                var config = LSTM.Config()
                (config.layers, config.embeddingSize, config.hiddenSize, config.dropout) = (2, 31, 33, 0.1)
                config.state = .carry
                try exitIfStepsAllocate(LSTM(config), ContiguousStreams(ContiguousStreams.Config()))
            }
        }

        /// Proves that the count works: one array per step is detected.
        @Test func countsAnArray() async {
            await #expect(processExitsWith: .exitCode(9)) {
                let before = allocation_count()
                var array = [Int](repeating: 0, count: 100)
                array.withUnsafeMutableBufferPointer { $0[Int(getpid()) % 100] = 1 }
                if array.reduce(0, +) != 1 { exit(1) }
                exit(allocation_count() > before ? 9 : 1)
            }
        }
    }

    extension Trait where Self == ConditionTrait {
        /// In a debug build, closures and generics keep their contexts on the heap.
        fileprivate static var optimized: Self {
            #if DEBUG
                .disabled("only optimized code allocates nothing: swift test -c release")
            #else
                .enabled(if: true)
            #endif
        }
    }

    /// Exits with 7 and prints the count if any of 100 steps after the first ten allocates.
    private func exitIfStepsAllocate(_ architecture: any Architecture, _ loader: any Loader) throws {
        let shape = BatchShape(rows: 6, context: 21)
        var cosine = Cosine.Config()
        cosine.warmupSteps = 5
        let recipe = StepRecipe(
            shape: shape, microBatch: 3, seed: 1, optimizer: AdamW(AdamW.Config()), schedule: Cosine(cosine),
            clipping: GlobalNorm(GlobalNorm.Config()))
        let fixture = try ModelInTraining(
            architecture, vocabulary: 65, recipe: recipe,
            batches: loader.batches(of: TokenMemory.tokens(5000, below: 65), shape: shape, seed: 4), steps: 200)
        var loss = 0.0
        for step in 0..<10 { loss = try fixture.step(step).loss }
        let before = allocation_count()
        for step in 10..<110 { loss += try fixture.step(step).loss }
        let count = allocation_count() - before
        guard count == 0, loss.isFinite else {
            print("100 steps allocated \(count) times; loss \(loss)")
            exit(7)
        }
    }

#endif
