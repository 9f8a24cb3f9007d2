public import LatheComponents

/// The tokenizers of this plugin.
public enum TokenizerComponents {
    /// For the registry.
    public static let all: [any Component.Type] = [
        ByteTokenizer.self, CharacterTokenizer.self, WordTokenizer.self, BytePairTokenizer.self,
        GPT2Tokenizer.self,
    ]
}
