public import LatheComponents
import LatheSpec

public enum StoppingPlugin: Plugin {
    public static let components: [any Component.Type] = [Never.self, Patience.self]
}

struct Never: StoppingPolicy {
    struct Config: ComponentConfig {}

    static let name = "never"
    static let summary = "Never stops early."

    init(_ config: Config) {}

    func reasonToStop(after history: [ValidationPoint]) -> String? { nil }
}

/// Stops when the validation loss has not improved for a number of validations (Prechelt, 1998).
struct Patience: StoppingPolicy {
    struct Config: ComponentConfig {
        @Field("Consecutive validations without improvement before the run stops.", in: 1...)
        var validations = 3
        @Field("Smallest decrease in nats per token that counts as an improvement.", in: 0...)
        var minimumImprovement = 0.0
    }

    static let name = "patience"
    static let summary = "Stops when the validation loss has not improved for a number of validations."
    private let config: Config

    init(_ config: Config) { self.config = config }

    /// Stops if none of the last `validations` points beat the best earlier loss by more than `minimum_improvement`.
    func reasonToStop(after history: [ValidationPoint]) -> String? {
        guard var best = history.first else { return nil }
        var waited = 0
        for point in history.dropFirst() {
            if point.loss < best.loss - config.minimumImprovement {
                best = point
                waited = 0
            } else {
                waited += 1
            }
        }
        guard waited >= config.validations else { return nil }
        let count = "\(waited) validation\(waited == 1 ? "" : "s")"
        return "validation loss has not improved since step \(best.step) (\(count))"
    }
}
