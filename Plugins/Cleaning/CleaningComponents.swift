public import LatheComponents

public enum CleaningComponents {
    public static let all: [any Component.Type] = [
        StripSpecial.self, Lowercase.self, Whitespace.self, UnicodeForm.self, Deduplicate.self, LengthFilter.self,
        Replace.self,
    ]
}
