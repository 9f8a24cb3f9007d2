public import LatheComponents

public enum CleaningPlugin: Plugin {
    public static let components: [any Component.Type] = [
        StripSpecial.self, Lowercase.self, Whitespace.self, UnicodeForm.self, Deduplicate.self, LengthFilter.self,
        Replace.self,
    ]
}
