/// Finds added tokens in text as Hugging Face's tokenizers do: first those that are not `normalized`, then, in the text
/// that is left, the others; of each group the first in the text, and the longest of several that begin at one place.
struct SpecialTokens: Sendable {
    /// One group of tokens. Special ones that are not recognized stay text, but still take theirs from others.
    private struct Group: Sendable {
        let tokens: [BytePairRules.Special]
        private let isFirst: [Bool]

        init(_ tokens: [BytePairRules.Special]) {
            self.tokens = tokens.filter { !$0.text.isEmpty }.sorted { $0.text.count > $1.text.count }
            var isFirst = [Bool](repeating: false, count: 256)
            for token in self.tokens { isFirst[Int(token.text[0])] = true }
            self.isFirst = isFirst
        }

        func match(at place: Int, in text: UnsafeBufferPointer<UInt8>) -> BytePairRules.Special? {
            guard place < text.count, isFirst[Int(text[place])] else { return nil }
            return tokens.first { token in
                place + token.text.count <= text.count
                    && text[place..<(place + token.text.count)].elementsEqual(token.text)
            }
        }
    }

    private let groups: [Group]
    private let recognizes: Bool
    private let longest: Int

    /// - Parameter recognizes: whether special tokens are found too.
    init(_ tokens: [BytePairRules.Special], recognizes: Bool) {
        self.recognizes = recognizes
        groups = [false, true].map { isNormalized in tokens.filter { $0.isNormalized == isNormalized } }
            .filter { $0.contains { recognizes || !$0.isSpecial } }.map(Group.init)
        longest = groups.map { $0.tokens.first?.text.count ?? 0 }.max() ?? 0
    }

    var isEmpty: Bool { groups.isEmpty }

    /// Calls `body` with the parts of a text in order: those between tokens, which may be empty, and the tokens' ids.
    func forEachPart(
        of text: UnsafeBufferPointer<UInt8>, _ body: (_ part: UnsafeBufferPointer<UInt8>, _ id: UInt32?) -> Void
    ) {
        forEachPart(of: text, groups[...], body)
    }

    private func forEachPart(
        of text: UnsafeBufferPointer<UInt8>, _ groups: ArraySlice<Group>,
        _ body: (_ part: UnsafeBufferPointer<UInt8>, _ id: UInt32?) -> Void
    ) {
        guard let group = groups.first else { return body(text, nil) }
        var start = 0, place = 0
        while place < text.count {
            guard let token = group.match(at: place, in: text) else {
                place += 1
                continue
            }
            let end = place + token.text.count
            if recognizes || !token.isSpecial {
                forEachPart(of: UnsafeBufferPointer(rebasing: text[start..<place]), groups.dropFirst(), body)
                body(UnsafeBufferPointer(rebasing: text[place..<end]), token.id)
                start = end
            }
            place = end
        }
        forEachPart(of: UnsafeBufferPointer(rebasing: text[start...]), groups.dropFirst(), body)
    }

    func begins(at place: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        groups.contains { $0.match(at: place, in: text) != nil }
    }

    /// Whether a token might span a place.
    func mayCross(_ place: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        for start in max(0, place - longest + 1)..<max(0, place) {
            for group in groups {
                if let token = group.match(at: start, in: text), start + token.text.count > place { return true }
            }
        }
        return false
    }
}
