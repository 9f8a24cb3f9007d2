public import LatheComponents

import LatheResults
import LatheSystem

/// A run's progress besides its tensors: all that resuming needs. Everything else follows from the step.
public struct TrainerState: Codable, Sendable, Equatable {
    public var schemaVersion = 1
    /// Optimizer steps done.
    public var step = 0
    public var history: [ValidationPoint] = []
    /// The step with the lowest validation loss.
    public var bestStep: Int?
    /// Whether the step's validation was left early, so that it comes before the next step; nil if not.
    public var isValidationPending: Bool?
    /// Seconds spent on steps so far.
    public var seconds = 0.0

    enum CodingKeys: String, CodingKey {
        case step, history, seconds
        case schemaVersion = "schema_version"
        case bestStep = "best_step"
        case isValidationPending = "validation_pending"
    }

    public var best: ValidationPoint? { history.last { $0.step == bestStep } }

    public init() {}

    static func read(_ path: String) throws -> TrainerState {
        let bytes = try DurableFile.read(path)
        guard let state = try? JSONCoding.value(TrainerState.self, from: bytes) else {
            throw RecordError(path: path, problem: "not a valid trainer state (truncated or edited?)")
        }
        return state
    }

    func write(_ path: String) throws {
        try DurableFile.write(try JSONCoding.bytes(self, .sortedEscaped), to: path)
    }
}
