import Dispatch
import LatheComponents
import LatheGraph
import LatheTraining
import Synchronization
import LatheSpec
import TestSupport
import Testing

/// A write overlaps with the next step's forward and backward passes; the parameter update waits for it.
@Suite struct CheckpointWriterTests {
    private struct DiskFull: Error {}

    private static func bits(_ parameters: ParameterStore) -> [UInt32] {
        (0..<parameters.layout.flatCount).map { parameters.weights.base[$0].bitPattern }
    }

    @Test func updateWaitsUntilWeightsAreTaken() throws {
        let spec = try experiment("model: {type: transformer, layers: 1, heads: 2, width: 8}")
        let shape = BatchShape(rows: 2, context: 4)
        let recipe = try StepRecipe(
            shape: shape, microBatch: 1, seed: 1, optimizer: spec.optimizer.make(),
            schedule: spec.schedule.make(), clipping: spec.clipping.make())
        let fixture = try ModelInTraining(
            spec.model.make(), vocabulary: 11, recipe: recipe,
            batches: GivenBatches.seeded(shape, vocabulary: 11, steps: 2), steps: 2)
        _ = try fixture.step(0)
        let before = fixture.bits

        let writer = CheckpointWriter(), parameters = fixture.parameters
        let passesAreDone = DispatchSemaphore(value: 0)
        let seen = Mutex<(isBeside: Bool, bits: [UInt32])>((false, []))
        try writer.start { taken in
            // Until the step reaches its update; a step whose passes waited would never get there.
            let isBeside = passesAreDone.wait(timeout: .now() + 10) == .success
            // An update that does not wait would be over by now.
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.05)
            seen.withLock { $0 = (isBeside, Self.bits(parameters)) }
            taken()
        }
        _ = try fixture.step(1) {
            passesAreDone.signal()
            writer.waitUntilTaken()
        }
        try writer.finish()
        let (isBeside, bits) = seen.withLock { $0 }
        #expect(isBeside)
        #expect(bits == before)
        #expect(fixture.bits != before)
    }

    @Test func whatFollowsDoesNotHoldUpTheUpdate() throws {
        let writer = CheckpointWriter()
        let updateIsDone = DispatchSemaphore(value: 0)
        let isBeside = Mutex(false), isWritten = Mutex(false)
        try writer.start { taken in
            taken()
            taken()
            isBeside.withLock { $0 = updateIsDone.wait(timeout: .now() + 10) == .success }
            isWritten.withLock { $0 = true }
        }
        writer.waitUntilTaken()
        updateIsDone.signal()
        try writer.finish()
        #expect(isBeside.withLock { $0 })
        // The next write begins after the previous one ends.
        try writer.start { _ in
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.02)
            isWritten.withLock { $0 = false }
        }
        let wasWritten = Mutex(true)
        try writer.start { _ in wasWritten.withLock { $0 = isWritten.withLock { $0 } } }
        try writer.finish()
        #expect(!wasWritten.withLock { $0 })
    }

    @Test func failuresComeOut() throws {
        let writer = CheckpointWriter()
        try writer.check()
        try writer.finish()
        try writer.start { _ in throw DiskFull() }
        // A write that failed has nothing left to read.
        writer.waitUntilTaken()
        #expect(throws: DiskFull.self) { try writer.check() }
        #expect(throws: DiskFull.self) { try writer.finish() }
        #expect(throws: DiskFull.self) { try writer.start { _ in Issue.record("written after a failure") } }
        #expect(throws: DiskFull.self) { try writer.finish() }

        let late = CheckpointWriter()
        try late.start { taken in
            taken()
            throw DiskFull()
        }
        late.waitUntilTaken()
        #expect(throws: DiskFull.self) { try late.finish() }
    }
}
