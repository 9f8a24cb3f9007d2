/// Loads specs of type `Spec`: a file, the files that it extends, and overrides.
public struct SpecLoader<Spec: FieldGroup>: Sendable {
    public let lookup: any ComponentLookup
    /// How messages name the spec as a whole.
    public let title: String
    /// Limits for each file.
    public var limits = YAMLLimits()

    public init(_: Spec.Type, lookup: any ComponentLookup, title: String = "the spec") {
        self.lookup = lookup
        self.title = title
    }

    /// Reads the spec at `path` and applies command-line overrides. Every problem is in the result.
    public func load(_ path: String, overrides: [String] = []) -> LoadedSpec<Spec> {
        load(overrides) { $0.read(path, referrer: nil) }
    }

    public func load(_ source: SourceText, overrides: [String] = []) -> LoadedSpec<Spec> {
        load(overrides) { $0.read(source, active: []) }
    }

    /// Reads the spec at `path` and applies layers of changes in order, as for a sweep.
    public func load(_ path: String, layers: [[Override]]) -> LoadedSpec<Spec> {
        var files = SpecFiles(lookup: lookup, limits: limits, schema: schema)
        let node = files.read(path, referrer: nil)
        return finish(node, files, layers, [])
    }

    /// Reads the file at `path` and the files that it extends once, to be shared by many specs, such as a sweep's
    /// trials. They share its marks, so a problem common to all of them is reported once.
    ///
    /// - Parameter order: where its problems sort among those of other files.
    public func base(_ path: String, order: Int = 0) -> SpecBase {
        var files = SpecFiles(lookup: lookup, limits: limits, schema: schema, firstOrder: order)
        let node = files.read(path, referrer: nil)
        return SpecBase(files: files, node: node)
    }

    public func load(_ base: SpecBase, layers: [[Override]]) -> LoadedSpec<Spec> {
        finish(base.node, base.files, layers, [])
    }

    /// The schema of a dotted key, given the components in `node`; nil if there is no such key.
    public func valueSchema(of key: String, in node: Node?) -> Schema? {
        let merging = LayerMerge(lookup: lookup)
        var schema: Schema? = schema
        var node = node
        for part in key.split(separator: ".", omittingEmptySubsequences: false) {
            if let value = node, schema?.slot != nil { node = LayerMerge.component(value) }
            if let index = Int(part), let element = schema?.element {
                schema = element
                node = node?.items.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            } else {
                schema = merging.childSchemas(schema, type: node?["type"]?.text)(String(part))
                node = node?[String(part)]
            }
        }
        return schema?.mapping
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
        var dropped: [DroppedKey: Mark] = [:]
        if var merged = node {
            for overrides in layers {
                var layer = OverrideLayer(lookup: lookup)
                merged = layer.apply(overrides, to: merged, schema: files.schema)
                problems += layer.problems
                dropped.merge(layer.dropped) { _, last in last }
            }
            let isPartial = problems.contains { $0.severity == .error }
            let read = Spec.read(merged, lookup: lookup, title: title, isPartial: isPartial, dropped: dropped)
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

/// A spec's files, merged but not yet decoded.
public struct SpecBase: Sendable {
    /// Whether the file could not be read.
    public var isUnreadable: Bool { node == nil }
    let files: SpecFiles
    let node: Node?
}

/// The result of loading: the spec if there are no errors, its sources, and every problem.
public struct LoadedSpec<Spec: FieldGroup>: Sendable {
    public let spec: Spec?
    /// The merged YAML, without defaults; nil when the file could not be read.
    public let node: Node?
    /// Every file that the spec came from, the requested one first.
    public let files: [SourceText]
    public let overrides: [Override]
    /// Errors and warnings, in source order.
    public let problems: Diagnostics

    /// - Throws: `Diagnostics` with every problem if there are errors.
    public func get() throws(Diagnostics) -> Spec {
        guard let spec else { throw problems }
        return spec
    }
}
