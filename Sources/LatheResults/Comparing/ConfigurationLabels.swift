/// Finds few words that tell configurations apart.
enum ConfigurationLabels {
    /// A label for each: the experiment's name where every one has its own, else the fewest of the differing keys that serve, such as
    /// `model.type lstm, optimizer.learning_rate 0.002`; where keys do not, with the beginning of the run's identity behind.
    static func labels(_ configurations: [ComparedConfiguration], differingKeys: [String]) -> [String] {
        let names = configurations.map { $0.names.joined(separator: " + ") }
        if Set(names).count == names.count { return names }
        // A component's type says more than its knobs do.
        let keys = differingKeys.filter { $0.hasSuffix(".type") } + differingKeys.filter { !$0.hasSuffix(".type") }
        var chosen: [String] = []
        var parts = 1
        for key in keys where parts < configurations.count {
            let distinct = Set(configurations.map { values($0, chosen + [key]) }).count
            if distinct > parts {
                chosen.append(key)
                parts = distinct
            }
        }
        var labels = configurations.map { configuration in
            chosen.compactMap { key in configuration.configuration[key].map { "\(key) \($0)" } }
                .joined(separator: ", ")
        }
        var count: [String: Int] = [:]
        for label in labels { count[label, default: 0] += 1 }
        for index in labels.indices where labels[index].isEmpty || count[labels[index], default: 0] > 1 {
            let identity = configurations[index].allRuns[0].identity.prefix(8)
            labels[index] += (labels[index].isEmpty ? names[index] + " " : " ") + "(\(identity))"
        }
        return labels
    }

    private static func values(_ configuration: ComparedConfiguration, _ keys: [String]) -> [String?] {
        keys.map { configuration.configuration[$0] }
    }
}
