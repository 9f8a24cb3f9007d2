import LatheComponents
import LatheSpec

/// One combination of variant and parameter values, before seeds.
struct Cell {
    var variant: SweepDefinition.Variant?
    var settings: [Trial.Setting]

    /// Changes to the base, layer by layer.
    func layers(_ set: [Override]) throws(Diagnostics) -> [[Override]] {
        var own: [Override] = []
        for setting in settings {
            own.append(try Override(setting.key, to: setting.value, mark: setting.value.mark))
        }
        return [set, variant?.changes ?? [], own]
    }

    func isExcluded(by exclusion: SweepDefinition.Exclusion) -> Bool {
        exclusion.values.allSatisfy { value in
            let own =
                value.axis == "variant"
                ? variant.map { Node.string($0.name) } : settings.first { $0.key == value.axis }?.value
            return own.map { own in value.anyOf.contains { own.matches($0) } } ?? false
        }
    }
}

struct CellSpace {
    let definition: SweepDefinition
    let space: SearchSpace
    /// The values of each parameter's list; empty for sampled ranges. Variants are not included.
    private let lists: [[Node]]
    private let whole: [Bool]

    /// - Parameter isWhole: whether a dotted key takes whole numbers.
    init(_ definition: SweepDefinition, isWhole: (String) -> Bool) {
        self.definition = definition
        var axes: [SearchAxis] = []
        var lists: [[Node]] = []
        if !definition.variants.isEmpty {
            axes.append(SearchAxis("variant", .list(count: definition.variants.count)))
        }
        whole = definition.parameters.map { isWhole($0.key) }
        for (parameter, isWhole) in zip(definition.parameters, whole) {
            switch parameter.values {
            case .list(let values):
                lists.append(values)
                axes.append(SearchAxis(parameter.key, .list(count: values.count)))
            case .range(let range):
                if let count = range.count {
                    lists.append(range.values(count: count, isWhole: isWhole))
                    axes.append(SearchAxis(parameter.key, .list(count: lists.last?.count ?? 0)))
                } else {
                    lists.append([])
                    axes.append(
                        SearchAxis(
                            parameter.key,
                            .range(
                                SearchRange(
                                    range.from, range.to, isLogarithmic: range.scale == .log, isWhole: isWhole))))
                }
            }
        }
        self.lists = lists
        space = SearchSpace(axes: axes, repeats: definition.repeats)
    }

    func mark(ofAxis axis: Int) -> Mark? {
        let offset = definition.variants.isEmpty ? 0 : 1
        return axis < offset ? definition.variants.first?.mark : definition.parameters[axis - offset].mark
    }

    private func cell(_ choices: [SearchChoice]) -> Cell {
        var choices = choices[...]
        var variant: SweepDefinition.Variant?
        if !definition.variants.isEmpty, case .index(let index)? = choices.popFirst() {
            variant = definition.variants[index]
        }
        var settings: [Trial.Setting] = []
        for (index, choice) in choices.enumerated() {
            let parameter = definition.parameters[index]
            switch (choice, parameter.values) {
            case (.index(let place), _): settings.append(.init(key: parameter.key, value: lists[index][place]))
            case (.fraction(let fraction), .range(let range)):
                let value = range.value(at: fraction, isWhole: whole[index], digits: 6)
                settings.append(.init(key: parameter.key, value: value))
            case (.fraction, .list): preconditionFailure("a strategy gave a fraction of a list")
            }
        }
        return Cell(variant: variant, settings: settings)
    }

    /// The distinct cells that a strategy picks, without those in `exclude`.
    ///
    /// - Parameter limit: the maximum number of cells, for strategies without a count of their own.
    func cells(_ strategy: any SearchStrategy, seed: UInt64, limit: Int) throws(TooFewCells) -> [Cell] {
        var cells: [Cell] = []
        var seen: Set<[String]> = []
        var fruitless = 0
        for index in 0... {
            if cells.count >= strategy.cellCount ?? limit { break }
            guard let choices = strategy.cell(index, in: space, seed: seed) else { break }
            let cell = cell(choices)
            // Two points in a range of whole numbers can round to the same value.
            let key = [cell.variant?.name ?? ""] + cell.settings.map(\.value.inline)
            let isNew = strategy.cellCount == nil || seen.insert(key).inserted
            if isNew, !definition.exclusions.contains(where: { cell.isExcluded(by: $0) }) {
                cells.append(cell)
                fruitless = 0
            } else {
                fruitless += 1
                if fruitless > 10_000 + 100 * cells.count, let wanted = strategy.cellCount {
                    throw TooFewCells(found: cells.count, wanted: wanted)
                }
            }
        }
        return cells
    }
}

/// The space has fewer distinct cells than requested.
struct TooFewCells: Error {
    var found: Int
    var wanted: Int
}
