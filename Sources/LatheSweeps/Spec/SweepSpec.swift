public import LatheComponents
public import LatheSpec

/// A sweep file: the trials whose results results/ should hold.
public struct SweepSpec: ComponentConfig {
    /// Also names its folder in results/sweeps/.
    @Field("Name of the sweep and of its runs' folder in results/; defaults to the file name.")
    public var name = ""
    @Field("What the sweep is about.") public var description = ""
    @Field("The base experiment, which every trial modifies.") public var base: SpecPath
    @Field(
        "Changes common to all trials: dotted keys of the experiment with their values.",
        schema: .optional(.dictionary(of: .anything)))
    public var set = Verbatim()
    @Field(
        "Named sets of changes, crossed with the parameters.",
        schema: .optional(.dictionary(of: .optional(.dictionary(of: .anything)))))
    public var variants = Verbatim()
    @Field(
        "Dotted keys of the experiment, each with a list of values or a range {from, to, scale, count}.",
        schema: .optional(.dictionary(of: ParameterRange.listOrRange)))
    public var parameters = Verbatim()
    @Field(
        "Cells to leave out: a list of {variant: ..., key: value}.",
        schema: .optional(.list(of: .dictionary(of: .anything), count: Limits(), orSingle: false)))
    public var exclude = Verbatim()
    @Field("Runs of each cell, with the seeds seed, seed + 1, ...", in: 1...10_000) public var `repeat` = 1
    @Field("What to optimize.") public var objective = ObjectiveConfig()
    @Field("Search strategy: which trials run, and for how long.", .strategy, default: "grid")
    public var strategy: Chosen<any SearchStrategy>
    @Field("Where trials run.", .launcher, default: "local") public var launcher: Chosen<any Launcher>

    public init() {}
}

public struct ObjectiveConfig: ComponentConfig {
    @Field("Metric to optimize, named as in metrics.jsonl; its last value counts.")
    public var metric = "validation/bits_per_byte"
    @Field("Whether to minimize or maximize the metric.") public var goal = SearchGoal.minimize

    public init() {}
}
