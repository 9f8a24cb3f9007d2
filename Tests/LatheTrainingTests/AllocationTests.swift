import CAllocationCount
import LatheComponents
import LatheTraining
import LatheSpec
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc

    /// A steady-state step allocates nothing, from the loader to the optimizer, on any thread. Each test runs in its
    /// own process. Allocations are counted only with glibc.
    struct AllocationTests {
        @Test(.optimized) func transformer() async {
            await #expect(processExitsWith: .success) {
                try exitIfStepsAllocate(
                    model: "{type: transformer, layers: 2, heads: 2, width: 34, dropout: 0.1}",
                    loader: "random_windows")
            }
        }

        @Test(.optimized) func lstm() async {
            await #expect(processExitsWith: .success) {
                try exitIfStepsAllocate(
                    model: "{type: lstm, layers: 2, embedding_size: 31, hidden_size: 33, dropout: 0.1, state: carry}",
                    loader: "contiguous_streams")
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
    private func exitIfStepsAllocate(model: String, loader: String) throws {
        let shape = BatchShape(rows: 6, context: 21)
        let spec = try experiment(
            """
            model: \(model)
            loader: {type: \(loader)}
            schedule: {type: cosine, warmup_steps: 5}
            """)
        let recipe = try StepRecipe(
            shape: shape, microBatch: 3, seed: 1, optimizer: spec.optimizer.make(), schedule: spec.schedule.make(),
            clipping: spec.clipping.make())
        let fixture = try ModelInTraining(
            spec.model.make(), vocabulary: 65, recipe: recipe,
            batches: spec.loader.make().batches(of: TokenMemory.tokens(5000, below: 65), shape: shape, seed: 4),
            steps: 200)
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
