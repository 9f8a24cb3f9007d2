/// What keeps figures of different configurations from being compared.
struct Comparability {
    let configurations: [ComparedConfiguration]
    let differingKeys: [String]
    let metric: ComparisonMetric

    /// Why two configurations cannot be ranked at all: other validation text, or a figure by the token of other tokens.
    func obstacle(_ first: Int, _ second: Int) -> String? {
        if configurations[first].count == 0 || configurations[second].count == 0 { return "no completed run" }
        if metric.isMeasuredOnText, differs(\.validation, ["data", "validation.scope"], [first, second]) {
            return "other validation text"
        }
        if metric.isPerToken, differs(\.tokenizer, ["tokenizer"], [first, second]) { return "other tokens" }
        return nil
    }

    /// Whether a hash differs between configurations; where one did not record it, whether one of the keys does.
    private func differs(_ hash: KeyPath<HashesRecord, String?>, _ keys: [String], _ members: [Int]) -> Bool {
        let runs = members.map { configurations[$0].allRuns[0] }
        let hashes = Set(runs.map { $0.hashes[keyPath: hash] })
        if !hashes.contains(nil) { return hashes.count > 1 }
        return differingKeys.contains { key in
            keys.contains { key == $0 || key.hasPrefix($0 + ".") }
                && Set(runs.map { $0.configuration[key] }).count > 1
        }
    }

    /// What a reader has to know before looking at the ranking, a sentence each.
    var warnings: [String] {
        let all = Array(configurations.indices)
        var warnings = metric.isMeasuredOnText ? textWarnings : []
        if metric.isPerToken, differs(\.tokenizer, ["tokenizer"], all) {
            warnings.append(
                "\(metric.name) is counted by the token, and the runs' tokens differ\(detail(["tokenizer"])): "
                    + "\(MetricName.validationBitsPerByte) compares across tokenizers")
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

    /// What makes figures mean something else: another text, more of it before each token.
    private var textWarnings: [String] {
        let all = Array(configurations.indices)
        var warnings: [String] = []
        let textDiffers = differs(\.validation, ["data", "validation.scope"], all)
        if textDiffers {
            warnings.append(
                "the runs were not validated on the same text\(detail(["data", "validation.scope"])): "
                    + "their figures do not rank them")
        } else if differs(\.data, ["data"], all) {
            warnings.append(
                "the runs were not trained on the same text\(detail(["data"])): a difference may come from that")
        }
        let context = "training.context"
        let contexts = distinct(configurations.map { $0.configuration[context] ?? "none" })
        if contexts.count > 1 {
            warnings.append(
                "the runs differ in context (\(contexts.joined(separator: ", ")) tokens): "
                    + "a longer one sees more text before each token")
        }
        return warnings
    }

    private func detail(_ prefixes: [String]) -> String {
        let keys = differingKeys.filter { key in prefixes.contains { key == $0 || key.hasPrefix($0 + ".") } }
        return keys.isEmpty ? "" : " (they differ in \(keys.joined(separator: ", ")))"
    }

    private func distinct(_ values: [String]) -> [String] {
        values.enumerated().filter { values.firstIndex(of: $0.element) == $0.offset }.map(\.element)
    }
}
