public import LatheComponents

public enum TokenizersPlugin: Plugin {
    public static let components: [any Component.Type] = [
        ByteTokenizer.self, CharacterTokenizer.self, WordTokenizer.self, BytePairTokenizer.self,
        GPT2Tokenizer.self,
    ]
}
