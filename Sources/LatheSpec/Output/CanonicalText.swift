extension FieldGroup {
    /// What determines a run's results, as compact JSON with sorted keys: every chosen component with its kind and
    /// revision, and the values that differ from their defaults. Fields marked `identity: false` are left out. Two
    /// specs with the same canonical text describe the same run, and adding a knob with a default does not change any
    /// text.
    ///
    /// - Parameter path: how a path is written, for example as a hash of its contents.
    public func canonicalText(path: @escaping @Sendable (SpecPath) -> String = { $0.resolved }) -> String {
        shown(Rendition(isCanonical: true, path: path)).json(indented: false)
    }
}
