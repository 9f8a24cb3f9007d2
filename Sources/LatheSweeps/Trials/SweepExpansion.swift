public import LatheComponents
public import LatheSpec

/// The trials of a sweep, each a complete and valid experiment.
public struct SweepExpansion: Sendable {
    public let definition: SweepDefinition
    /// All cells with the first seed, then all cells with the next.
    public let trials: [Trial]
    public let strategy: any SearchStrategy
    public let warnings: Diagnostics

    /// A sweep with more trials than this is an error.
    public static let trialLimit = 100_000

    /// Questions about experiments that this module cannot answer.
    public struct Inspection {
        /// Problems that components find in the experiment around them.
        public var problems: (ExperimentSpec) throws -> [Diagnostic]
        public var identity: (ExperimentSpec) throws -> String

        public init(
            problems: @escaping (ExperimentSpec) throws -> [Diagnostic],
            identity: @escaping (ExperimentSpec) throws -> String
        ) {
            self.problems = problems
            self.identity = identity
        }
    }

    /// - Throws: `Diagnostics` with every error in every trial; errors common to several trials are reported once.
    public init(_ definition: SweepDefinition, lookup: any ComponentLookup, inspection: Inspection) throws {
        let expander = try Expander(definition, lookup: lookup, inspection: inspection)
        (trials, warnings) = try expander.expand()
        strategy = expander.strategy
        self.definition = definition
    }
}

private struct Expander {
    let definition: SweepDefinition
    let strategy: any SearchStrategy
    private let inspection: SweepExpansion.Inspection
    private let loader: SpecLoader<ExperimentSpec>
    private let base: SpecBase
    /// The base with the changes common to all trials of each variant.
    private let merged: [LoadedSpec<ExperimentSpec>]
    private let space: CellSpace

    init(
        _ definition: SweepDefinition, lookup: any ComponentLookup, inspection: SweepExpansion.Inspection
    ) throws {
        self.definition = definition
        self.inspection = inspection
        strategy = try definition.strategy.make()
        let loader = SpecLoader(ExperimentSpec.self, lookup: lookup)
        let base = loader.base(definition.base, order: 1 << 10)
        let variants = definition.variants.isEmpty ? [[]] : definition.variants.map(\.changes)
        let merged = variants.map { loader.load(base, layers: [definition.set, $0]) }
        // A key may exist in the components of only one variant.
        space = CellSpace(definition) { key in
            merged.contains { Self.isWhole(loader.valueSchema(of: key, in: $0.node)) }
        }
        self.loader = loader
        self.base = base
        self.merged = merged
    }

    private static func isWhole(_ schema: Schema?) -> Bool {
        if case .integer? = schema { true } else { false }
    }

    func expand() throws -> (trials: [Trial], warnings: Diagnostics) {
        var problems = TrialProblems(baseMark: definition.baseMark, basePath: definition.base)
        problems.common += strategyProblems(space.space)
        let cells = problems.common.isEmpty ? cells(&problems) : []
        // Report an unreadable base once.
        if base.isUnreadable || cells.isEmpty { problems.common += merged.flatMap { $0.problems.list } }
        var specs: [(cell: Cell, spec: ExperimentSpec)] = []
        for cell in base.isUnreadable ? [] : cells {
            let loaded = loader.load(base, layers: try cell.layers(definition.set))
            var found = loaded.problems.list
            if var spec = loaded.spec {
                if !loaded.overrides.contains(where: { $0.key == "name" }) { spec.name = definition.name }
                found += try inspection.problems(spec)
                specs.append((cell, spec))
            }
            problems.add(found, cell: cell)
        }
        if problems.common.isEmpty { problems.common += strategyProblems(lengths(specs.map(\.spec))) }
        var list = problems.diagnostics(cells: cells.count)
        var trials: [Trial] = []
        if !Diagnostics(list).hasErrors {
            trials = try self.trials(specs)
            list += EqualTrials(definition: definition).problems(trials)
        }
        let diagnostics = Diagnostics(list)
        if diagnostics.hasErrors { throw diagnostics }
        return (trials, diagnostics)
    }

