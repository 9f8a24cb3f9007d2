import LatheComponents
import LatheSpec

/// A kind of component as a type, for a spec with a single slot.
protocol ComponentSlot {
    associatedtype Product
    static var kind: Kind<Product> { get }
}

enum SourceSlot: ComponentSlot { static var kind: Kind<any DataSource> { .dataSource } }
enum CleaningSlot: ComponentSlot { static var kind: Kind<any CleaningStep> { .cleaning } }
enum TokenizerSlot: ComponentSlot { static var kind: Kind<any Tokenizer> { .tokenizer } }
enum LoaderSlot: ComponentSlot { static var kind: Kind<any Loader> { .loader } }
enum ArchitectureSlot: ComponentSlot { static var kind: Kind<any Architecture> { .architecture } }
enum OptimizerSlot: ComponentSlot { static var kind: Kind<any Optimizer> { .optimizer } }
enum ScheduleSlot: ComponentSlot { static var kind: Kind<any Schedule> { .schedule } }
enum ClippingSlot: ComponentSlot { static var kind: Kind<any ClippingPolicy> { .clipping } }
enum StoppingSlot: ComponentSlot { static var kind: Kind<any StoppingPolicy> { .stopping } }
enum SinkSlot: ComponentSlot { static var kind: Kind<any MetricSink> { .sink } }

/// A spec that consists of one component.
struct OneComponent<Slot: ComponentSlot>: ComponentConfig {
    @Field("The component.", Slot.kind) var component: Chosen<Slot.Product>
}

extension Conformance {
    /// Loads a component with these knobs (YAML in braces) through a spec.
    func loadComponent<Slot: ComponentSlot>(
        _ slot: Slot.Type, name: String, knobs: String
    ) -> LoadedSpec<OneComponent<Slot>> {
        let inner = knobs.dropFirst().dropLast().trimmingSpaces
        return load(slot, "component: {type: \(name)\(inner.isEmpty ? "" : ", " + inner)}\n")
    }

    func load<Slot: ComponentSlot>(_ slot: Slot.Type, _ text: String) -> LoadedSpec<OneComponent<Slot>> {
        SpecLoader(OneComponent<Slot>.self, lookup: registry, title: "the conformance suite")
            .load(SourceText(text, name: "conformance.yaml"))
    }

    /// Knobs to try a component with: the defaults, and each knob once away from its default.
    func variations(of entry: ComponentEntry) -> [String] {
        if let given = knobs["\(entry.kind)/\(entry.name)"] { return given }
        guard !entry.hasRequiredKnobs else { return [] }
        return ["{}"] + entry.fields.flatMap { field in others(field).map { "{\(field.key): \($0)}" } }
    }

    /// Values of a knob other than its default that are cheap to try.
    private func others(_ field: FieldDescription) -> [String] {
        let standard = field.standard?.text
        switch field.schema {
        case .boolean: return [standard == "true" ? "false" : "true"]
        case .choice(let words): return words.filter { $0 != standard }
        // What is off by default is also tried on: dropout, momentum, decay, warm-up.
        case .number(let limits) where standard.flatMap(Double.init) == 0:
            return limits.lower.flatMap(Double.init) == 0 ? ["0.25"] : []
        case .integer(let limits) where standard == "0":
            return limits.upper.flatMap(Int.init).map { $0 >= 2 } ?? true ? ["2"] : []
        default: return []
        }
    }
}

extension ComponentEntry {
    var hasRequiredKnobs: Bool { fields.contains(where: \.isRequired) }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(String(drop { $0 == " " }).reversed().drop { $0 == " " }.reversed())
    }
}
