package import Testing

/// On failure, shows the first line that differs.
package func expectText(_ actual: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
    guard actual != expected else { return }
    let got = actual.split(separator: "\n", omittingEmptySubsequences: false)
    let want = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(got, want).prefix { $0 == $1 }.count
    Issue.record(
        """
        the texts differ from line \(line + 1):
        expected: \(line < want.count ? String(want[line]) : "(the end)")
        found:    \(line < got.count ? String(got[line]) : "(the end)")
        the whole text found:
        \(actual)
        """, sourceLocation: sourceLocation)
}
