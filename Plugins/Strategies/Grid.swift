import LatheComponents
import LatheSpec

/// Every cell of the grid; the last axis varies fastest.
struct Grid: SearchStrategy {
    struct Config: ComponentConfig {}

    static let name = "grid"
    static let summary = "Every combination of the values."

    init(_ config: Config) {}

    var cellCount: Int? { nil }

    /// A range without a count has no cells.
    func problems(in space: SearchSpace) -> [SearchProblem] {
        space.axes.indices.compactMap { index in
            guard case .range = space.axes[index].values else { return nil }
            return SearchProblem(
                axis: index,
                "'\(space.axes[index].name)' is a range without count, which strategy 'grid' cannot enumerate; "
                    + "give it a count, or use strategy 'random'")
        }
    }

    func cell(_ index: Int, in space: SearchSpace, seed: UInt64) -> [SearchChoice]? {
        GridOrder.cell(index, in: space)
    }
}

/// Numbers the cells of a space of lists; the last axis varies fastest.
enum GridOrder {
    /// 0 for a space with ranges.
    static func count(_ space: SearchSpace) -> Int {
        space.axes.reduce(1) { product, axis in
            guard case .list(let count) = axis.values else { return 0 }
            return product.multipliedReportingOverflow(by: count).partialValue
        }
    }

    static func cell(_ index: Int, in space: SearchSpace) -> [SearchChoice]? {
        var rest = index
        var cell: [SearchChoice] = []
        for axis in space.axes.reversed() {
            guard case .list(let count) = axis.values, count > 0 else { return nil }
            cell.append(.index(rest % count))
            rest /= count
        }
        return rest == 0 ? cell.reversed() : nil
    }
}
