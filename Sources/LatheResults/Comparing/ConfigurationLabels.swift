/// Finds few words that tell configurations apart.
enum ConfigurationLabels {
    /// A label for each: the experiment's name where every one has its own, else the values of the fewest differing keys that serve, such
    /// as `lstm, learning_rate 0.002`; where keys do not, with the beginning of the run's identity behind.
    static func labels(_ configurations: [ComparedConfiguration], differingKeys: [String]) -> [String] {
        let names = configurations.map { $0.names.joined(separator: " + ") }
        if Set(names).count == names.count { return names }
        // The model says more than another component, and a component more than its knobs.
        let keys =
            differingKeys.filter { $0 == "model.type" }
            + differingKeys.filter { isType($0) && $0 != "model.type" } + differingKeys.filter { !isType($0) }
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
            chosen.compactMap { key in
                configuration.configuration[key].map { isType(key) ? $0 : "\(shortened(key, among: chosen)) \($0)" }
            }.joined(separator: ", ")
        }
        var count: [String: Int] = [:]
        for label in labels { count[label, default: 0] += 1 }
        for index in labels.indices where labels[index].isEmpty || count[labels[index], default: 0] > 1 {
            let identity = configurations[index].allRuns[0].identity.prefix(8)
            labels[index] += (labels[index].isEmpty ? names[index] + " " : " ") + "(\(identity))"
        }
        return labels
    }

    private static func isType(_ key: String) -> Bool { key.hasSuffix(".type") }

    /// The last part of a dotted key, where no other key ends in the same.
    private static func shortened(_ key: String, among keys: [String]) -> String {
        func last(_ key: String) -> Substring { key.split(separator: ".").last ?? key[...] }
        return keys.contains { $0 != key && last($0) == last(key) } ? key : String(last(key))
    }

    private static func values(_ configuration: ComparedConfiguration, _ keys: [String]) -> [String?] {
        keys.map { configuration.configuration[$0] }
    }
}
