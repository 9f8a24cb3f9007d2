import LatheSystem
import Testing

@Suite struct TerminalTests {
    @Test func dumbTerminalsAreNotRedrawn() {
        #expect(Terminal.redraws(isTerminal: true, term: "xterm-256color"))
        #expect(Terminal.redraws(isTerminal: true, term: nil))
        #expect(!Terminal.redraws(isTerminal: true, term: "dumb"))
        #expect(!Terminal.redraws(isTerminal: false, term: "xterm"))
    }

    /// As no-color.org says: any value but the empty one.
    @Test func colourIsAChoice() {
        #expect(Terminal.showsColours(isTerminal: true, term: "xterm", noColour: nil))
        #expect(Terminal.showsColours(isTerminal: true, term: "xterm", noColour: ""))
        #expect(!Terminal.showsColours(isTerminal: true, term: "xterm", noColour: "0"))
        #expect(!Terminal.showsColours(isTerminal: true, term: "dumb", noColour: nil))
        #expect(!Terminal.showsColours(isTerminal: false, term: "xterm", noColour: nil))
    }
}
