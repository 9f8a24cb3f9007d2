/// Reads specs of type `Spec`: a file, what it extends, and changes on top.
public struct SpecLoader<Spec: FieldGroup>: Sendable {
    /// The components to choose from.
    public let lookup: any ComponentLookup
    /// What messages call the spec as a whole.
    public let title: String
    /// The most that one file may hold.
    public var limits = YAMLLimits()

    /// A loader of specs of this type.
    public init(_: Spec.Type, lookup: any ComponentLookup, title: String = "the spec") {
        self.lookup = lookup
        self.title = title
    }

    /// Reads the spec at `path` with the overrides of a command line. All problems are in the result.
    public func load(_ path: String, overrides: [String] = []) -> LoadedSpec<Spec> {
        load(overrides) { $0.read(path, referrer: nil) }
    }

    /// Reads a spec that is in memory already.
    public func load(_ source: SourceText, overrides: [String] = []) -> LoadedSpec<Spec> {
        load(overrides) { $0.read(source, active: []) }
    }

    /// Reads the spec at `path` with layers of changes, each on top of the one before: a sweep's.
    public func load(_ path: String, layers: [[Override]]) -> LoadedSpec<Spec> {
        var files = SpecFiles(lookup: lookup, limits: limits, schema: schema)
        let node = files.read(path, referrer: nil)
        return finish(node, files, layers, [])
    }

    private var schema: Schema { .group(fields(of: Spec.self)) }

    private func load(_ overrides: [String], _ read: (inout SpecFiles) -> Node?) -> LoadedSpec<Spec> {
        var files = SpecFiles(lookup: lookup, limits: limits, schema: schema)
        let node = read(&files)
        var problems: [Diagnostic] = []
        var layer: [Override] = []
        for (order, text) in overrides.enumerated() {
            do throws(Diagnostics) {
                layer.append(try Override(parsing: text, order: order))
            } catch {
                problems += error.list
            }
        }
        return finish(node, files, [layer], problems)
    }

    private func finish(
        _ node: Node?, _ files: SpecFiles, _ layers: [[Override]], _ problems: [Diagnostic]
    ) -> LoadedSpec<Spec> {
        var node = node
        var problems = files.problems + problems
        var spec: Spec?
        if var merged = node {
            for overrides in layers {
                var layer = OverrideLayer(lookup: lookup)
                merged = layer.apply(overrides, to: merged, schema: files.schema)
                problems += layer.problems
            }
            let isPartial = problems.contains { $0.severity == .error }
            let read = Spec.read(merged, lookup: lookup, title: title, isPartial: isPartial)
            problems += read.problems
            spec = read.value
            node = merged
        }
        let hasErrors = problems.contains { $0.severity == .error }
        return LoadedSpec(
            spec: hasErrors ? nil : spec, node: node, files: files.sources, overrides: layers.flatMap { $0 },
            problems: Diagnostics(problems))
    }
}

/// What the reading of a spec gave: the spec unless there are errors, what it was read from, and all problems.
public struct LoadedSpec<Spec: FieldGroup>: Sendable {
    /// The spec; nil when there are errors.
    public let spec: Spec?
    /// The merged YAML, without defaults; nil when the file could not be read.
    public let node: Node?
    /// Every file that the spec came from, the one that was asked for in front.
    public let files: [SourceText]
    /// The changes that were applied.
    public let overrides: [Override]
    /// Errors and warnings, in source order.
    public let problems: Diagnostics

    /// The spec.
    ///
    /// - Throws: `Diagnostics` with all problems when there are errors.
    public func get() throws(Diagnostics) -> Spec {
        guard let spec else { throw problems }
        return spec
    }
}
