import LatheComponents
import LatheGraph
import LatheKernels
import LatheTestSupport
import MyPlugin
import Testing

@Test func componentsConform() throws {
    let failures = Conformance(try Registry([MyPlugin.self])).failures()
    #expect(failures.isEmpty, "\(failures.map(\.description).joined(separator: "\n"))")
}

@Test(arguments: [[1, 1, 1], [2, 3, 5], [3, 7, 33]], [false, true])
func gradientsAgreeWithFiniteDifferences(_ sizes: [Int], startsFromState: Bool) throws {
    let batch = Axis("batch", sizes[0]), width = Axis("width", sizes[2])
    let failures = try GradientCheck(
        MovingAverageOp(startsFromState: startsFromState),
        [.values(Shape(batch, Axis("time", sizes[1]), width)), .values(Shape(width)), .state(Shape(batch, width))]
    ).failures(pool: ThreadPool(threadCount: 2))
    #expect(failures.isEmpty, "\(failures)")
}
