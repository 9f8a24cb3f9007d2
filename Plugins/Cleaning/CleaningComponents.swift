public import LatheComponents

/// The cleaning steps of this plugin.
public enum CleaningComponents {
    /// For the registry.
    public static let all: [any Component.Type] = [
        StripSpecial.self, Lowercase.self, Whitespace.self, UnicodeForm.self, Deduplicate.self, LengthFilter.self,
        Replace.self,
    ]
}
