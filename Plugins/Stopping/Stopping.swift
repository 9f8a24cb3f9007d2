public import LatheComponents
public import LatheSpec

/// The components of this plugin.
public enum StoppingPlugin {
    /// All of them.
    public static let components: [any Component.Type] = [Never.self, Patience.self]
}

/// The run goes on to its last step.
public struct Never: StoppingPolicy {
    /// No knobs.
    public struct Config: ComponentConfig {
        /// The defaults.
        public init() {}
    }

    /// `never`
    public static let name = "never"
    /// What it is, in a line.
    public static let summary = "The run goes on to its last step."

    /// No early stopping.
    public init(_ config: Config) {}

    /// Never.
    public func reasonToStop(after history: [ValidationPoint]) -> String? { nil }
}

/// The run ends when the validation loss has not improved for a number of validations (Prechelt, 1998).
public struct Patience: StoppingPolicy {
    /// Its knobs.
    public struct Config: ComponentConfig {
        /// The patience.
        @Field("Validations in a row without improvement after which the run ends.", in: 1...) public var validations =
            3
        /// What counts.
        @Field("How many nats a token count as an improvement.", in: 0...) public var minimumImprovement = 0.0
        /// The defaults.
        public init() {}
    }

    /// `patience`
    public static let name = "patience"
    /// What it is, in a line.
    public static let summary = "The run ends when the validation loss has not improved for a number of validations."
    private let config: Config

    /// Stopping by patience.
    public init(_ config: Config) { self.config = config }

    /// When the last `validations` points all failed to beat the best before them by more than `minimum_improvement`.
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
        return "validation loss has not improved on step \(best.step) for \(waited) validations"
    }
}
