import LatheComponents
import LatheDataSources
import Testing

@Suite struct UniformTests {
    @Test(arguments: [2, 65, 50_257])
    func everySymbolComesOnceAndThenByChance(symbols: Int) throws {
        var config = UniformSource.Config()
        config.symbols = symbols
        config.characters = 200_000
        let source = UniformSource(config)
        func text() throws -> String {
            var reader = try source.gather(SourceContext(folder: "/nowhere")).reader(), text = ""
            try reader.forEach { text += $0.text }
            return text
        }
        let first = try text(), scalars = Array(first.unicodeScalars)
        #expect(first == (try text()))
        #expect(scalars.count == 200_000)
        #expect(Set(scalars.prefix(symbols)).count == symbols && Set(scalars).count == symbols)
        // All are equally likely: Pearson's χ² is within six of its standard deviations.
        var counts: [Unicode.Scalar: Int] = [:]
        for scalar in scalars.dropFirst(symbols) { counts[scalar, default: 0] += 1 }
        let expected = Double(200_000 - symbols) / Double(symbols)
        let statistic = scalars.prefix(symbols).reduce(0.0) {
            $0 + (Double(counts[$1] ?? 0) - expected) * (Double(counts[$1] ?? 0) - expected) / expected
        }
        let freedom = Double(symbols - 1)
        #expect(abs(statistic - freedom) < 6 * (2 * freedom).squareRoot() + 10)
    }
}
