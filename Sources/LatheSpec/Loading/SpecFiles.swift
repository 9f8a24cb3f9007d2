import LatheSystem

/// Reads a file and the files that it extends, and merges them.
struct SpecFiles {
    let lookup: any ComponentLookup
    let limits: YAMLLimits
    let schema: Schema
    private(set) var sources: [SourceText] = []
    private(set) var problems: [Diagnostic] = []

    /// Maximum files per spec. Bounds the work when files extend the same file repeatedly.
    private let fileLimit = 64

    /// Where the first file's problems sort among those of other files.
    private let firstOrder: Int

    init(lookup: any ComponentLookup, limits: YAMLLimits, schema: Schema, firstOrder: Int = 0) {
        self.firstOrder = firstOrder
        self.lookup = lookup
        self.limits = limits
        self.schema = schema
    }

    /// Merges the file at `path` over the files that it extends; nil if it cannot be read.
    ///
    /// - Parameters:
    ///   - referrer: where `extends` names the file.
    ///   - active: real paths of the files being read, outermost first.
    mutating func read(_ path: String, referrer: Mark?, active: [String] = []) -> Node? {
        guard sources.count < fileLimit else {
            problems.append(Diagnostic("a spec can consist of at most \(fileLimit) files", at: referrer))
            return nil
        }
        let real = Path.real(path)
        if active.contains(real) {
            let message = active.last == real ? "a file cannot extend itself" : "these files extend each other"
            problems.append(Diagnostic("\(message): \(path)", at: referrer))
            return nil
        }
        do throws(UnreadableFile) {
            let source = SourceText(
                try readText(path, limit: limits.bytes), name: path, order: firstOrder + sources.count)
            return read(source, active: active + [real])
        } catch {
            problems.append(
                SourceText.problem(error, path: path, order: firstOrder + sources.count, referrer: referrer))
            return nil
        }
    }

    /// Merges a text over the files that it extends.
    mutating func read(_ source: SourceText, active: [String]) -> Node? {
        sources.append(source)
        let document = YAMLDocument(source.text, in: source, limits: limits)
        problems += document.problems
        guard let node = document.node else { return nil }
        guard let entries = node.entries else {
            // Decoding reports a root that is not a mapping; merged under another file, it would be lost.
            guard active.count > 1 else { return node }
            problems.append(Diagnostic("found \(node.found), expected a mapping", at: node.mark))
            return nil
        }
        guard let extends = entries.first(where: { $0.key == "extends" }) else { return node }
        let own = Node(.mapping(entries.filter { $0.key != "extends" }), mark: node.mark)
        let merging = LayerMerge(lookup: lookup)
        var merged: Node?
        for named in extends.value.items ?? [extends.value] {
            guard let path = named.text, !path.isEmpty, !named.isNull else {
                problems.append(
                    Diagnostic("'extends': found \(named.found), expected the path of a spec", at: named.mark))
                continue
            }
            let folder = source.directory
            let joined = path.hasPrefix("/") || folder.isEmpty ? path : (folder == "/" ? "" : folder) + "/" + path
            guard let base = read(joined, referrer: named.mark, active: active) else { continue }
            merged = merged.map { merging.merge($0, base, schema) } ?? base
        }
        return merged.map { merging.merge($0, own, schema) } ?? own
    }
}
