public import LatheComponents
public import LatheSpec

public enum StoppingPlugin {
    public static let components: [any Component.Type] = [Never.self, Patience.self]
}

public struct Never: StoppingPolicy {
    public struct Config: ComponentConfig {
        public init() {}
    }

    public static let name = "never"
    public static let summary = "Never stops early."

    public init(_ config: Config) {}

    public func reasonToStop(after history: [ValidationPoint]) -> String? { nil }
}

/// Stops when the validation loss has not improved for a number of validations (Prechelt, 1998).
public struct Patience: StoppingPolicy {
    public struct Config: ComponentConfig {
        @Field("Consecutive validations without improvement before the run stops.", in: 1...)
        public var validations = 3
        @Field("Smallest decrease in nats per token that counts as an improvement.", in: 0...)
        public var minimumImprovement = 0.0
        public init() {}
    }

    public static let name = "patience"
    public static let summary = "Stops when the validation loss has not improved for a number of validations."
    private let config: Config

    public init(_ config: Config) { self.config = config }

    /// Stops if none of the last `validations` points beat the best earlier loss by more than `minimum_improvement`.
    public func reasonToStop(after history: [ValidationPoint]) -> String? {
        guard var best = history.first else { return nil }
        var waited = 0
        for point in history.dropFirst() {
            if point.loss < best.loss - config.minimumImprovement {
                best = point
                waited = 0
            } else {
                waited += 1
            }
        }
        guard waited >= config.validations else { return nil }
        let count = "\(waited) validation\(waited == 1 ? "" : "s")"
        return "validation loss has not improved since step \(best.step) (\(count))"
    }
}
