#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads a file and those that it extends, and merges them.
struct SpecFiles {
    let lookup: any ComponentLookup
    let limits: YAMLLimits
    let schema: Schema
    /// The files read so far.
    private(set) var sources: [SourceText] = []
    private(set) var problems: [Diagnostic] = []

    /// The most files that one spec may come from. Bounds the time that files which extend one another twice can take.
    private let fileLimit = 64

    /// The place of the first file's problems among those of other files.
    private let firstOrder: Int

    init(lookup: any ComponentLookup, limits: YAMLLimits, schema: Schema, firstOrder: Int = 0) {
        self.firstOrder = firstOrder
        self.lookup = lookup
        self.limits = limits
        self.schema = schema
    }

    /// The file at `path` on top of what it extends; nil when it cannot be read.
    ///
    /// - Parameters:
    ///   - referrer: where `extends` names the file.
    ///   - active: the real paths of the files that are being read, outermost first.
    mutating func read(_ path: String, referrer: Mark?, active: [String] = []) -> Node? {
        guard sources.count < fileLimit else {
            problems.append(Diagnostic("a spec can come from at most \(fileLimit) files", at: referrer))
            return nil
        }
        let real = realPath(path)
        if active.contains(real) {
            let message = active.last == real ? "a file cannot extend itself" : "these files extend one another"
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

    /// A text on top of what it extends.
    mutating func read(_ source: SourceText, active: [String]) -> Node? {
        sources.append(source)
        let document = YAMLDocument(source.text, in: source, limits: limits)
        problems += document.problems
        guard let node = document.node else { return nil }
        guard let entries = node.entries else {
            // A spec that is no mapping is found when it is read; under another one it would vanish.
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

    private func realPath(_ path: String) -> String {
        guard let buffer = realpath(path, nil) else { return path }
        defer { free(buffer) }
        return String(cString: buffer)
    }
}