    private func strategyProblems(_ space: SearchSpace) -> [Diagnostic] {
        strategy.problems(in: space).map { problem in
            let mark = problem.axis.flatMap { self.space.mark(ofAxis: $0) } ?? definition.strategy.mark
            return Diagnostic(problem.message, at: mark)
        }
    }

    /// The space with what is known of its trials.
    private func lengths(_ specs: [ExperimentSpec]) -> SearchSpace {
        SearchSpace(
            axes: space.space.axes, repeats: definition.repeats,
            lengths: Set(specs.compactMap(\.training.declaredSteps)),
            validationIntervals: Set(specs.map(\.validation.every)))
    }

    private func cells(_ problems: inout TrialProblems) -> [Cell] {
        let limit = SweepExpansion.trialLimit
        let seed = merged.first?.spec?.seed ?? ExperimentSpec().seed
        let cells: [Cell]
        do throws(TooFewCells) {
            cells = try space.cells(strategy, seed: seed, limit: limit + 1)
        } catch {
            problems.common.append(
                Diagnostic(
                    "the strategy requests \(error.wanted) trials, but there are only \(error.found) distinct cells",
                    at: definition.strategy.mark))
            return []
        }
        if cells.count * definition.repeats > limit {
            problems.common.append(
                Diagnostic("the sweep has more than \(limit) trials", at: definition.parameters.first?.mark))
            return []
        }
        if cells.isEmpty {
            problems.common.append(Diagnostic("every cell is excluded", at: definition.exclusions.first?.mark))
        }
        return cells
    }

    private func trials(_ specs: [(cell: Cell, spec: ExperimentSpec)]) throws -> [Trial] {
        var trials: [Trial] = []
        for repetition in 0..<definition.repeats {
            for (cell, original) in specs {
                var spec = original
                spec.seed &+= UInt64(repetition)
                trials.append(
                    Trial(
                        variant: cell.variant?.name, parameters: cell.settings, seed: spec.seed, repetition: repetition,
                        spec: spec, identity: try inspection.identity(spec)))
            }
        }
        return trials
    }
}

extension TrainingConfig {
    /// The number of steps, if known without the data.
    public var declaredSteps: Int? {
        steps ?? tokens.map { ($0 + shape.tokens - 1) / shape.tokens }
    }
}

/// The problems of many trials, each reported once.
private struct TrialProblems {
    let baseMark: Mark?
    let basePath: String
    var common: [Diagnostic] = []
    private var order: [Diagnostic] = []
    private var cells: [Diagnostic: (count: Int, first: Cell)] = [:]

    init(baseMark: Mark?, basePath: String) {
        self.baseMark = baseMark
        self.basePath = basePath
    }

    mutating func add(_ problems: [Diagnostic], cell: Cell) {
        for problem in Set(problems) {
            if let known = cells[problem] {
                cells[problem] = (known.count + 1, known.first)
            } else {
                order.append(problem)
                cells[problem] = (1, cell)
            }
        }
    }

    /// All problems. Those that affect only some cells name them.
    func diagnostics(cells total: Int) -> [Diagnostic] {
        common.map { problem in
            // An unreadable base is reported where the sweep names it.
            guard let mark = problem.mark, mark.line == 0, mark.source.name == basePath, let baseMark else {
                return problem
            }
            var problem = problem
            problem.message = "\(basePath): \(problem.message)"
            problem.mark = baseMark
            return problem
        }
            + order.map { problem in
                var problem = problem
                if let found = cells[problem], found.count < total {
                    let parts =
                        (found.first.variant.map { ["variant \($0.name)"] } ?? [])
                        + found.first.settings.map { "\($0.key) \($0.value.inline)" }
                    let which =
                        found.count == 1
                        ? "in the cell \(parts.joined(separator: ", "))"
                        : "in \(found.count) of \(total) cells, such as \(parts.joined(separator: ", "))"
                    problem.note = [problem.note, which].compactMap { $0 }.joined(separator: "; ")
                }
                return problem
            }
    }
}
