public import LatheComponents
public import LatheSpec

/// A sweep, from a file or from the command line.
public struct SweepDefinition: Sendable {
    /// Also names its folder in results/sweeps/.
    public var name: String
    public var base: String
    /// Nil if given on the command line.
    public var baseMark: Mark?
    public var set: [Override]
    public var variants: [Variant]
    public var parameters: [Parameter]
    public var exclusions: [Exclusion]
    public var repeats: Int
    public var objective: ObjectiveConfig
    public var strategy: Chosen<any SearchStrategy>
    public var launcher: Chosen<any Launcher>
    /// The sweep in YAML, stored with its results.
    public var text: String

    public struct Variant: Sendable {
        public var name: String
        public var mark: Mark?
        public var changes: [Override]
    }

    public struct Parameter: Sendable {
        public enum Values: Sendable {
            case list([Node])
            case range(ParameterRange)
        }

        public var key: String
        public var mark: Mark?
        public var values: Values

        public init(key: String, mark: Mark?, values: Values) {
            self.key = key
            self.mark = mark
            self.values = values
        }
    }

    public struct Exclusion: Sendable {
        public var mark: Mark?
        /// Allowed values by axis. A cell that matches on all axes is left out.
        public var values: [(axis: String, mark: Mark?, anyOf: [Node])]
    }

    /// Everything else takes its default.
    public init(
        name: String, base: String, set: [Override], parameters: [Parameter], strategy: Chosen<any SearchStrategy>,
        launcher: Chosen<any Launcher>, text: String
    ) {
        self.name = name
        self.base = base
        self.set = set
        variants = []
        self.parameters = parameters
        exclusions = []
        repeats = 1
        objective = ObjectiveConfig()
        self.strategy = strategy
        self.launcher = launcher
        self.text = text
    }
}

public struct ParameterRange: Sendable {
    public var from: Double
    public var to: Double
    public var scale: Scale
    /// Nil for a range that is sampled.
    public var count: Int?
    public var mark: Mark?

    public enum Scale: String, Choice {
        /// Constant difference between values.
        case linear
        /// Constant ratio between values.
        case log
    }
}
