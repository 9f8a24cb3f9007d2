public import LatheSpec

/// Which trials of a search space are run, in which order, and how far: `strategy` in a sweep.
///
/// A sampler is a pure function of space, seed and results, so that a sweep that was stopped, killed or extended goes on as if
/// it had been whole from the beginning, with any number of workers.
public protocol Sampler: Component where Product == any Sampler {
    /// What is wrong with the strategy for this space and these lengths.
    func problems(in space: SearchSpace) -> [SearchProblem]

    /// How many cells to try; nil for all that ``cell(_:in:seed:)`` gives.
    var cellCount: Int? { get }

    /// The cell at an index, from 0; nil where there are no more. Cells may repeat; repeated ones are passed over. Samplers that have a
    /// ``cellCount`` may give cells without end.
    func cell(_ index: Int, in space: SearchSpace, seed: UInt64) -> [SearchChoice]?

    /// How far each trial should go, given what is known by now. Called after each change.
    ///
    /// - Parameter trials: in the order of the cells, seed by seed.
    func targets(_ trials: [TrialProgress], goal: SearchGoal) -> [TrialTarget]

    /// The steps after which results are compared, ascending; none where all trials run to their end.
    var rungs: [Int] { get }
}

extension Sampler {
    /// The kind of samplers.
    public static var kind: Kind<any Sampler> { .sampler }
    /// Itself.
    public var product: any Sampler { self }
    /// None.
    public var rungs: [Int] { [] }
    /// Every trial runs to its end.
    public func targets(_ trials: [TrialProgress], goal: SearchGoal) -> [TrialTarget] { trials.map { _ in .complete } }
}

extension Kind where Product == any Sampler {
    /// `sampler`
    public static var sampler: Self {
        Self("sampler", place: "strategy", summary: "Which trials a sweep runs, and how far.")
    }
}

/// What a sweep searches: the product of its axes.
public struct SearchSpace: Sendable, Hashable {
    /// The axes, the one that varies slowest in front.
    public var axes: [SearchAxis]
    /// How often each cell is run, with different seeds.
    public var repeats: Int
    /// The lengths of the trials in steps, where they are known before their data is.
    public var lengths: Set<Int>
    /// The intervals in steps at which trials are validated.
    public var validationIntervals: Set<Int>

    /// A space.
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
        /// So many values in a list.
        case list(count: Int)
        /// A range that is sampled.
        case range(SearchRange)
    }

    /// `variant`, or the dotted key.
    public var name: String
    /// Its values.
    public var values: Values

    /// An axis.
    public init(_ name: String, _ values: Values) {
        self.name = name
        self.values = values
    }
}

/// A range of numbers.
public struct SearchRange: Sendable, Hashable {
    /// The lower end, included.
    public var lower: Double
    /// The upper end, included.
    public var upper: Double
    /// Whether equal ratios, rather than equal differences, are equally likely.
    public var isLogarithmic: Bool
    /// Whether only whole numbers are meant.
    public var isWhole: Bool

    /// A range; `lower` is at most `upper`, and above 0 where it is logarithmic.
    public init(_ lower: Double, _ upper: Double, isLogarithmic: Bool = false, isWhole: Bool = false) {
        self.lower = lower
        self.upper = upper
        self.isLogarithmic = isLogarithmic
        self.isWhole = isWhole
    }
}

/// The place of a cell on one axis.
public enum SearchChoice: Sendable, Hashable {
    /// The value at an index of a list.
    case index(Int)
    /// The place in a range: 0 is its lower end, 1 its upper end.
    case fraction(Double)
}

/// Something wrong with a strategy.
public struct SearchProblem: Sendable, Hashable {
    /// The axis concerned; nil where it is the strategy itself.
    public var axis: Int?
    /// What is wrong and what to do.
    public var message: String

    /// A problem with an axis, or with the strategy.
    public init(axis: Int? = nil, _ message: String) {
        self.axis = axis
        self.message = message
    }
}

/// Whether a small or a large value of the objective is good.
public enum SearchGoal: String, Choice {
    /// Small is good.
    case minimize
    /// Large is good.
    case maximize

    /// Whether `value` is better than `other`; NaN is worse than anything.
    public func prefers(_ value: Double, to other: Double) -> Bool {
        if value.isNaN || other.isNaN { return !value.isNaN && other.isNaN }
        return self == .minimize ? value < other : value > other
    }
}

/// What a sampler knows of a trial.
public struct TrialProgress: Sendable, Hashable {
    /// The objective after each rung that the trial has reached.
    public var measured: [Int: Double]
    /// Whether the trial came to its end.
    public var isComplete: Bool
    /// Whether the trial failed, so that nothing more is to be expected of it for now.
    public var hasFailed: Bool

    /// Where a trial stands.
    public init(measured: [Int: Double] = [:], isComplete: Bool = false, hasFailed: Bool = false) {
        self.measured = measured
        self.isComplete = isComplete
        self.hasFailed = hasFailed
    }
}

/// How far a trial should go.
public enum TrialTarget: Sendable, Hashable {
    /// To its end.
    case complete
    /// To this step, or further where it is there already.
    case step(Int)
}
