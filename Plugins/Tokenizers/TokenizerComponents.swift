public import LatheComponents

public enum TokenizerComponents {
    public static let all: [any Component.Type] = [
        ByteTokenizer.self, CharacterTokenizer.self, WordTokenizer.self, BytePairTokenizer.self,
        GPT2Tokenizer.self,
    ]
}
