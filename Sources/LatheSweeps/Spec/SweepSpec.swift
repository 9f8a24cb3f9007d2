public import LatheComponents
public import LatheSpec

/// A sweep as its file declares it: the state that results/ should be brought to.
public struct SweepSpec: ComponentConfig {
    /// The name of its folder in results/sweeps/.
    @Field("Name of the sweep, and of its runs' folder in results/; the file's own name where it is empty.")
    public var name = ""
    /// What it is about.
    @Field("What the sweep is about.") public var description = ""
    /// The experiment that all trials change.
    @Field("The experiment that all trials change.") public var base: SpecPath
    /// What all trials have in common.
    @Field("Changes that all trials have in common: dotted keys of the experiment, with their values.")
    public var set = Verbatim()
    /// Named sets of changes.
    @Field("Named sets of changes, crossed with the parameters.") public var variants = Verbatim()
    /// What is searched.
    @Field("Dotted keys of the experiment, each with a list of values or a range {from, to, scale, count}.")
    public var parameters = Verbatim()
    /// Cells that are left out.
    @Field("Cells that are left out: lists of {variant: ..., key: value}.") public var exclude = Verbatim()
    /// Seeds.
    @Field("Runs of each cell, with the seeds seed, seed + 1, ...", in: 1...10_000) public var `repeat` = 1
    /// What is wanted.
    @Field("What is wanted.") public var objective = ObjectiveConfig()
    /// How the space is searched.
    @Field("Which trials are run, and how far.", .sampler, default: "grid") public var strategy: Chosen<any Sampler>
    /// Where trials run.
    @Field("Where trials run.", .launcher, default: "local") public var launcher: Chosen<any Launcher>

    /// The defaults.
    public init() {}
}

/// What a sweep wants.
public struct ObjectiveConfig: ComponentConfig {
    /// The metric.
    @Field("The metric, as metrics.jsonl names it; its last value counts.") public var metric =
        "validation/bits_per_byte"
    /// Whether small or large is good.
    @Field("Whether small or large values are good.") public var goal = SearchGoal.minimize

    /// The defaults.
    public init() {}
}
