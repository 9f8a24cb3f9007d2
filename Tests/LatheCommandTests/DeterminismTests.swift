import LatheResults
import Testing

@Suite struct DeterminismTests {
    @Test func commandIsThere() throws {
        let sandbox = try Sandbox()
        #expect(try sandbox.lathe("--help").code == 0)
    }
}
