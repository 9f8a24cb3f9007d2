import LatheComponents

/// The language of the synthetic corpus: the exact code length of its text, and which sentences belong to it.
package struct SyntheticLanguage: KnownLanguage {
    private let grammar: Grammar

    package init() { grammar = CovidGrammar.grammar }

    /// - Parameter notation: see ``GrammarNotation``.
    package init(notation: [String]) { grammar = GrammarNotation.grammar(notation) }

    /// The code length of each part of a corpus, in nats; see ``KnownLanguage/codeLengths(of:between:)``. Takes about
    /// 0.3 µs per byte.
    package func codeLengths(of corpus: UnsafeBufferPointer<UInt8>, between boundaries: [Int]) -> [Double]? {
        var parser = GrammarParser(grammar)
        var lengths: [Double] = []
        var position = 0
        var before = 0.0
        for (number, boundary) in boundaries.enumerated() {
            precondition(
                boundary >= position && boundary <= corpus.count, "boundary \(boundary) of \(corpus.count) bytes")
            while position < boundary {
                guard parser.advance(corpus[position]) else { return nil }
                position += 1
            }
            if number > 0 { lengths.append(before - parser.logProbability) }
            before = parser.logProbability
        }
        return lengths
    }

    /// Counts the complete sentences of a text and those that the grammar can generate, each out of context.
    package func judge(_ text: String) -> (sentences: Int, accepted: Int) {
        let sentences = Sentences.split(Array(text.utf8))
        let accepted = sentences.count { sentence in
            var parser = GrammarParser(grammar, sentenceOnly: true)
            return sentence.allSatisfy { parser.advance($0) } && parser.isComplete
        }
        return (sentences.count, accepted)
    }
}
