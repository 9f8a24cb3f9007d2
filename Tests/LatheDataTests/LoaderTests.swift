import LatheComponents
import LatheLoaders
import Testing

/// Token i has id i.
private final class Numbers: @unchecked Sendable {  // never written to after init
    let ids: UnsafeMutablePointer<UInt32>
    init(_ count: Int) {
        ids = .allocate(capacity: max(1, count))
        for i in 0..<count { ids[i] = UInt32(i) }
    }
    deinit { ids.deallocate() }
}

private func numbers(_ count: Int) -> TokenSequence {
    let owner = Numbers(count)
    return TokenSequence(base: UnsafeRawPointer(owner.ids), count: count, width: .four, owner: owner)
}

private struct Rows: Equatable {
    var starts: [Int]
    var continues: [Bool]
}

private func batch(_ batches: any BatchSequence, _ shape: BatchShape, step: Int) -> Rows {
    let inputs = UnsafeMutablePointer<Int32>.allocate(capacity: shape.tokens)
    let targets = UnsafeMutablePointer<Int32>.allocate(capacity: shape.tokens)
    let continues = UnsafeMutablePointer<Bool>.allocate(capacity: shape.rows)
    defer {
        inputs.deallocate()
        targets.deallocate()
        continues.deallocate()
    }
    batches.fill(Batch(inputs: inputs, targets: targets, continues: continues, shape: shape), step: step)
    for i in 0..<shape.tokens {
        #expect(targets[i] == inputs[i] + 1)
        if i % shape.context > 0 { #expect(inputs[i] == inputs[i - 1] + 1) }
    }
    return Rows(
        starts: (0..<shape.rows).map { Int(inputs[$0 * shape.context]) },
        continues: (0..<shape.rows).map { continues[$0] })
}

@Suite struct LoaderTests {
    @Test func randomWindowsCoverAllStarts() {
        let shape = BatchShape(rows: 3, context: 4)
        let tokens = numbers(10)
        let loader = RandomWindows(.init())
        #expect(loader.minimumTokens(shape) == 5 && !loader.rowsContinue(shape))
        let batches = loader.batches(of: tokens, shape: shape, seed: 1)
        var seen: [Int: Int] = [:]
        for step in 0..<1000 {
            let rows = batch(batches, shape, step: step)
            #expect(rows == batch(batches, shape, step: step))
            #expect(rows.continues == [false, false, false])
            for start in rows.starts { seen[start, default: 0] += 1 }
        }
        // Six starts, 3,000 draws: 500 each, with a standard deviation of 20.
        #expect(seen.keys.sorted() == [0, 1, 2, 3, 4, 5])
        #expect(seen.values.allSatisfy { abs($0 - 500) < 120 }, "\(seen)")
        let other = loader.batches(of: tokens, shape: shape, seed: 2)
        #expect((0..<20).contains { batch(other, shape, step: $0) != batch(batches, shape, step: $0) })
        _ = batch(loader.batches(of: numbers(5), shape: shape, seed: 1), shape, step: 3)
    }

    @Test func sequentialWalksAsTheLecture() {
        let shape = BatchShape(rows: 4, context: 32)
        let loader = Sequential(.init())
        let tokens = numbers(338_025)
        let batches = loader.batches(of: tokens, shape: shape, seed: 0)
        #expect(batches.batchesPerEpoch == 2640)
        #expect(batch(batches, shape, step: 0).starts == [0, 32, 64, 96])
        #expect(batch(batches, shape, step: 2639).starts[3] == 2639 * 128 + 96)
        #expect(batch(batches, shape, step: 2640).starts == [0, 32, 64, 96])
        #expect(loader.batches(of: numbers(129), shape: shape, seed: 0).batchesPerEpoch == 1)
        #expect(loader.batches(of: numbers(256), shape: shape, seed: 0).batchesPerEpoch == 1)
        #expect(loader.minimumTokens(shape) == 129 && !loader.rowsContinue(shape))
        let single = BatchShape(rows: 1, context: 5)
        #expect(loader.rowsContinue(single))
        let walk = loader.batches(of: numbers(16), shape: single, seed: 0)
        #expect((0..<4).map { batch(walk, single, step: $0).continues[0] } == [false, true, true, false])
    }

    @Test func streamsContinue() {
        let shape = BatchShape(rows: 3, context: 4)
        let loader = ContiguousStreams(.init())
        let batches = loader.batches(of: numbers(32), shape: shape, seed: 0)
        #expect(batches.batchesPerEpoch == 2)
        #expect(batch(batches, shape, step: 0) == Rows(starts: [0, 10, 20], continues: [false, false, false]))
        #expect(batch(batches, shape, step: 1) == Rows(starts: [4, 14, 24], continues: [true, true, true]))
        #expect(batch(batches, shape, step: 2) == Rows(starts: [0, 10, 20], continues: [false, false, false]))
        _ = batch(loader.batches(of: numbers(loader.minimumTokens(shape)), shape: shape, seed: 0), shape, step: 9)
    }
}
