/// Short labels that tell configurations apart.
enum ConfigurationLabels {
    /// One label per configuration: the experiment's name if all names differ; otherwise the values of as few differing
    /// keys as possible, such as `lstm, learning_rate 0.002`. Labels that still collide get the first 8 digits of the
    /// run's identity.
    static func labels(_ configurations: [ComparedConfiguration], differingKeys: [String]) -> [String] {
        let names = configurations.map { $0.names.joined(separator: " + ") }
        if Set(names).count == names.count { return names }
        // The model is more telling than other components, and a component more than its options.
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

    /// The last part of a dotted key, or the whole key if another one ends the same.
    private static func shortened(_ key: String, among keys: [String]) -> String {
        func last(_ key: String) -> Substring { key.split(separator: ".").last ?? key[...] }
        return keys.contains { $0 != key && last($0) == last(key) } ? key : String(last(key))
    }

    private static func values(_ configuration: ComparedConfiguration, _ keys: [String]) -> [String?] {
        keys.map { configuration.configuration[$0] }
    }
}
