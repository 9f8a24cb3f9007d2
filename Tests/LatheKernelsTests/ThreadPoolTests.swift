import LatheKernels
import LatheSystem
import Testing

private struct CountJob: SliceJob {
    let counts: UnsafeMutablePointer<Int>
    func run(_ slice: Int) { counts[slice] += 1 }
}

@Suite struct ThreadPoolTests {
    @Test func everySliceRunsOnce() {
        let counts = UnsafeMutablePointer<Int>.allocate(capacity: 100)
        defer { counts.deallocate() }
        for threads in 1...5 {
            let pool = ThreadPool(threadCount: threads)
            counts.initialize(repeating: 0, count: 100)
            var expected = [Int](repeating: 0, count: 100)
            // Back-to-back runs with growing and shrinking counts, so that late threads of one run meet the next.
            for round in 0..<20000 {
                let slices = round % 101
                pool.run(CountJob(counts: counts), slices: slices)
                for slice in 0..<slices { expected[slice] += 1 }
            }
            #expect(Array(UnsafeBufferPointer(start: counts, count: 100)) == expected)
            pool.stop()
        }
    }

    @Test func aStoppedPoolStillRuns() {
        let counts = UnsafeMutablePointer<Int>.allocate(capacity: 4)
        counts.initialize(repeating: 0, count: 4)
        defer { counts.deallocate() }
        let pool = ThreadPool(threadCount: 3)
        pool.stop()
        pool.stop()
        pool.run(CountJob(counts: counts), slices: 4)
        #expect(Array(UnsafeBufferPointer(start: counts, count: 4)) == [1, 1, 1, 1])
    }

    @Test func processorIsDescribed() {
        #expect(Cores.count >= 1)
        #expect(!Machine.processor.isEmpty)
        #expect(SIMDLevel.available.first == .base)
        #expect(SIMDLevel.available.last == CPU.level)
    }
}
