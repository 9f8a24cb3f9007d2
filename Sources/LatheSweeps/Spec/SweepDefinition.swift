public import LatheComponents
public import LatheSpec

/// What a sweep searches, wherever it was written: in a file, or on the command line.
public struct SweepDefinition: Sendable {
    /// The name of its folder in results/sweeps/.
    public var name: String
    /// The experiment that all trials change.
    public var base: String
    /// Where the base was named; nil on the command line.
    public var baseMark: Mark?
    /// Changes that all trials have in common.
    public var set: [Override]
    /// Named sets of changes; none for a sweep without variants.
    public var variants: [Variant]
    /// What is searched.
    public var parameters: [Parameter]
    /// Cells that are left out.
    public var exclusions: [Exclusion]
    /// Runs of each cell.
    public var repeats: Int
    /// What is wanted.
    public var objective: ObjectiveConfig
    /// How the space is searched.
    public var sampler: Chosen<any Sampler>
    /// Where trials run.
    public var launcher: Chosen<any Launcher>
    /// The sweep as a file, to be kept with its results.
    public var text: String

    /// A named set of changes.
    public struct Variant: Sendable {
        /// Its name.
        public var name: String
        /// Where it was written.
        public var mark: Mark?
        /// The changes.
        public var changes: [Override]
    }

    /// A dotted key and the values to try.
    public struct Parameter: Sendable {
        /// The values of a parameter.
        public enum Values: Sendable {
            /// A list.
            case list([Node])
            /// A range.
            case range(ParameterRange)
        }

        /// The dotted key.
        public var key: String
        /// Where it was written.
        public var mark: Mark?
        /// The values.
        public var values: Values

        /// A parameter.
        public init(key: String, mark: Mark?, values: Values) {
            self.key = key
            self.mark = mark
            self.values = values
        }
    }

    /// Cells that are left out.
    public struct Exclusion: Sendable {
        /// Where it was written.
        public var mark: Mark?
        /// The values by axis, all of which a cell must have to be left out.
        public var values: [(axis: String, mark: Mark?, anyOf: [Node])]
    }

    /// A sweep of a base and parameters; the rest has its defaults.
    public init(
        name: String, base: String, set: [Override], parameters: [Parameter], sampler: Chosen<any Sampler>,
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
        self.sampler = sampler
        self.launcher = launcher
        self.text = text
    }
}

/// A range of numbers that a parameter is tried in.
public struct ParameterRange: Sendable {
    /// The lower end as written.
    public var from: Double
    /// The upper end as written.
    public var to: Double
    /// Linear or logarithmic.
    public var scale: Scale
    /// How many values; nil for one that is sampled.
    public var count: Int?
    /// Where it was written.
    public var mark: Mark?

    /// How values are spread over a range.
    public enum Scale: String, Choice {
        /// Equal differences.
        case linear
        /// Equal ratios.
        case log
    }
}
