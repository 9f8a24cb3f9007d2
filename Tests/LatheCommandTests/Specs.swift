/// Experiments that train in a moment.
enum Specs {
    static let transformer = """
        name: gpt
        seed: 7
        data:
          source: {type: text, path: a.txt}
        model: {type: transformer, layers: 2, heads: 2, width: 16, dropout: 0.1}
        training: {steps: 60, context: 16, batch_size: 12}
        validation: {every: 10}
        checkpoints: {every: 15}
        samples: {every: 20, tokens: 20}

        """

    static let lstm = """
        name: lstm
        seed: 7
        data:
          source: {type: text, path: a.txt}
        tokenizer: char
        loader: contiguous_streams
        model: {type: lstm, embedding_size: 16, hidden_size: 24, layers: 2, dropout: 0.1, state: carry}
        training: {steps: 60, context: 8, batch_size: 12, micro_batch_size: 4}
        validation: {every: 10}
        checkpoints: {every: 15}
        samples: {every: 20, tokens: 20}

        """
}

enum Texts {
    /// About `count` bytes of sentences from a few words.
    static func sentences(_ count: Int, seed: UInt64) -> String {
        let words = "the of cat dog sat on mat a big red house ran to from with under tree sun moon".split(
            separator: " ")
        var random = SeededGenerator(seed: seed)
        var text = ""
        while text.utf8.count < count {
            let sentence = (0..<Int.random(in: 4...9, using: &random)).map { _ in
                String(words[Int.random(in: 0..<words.count, using: &random)])
            }
            text += sentence.joined(separator: " ") + ".\n"
        }
        return text
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
