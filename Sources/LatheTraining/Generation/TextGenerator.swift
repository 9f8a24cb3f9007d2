public import LatheComponents

/// Generates text: prompt to tokens, tokens to bytes, bytes to characters.
public final class TextGenerator {
    private let generator: TokenGenerator
    private let vocabulary: any Vocabulary

    public init(_ generator: TokenGenerator, vocabulary: any Vocabulary) {
        self.generator = generator
        self.vocabulary = vocabulary
    }

    func ids(of prompt: String) throws -> [Int32] { try vocabulary.ids(ofPrompt: prompt) }

    /// Continues a prompt and delivers whole characters as they are generated.
    ///
    /// - Parameter deliver: receives text; returns false to stop.
    public func stream(
        prompt: String, tokens: Int, rule: SamplingRule, seed: UInt64, deliver: (String) throws -> Bool
    ) throws {
        var pending: [UInt8] = []
        var goesOn = true
        try generator.generate(
            prompt: try ids(of: prompt), count: tokens, rule: rule, seed: seed,
            stop: vocabulary.endOfText.map { Int32($0) }
        ) { token in
            vocabulary.decode(Int(token), into: &pending)
            let whole = pending.count - incompleteTail(pending)
            if whole > 0 {
                goesOn = try deliver(String(decoding: pending.prefix(whole), as: UTF8.self))
                pending.removeFirst(whole)
            }
            return goesOn
        }
        if goesOn, !pending.isEmpty { _ = try deliver(String(decoding: pending, as: UTF8.self)) }
    }

    /// A prompt and its continuation by `tokens` tokens.
    func sample(prompt: String, tokens: Int, rule: SamplingRule, seed: UInt64) throws -> String {
        var text = prompt
        try stream(prompt: prompt, tokens: tokens, rule: rule, seed: seed) { piece in
            text += piece
            return true
        }
        return text
    }

    /// A prompt and its continuation, ending at or just after `bytes` bytes in total.
    func sample(prompt: String, bytes: Int, rule: SamplingRule, seed: UInt64) throws -> String {
        var text = prompt
        try stream(prompt: prompt, tokens: bytes, rule: rule, seed: seed) { piece in
            text += piece
            return text.utf8.count < bytes
        }
        return text
    }

    /// Number of bytes at the end that start a character still to be completed.
    private func incompleteTail(_ bytes: [UInt8]) -> Int {
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > back ? back : 0
        }
        return 0
    }
}

extension Vocabulary {
    /// The ids of a prompt. If it is empty or yields none: the id of a newline, or else the first id.
    ///
    /// - Throws: ``DataError`` for text that the tokenizer has no token for.
    public func ids(ofPrompt prompt: String) throws -> [Int32] {
        var encoded = EncodedText(keepsOrigins: false)
        var text = prompt.isEmpty ? "\n" : prompt
        do {
            try text.withUTF8 { try encode($0, into: &encoded) }
        } catch  where prompt.isEmpty || prompt == "\n" {
            // A vocabulary of words or characters may lack a newline.
            return [0]
        }
        return encoded.ids.isEmpty ? [0] : encoded.ids.map { Int32($0) }
    }
}
