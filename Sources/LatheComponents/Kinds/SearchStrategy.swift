public import LatheSpec

/// Which trials of a search space run, in which order and for how long: `strategy` in a sweep.
///
/// A strategy is a pure function of space, seed and results, so that a sweep that was stopped, killed or extended
/// continues exactly as if it had run in one go, with any number of workers.
public protocol SearchStrategy: Component where Product == any SearchStrategy {
    /// Problems of the strategy with this space and these lengths.
    func problems(in space: SearchSpace) -> [SearchProblem]

    /// The number of cells to try; nil for all that ``cell(_:in:seed:)`` returns.
    var cellCount: Int? { get }

    /// The cell at an index, from 0; nil if there are no more. Repeated cells are skipped. A strategy with a
    /// ``cellCount`` may return cells without end.
    func cell(_ index: Int, in space: SearchSpace, seed: UInt64) -> [SearchChoice]?

    /// How far each trial should go, given the results so far. Called after each change.
    ///
    /// - Parameter trials: in the order of the cells, seed by seed.
    func targets(_ trials: [TrialProgress], goal: SearchGoal) -> [TrialTarget]

    /// The steps at which trials are compared, ascending; empty if all trials run to the end.
    var rungs: [Int] { get }
}

extension SearchStrategy {
    public static var kind: Kind<any SearchStrategy> { .strategy }
    public var product: any SearchStrategy { self }
    public var rungs: [Int] { [] }
    public func targets(_ trials: [TrialProgress], goal: SearchGoal) -> [TrialTarget] { trials.map { _ in .complete } }
}

extension Kind where Product == any SearchStrategy {
    public static var strategy: Self {
        Self("strategy", summary: "Which trials a sweep runs, and how far.")
    }
}

/// What a sweep searches: the product of its axes.
public struct SearchSpace: Sendable, Hashable {
    /// The slowest-varying axis first.
    public var axes: [SearchAxis]
    /// How often each cell runs, with different seeds.
    public var repeats: Int
    /// The trials' lengths in steps, if known before their data is.
    public var lengths: Set<Int>
    /// The trials' validation intervals in steps.
    public var validationIntervals: Set<Int>

    public init(
        axes: [SearchAxis], repeats: Int = 1, lengths: Set<Int> = [], validationIntervals: Set<Int> = []
    ) {
        self.axes = axes
        self.repeats = repeats
        self.lengths = lengths
        self.validationIntervals = validationIntervals
    }
}

/// One axis of a search space.
public struct SearchAxis: Sendable, Hashable {
    /// What lies on an axis.
    public enum Values: Sendable, Hashable {
        /// The number of values in a list.
        case list(count: Int)
        /// A range that is sampled.
        case range(SearchRange)
    }

    /// `variant`, or a dotted key.
    public var name: String
    public var values: Values

    public init(_ name: String, _ values: Values) {
        self.name = name
        self.values = values
    }
}

public struct SearchRange: Sendable, Hashable {
    public var lower: Double
    public var upper: Double
    /// Whether to sample uniformly in the logarithm.
    public var isLogarithmic: Bool
    public var isWhole: Bool

    /// `lower` is at most `upper`, and above 0 if logarithmic.
    public init(_ lower: Double, _ upper: Double, isLogarithmic: Bool = false, isWhole: Bool = false) {
        self.lower = lower
        self.upper = upper
        self.isLogarithmic = isLogarithmic
        self.isWhole = isWhole
    }
}

/// A cell's position on one axis.
public enum SearchChoice: Sendable, Hashable {
    /// The value at an index of a list.
    case index(Int)
    /// Position in a range: 0 is the lower end, 1 the upper end.
    case fraction(Double)
}

/// Something wrong with a strategy.
public struct SearchProblem: Sendable, Hashable {
    /// nil if the problem is the strategy itself.
    public var axis: Int?
    /// What is wrong and what to do.
    public var message: String

    public init(axis: Int? = nil, _ message: String) {
        self.axis = axis
        self.message = message
    }
}

/// Whether the objective should be small or large.
public enum SearchGoal: String, Choice {
    case minimize
    case maximize

    /// Whether `value` is better than `other`; NaN is worse than any number.
    public func prefers(_ value: Double, to other: Double) -> Bool {
        if value.isNaN || other.isNaN { return !value.isNaN && other.isNaN }
        return self == .minimize ? value < other : value > other
    }
}

/// What a strategy knows about a trial.
public struct TrialProgress: Sendable, Hashable {
    /// The objective at each rung the trial has reached.
    public var measured: [Int: Double]
    /// Whether the trial ran to its end.
    public var isComplete: Bool
    /// Whether the trial failed, so no more results are expected for now.
    public var hasFailed: Bool

    public init(measured: [Int: Double] = [:], isComplete: Bool = false, hasFailed: Bool = false) {
        self.measured = measured
        self.isComplete = isComplete
        self.hasFailed = hasFailed
    }
}

/// How far a trial should go.
public enum TrialTarget: Sendable, Hashable {
    case complete
    /// To this step, or further if it is already past it.
    case step(Int)
}
