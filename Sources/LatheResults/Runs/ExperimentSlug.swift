/// The folder name of an experiment.
public enum ExperimentSlug {
    /// Names in a results folder that are not experiments.
    static let reserved: Set<String> = ["sweeps"]

    /// A name for a folder: letters, digits, `.`, `_` and `-` stay, any run of other characters becomes one `-`; at most 100 bytes. Names that
    /// are empty, hidden or reserved become `experiment` with the rest behind it.
    ///
    /// Different names may give the same folder; run ids stay unique in it.
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
        // Folder names that differ in case only are one folder on some file systems.
        return reserved.contains(slug.lowercased()) ? "experiment-" + slug : slug
    }
}
