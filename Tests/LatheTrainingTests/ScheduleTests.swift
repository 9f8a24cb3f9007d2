import LatheComponents
import LatheSpec
import TestSupport
import Testing

/// Multipliers of the first and last step, and of those between.
struct ScheduleTests {
    private func constant(warmup: Int) throws -> any Schedule {
        try experiment("schedule: {type: constant, warmup_steps: \(warmup)}").schedule.make()
    }

    private func falling(_ type: String, warmup: Int, final: Double) throws -> any Schedule {
        try experiment("schedule: {type: \(type), warmup_steps: \(warmup), final_fraction: \(final)}").schedule.make()
    }

    private func linear(warmup: Int, final: Double) throws -> any Schedule {
        try falling("linear", warmup: warmup, final: final)
    }

    private func cosine(warmup: Int, final: Double) throws -> any Schedule {
        try falling("cosine", warmup: warmup, final: final)
    }

    @Test func warmUpRisesToThePeak() throws {
        for schedule in try [constant(warmup: 4), linear(warmup: 4, final: 0), cosine(warmup: 4, final: 0)] {
            let first = (0..<5).map { schedule.multiplier(step: $0, steps: 20) }
            for (found, expected) in zip(first, [0.2, 0.4, 0.6, 0.8, 1]) { #expect(abs(found - expected) < 1e-15) }
        }
    }

    @Test func constantStaysAtThePeak() throws {
        let plain = try constant(warmup: 0), warmed = try constant(warmup: 4)
        #expect((0..<20).allSatisfy { plain.multiplier(step: $0, steps: 20) == 1 })
        #expect((4..<20).allSatisfy { warmed.multiplier(step: $0, steps: 20) == 1 })
    }

    @Test func linearFalls() throws {
        let schedule = try linear(warmup: 0, final: 0.2)
        for step in 0..<10 {
            #expect(abs(schedule.multiplier(step: step, steps: 10) - (1 - 0.08 * Double(step))) < 1e-12)
        }
    }

    @Test func cosineFallsToItsFraction() throws {
        let schedule = try cosine(warmup: 10, final: 0.1)
        #expect(schedule.multiplier(step: 10, steps: 110) == 1)
        #expect(abs(schedule.multiplier(step: 60, steps: 110) - 0.55) < 1e-12)
        // One step short of the end: 0.1 + 0.45 (1 + cos(0.99 π)).
        #expect(abs(schedule.multiplier(step: 109, steps: 110) - 0.100222_047_835_42) < 1e-9)
        let falling = (10..<110).map { schedule.multiplier(step: $0, steps: 110) }
        #expect(zip(falling, falling.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test func aWarmUpOfTheWholeRunIsAllowed() throws {
        for schedule in try [constant(warmup: 5), linear(warmup: 5, final: 0), cosine(warmup: 5, final: 0)] {
            #expect(abs(schedule.multiplier(step: 4, steps: 5) - 5.0 / 6) < 1e-15)
        }
    }
}
