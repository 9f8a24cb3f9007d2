extension FieldGroup {
    /// What decides a run's results, as compact JSON with sorted keys: every chosen component with its kind and revision,
    /// and the values that are not defaults. Fields marked `identity: false` are left out. Two specs that have the same
    /// canonical text describe the same run, and a new knob with a default changes no text.
    ///
    /// - Parameter path: what stands for a path, such as the hash of what is there.
    public func canonicalText(path: @escaping @Sendable (SpecPath) -> String = { $0.resolved }) -> String {
        shown(Rendition(isCanonical: true, path: path)).json(indented: false)
    }
}
