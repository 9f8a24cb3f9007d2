public enum ExperimentSlug {
    /// Names in a results folder that are not experiments.
    static let reserved: Set<String> = ["sweeps"]

    /// Letters, digits, `.`, `_` and `-` stay, any sequence of other characters becomes one `-`; at most 100 bytes. An
    /// empty result becomes `experiment`, and a reserved name gets the prefix `experiment-`.
    ///
    /// Different names may map to the same folder; run ids stay unique in it.
    public static func slug(_ name: String) -> String {
        var slug = ""
        for character in name {
            if character.isLetter || character.isNumber || character == "." || character == "_" {
                slug.append(character)
            } else if slug.last != "-" {
                slug.append("-")
            }
        }
        while let first = slug.first, first == "-" || first == "." { slug.removeFirst() }
        while slug.utf8.count > 100 { slug.removeLast() }
        while let last = slug.last, last == "-" || last == "." { slug.removeLast() }
        if slug.isEmpty { return "experiment" }
        // On some file systems, names that differ only in case are the same.
        return reserved.contains(slug.lowercased()) ? "experiment-" + slug : slug
    }
}
