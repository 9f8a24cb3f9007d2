/// Finds reasons why results of different configurations cannot be compared.
struct Comparability {
    let configurations: [ComparedConfiguration]
    let differingKeys: [String]
    let metric: ComparisonMetric
    private let validation: [Origin]
    private let training: [Origin]
    private let tokens: [Origin]

    private static let validationKeys = ["data", "validation.scope"]

    init(configurations: [ComparedConfiguration], differingKeys: [String], metric: ComparisonMetric) {
        self.configurations = configurations
        self.differingKeys = differingKeys
        self.metric = metric
        func origins(_ hash: KeyPath<HashesRecord, String?>, _ prefixes: [String]) -> [Origin] {
            let keys = Self.keys(differingKeys, under: prefixes)
            return configurations.map { configuration in
                Origin(
                    hash: configuration.allRuns[0].hashes[keyPath: hash],
                    values: keys.map { configuration.configuration[$0] })
            }
        }
        validation = origins(\.validation, Self.validationKeys)
        training = origins(\.data, ["data"])
        tokens = origins(\.tokenizer, ["tokenizer"])
    }

    /// Identifies a text or a tokenizer: its hash, or the spec's values for runs that did not record one.
    private struct Origin {
        var hash: String?
        var values: [String?]

        func differs(from other: Origin) -> Bool {
            guard let hash, let otherHash = other.hash else { return values != other.values }
            return hash != otherHash
        }
    }

    /// Why two configurations cannot be ranked: different validation text, or a per-token metric with different
    /// tokenizers.
    func obstacle(_ first: Int, _ second: Int) -> String? {
        if configurations[first].count == 0 || configurations[second].count == 0 { return "no completed run" }
        if metric.isMeasuredOnText, validation[first].differs(from: validation[second]) {
            return "different validation text"
        }
        if metric.isPerToken, tokens[first].differs(from: tokens[second]) { return "different tokenizers" }
        return nil
    }

    private func differ(_ origins: [Origin]) -> Bool { origins.dropFirst().contains { $0.differs(from: origins[0]) } }

    private static func keys(_ keys: [String], under prefixes: [String]) -> [String] {
        keys.filter { key in prefixes.contains { key == $0 || key.hasPrefix($0 + ".") } }
    }

    /// Caveats to read before the ranking, one sentence each.
    var warnings: [String] {
        var warnings = metric.isMeasuredOnText ? textWarnings : []
        if metric.isPerToken, differ(tokens) {
            warnings.append(
                "\(metric.name) is measured per token, and the runs' tokenizers differ\(detail(["tokenizer"])): "
                    + "compare \(MetricName.validationBitsPerByte) instead")
        }
        for configuration in configurations {
            let unranked = configuration.uncounted.filter { $0.status == .completed }
            guard let run = unranked.first else { continue }
            let reason =
                metric.name == MetricName.validationBitsPerByte
                ? run.figures.unrankedReason.map { ": \($0)" } ?? "" : ""
            warnings.append(
                "\(run.id)\(unranked.count > 1 ? " and \(unranked.count - 1) more" : "") of '\(configuration.label)' "
                    + "\(unranked.count > 1 ? "have" : "has") no finite \(metric.name)\(reason); not ranked")
        }
        return warnings
    }

    /// Caveats about different text, or more context before each token.
    private var textWarnings: [String] {
        var warnings: [String] = []
        if differ(validation) {
            warnings.append(
                "the runs were not validated on the same text\(detail(Self.validationKeys)): "
                    + "their results cannot be ranked")
        } else if differ(training) {
            warnings.append(
                "the runs were not trained on the same text\(detail(["data"])): differences may come from the data")
        }
        let context = "training.context"
        let contexts = distinct(configurations.map { $0.configuration[context] ?? "none" })
        if contexts.count > 1 {
            warnings.append(
                "the runs differ in context length (\(contexts.joined(separator: ", ")) tokens): "
                    + "a longer context sees more text before each token")
        }
        return warnings
    }

    private func detail(_ prefixes: [String]) -> String {
        let keys = Self.keys(differingKeys, under: prefixes)
        return keys.isEmpty ? "" : " (they differ in \(keys.joined(separator: ", ")))"
    }

    private func distinct(_ values: [String]) -> [String] {
        values.enumerated().filter { values.firstIndex(of: $0.element) == $0.offset }.map(\.element)
    }
}
