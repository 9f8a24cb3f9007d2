/// Finds special tokens in text: the first one, and the longest of several that begin at the same place.
struct SpecialTokens: Sendable {
    private let tokens: [BytePairRules.Special]
    private let isFirst: [Bool]
    private let longest: Int

    init(_ tokens: [BytePairRules.Special]) {
        self.tokens = tokens.filter { !$0.text.isEmpty }.sorted { $0.text.count > $1.text.count }
        longest = self.tokens.first?.text.count ?? 0
        var isFirst = [Bool](repeating: false, count: 256)
        for token in self.tokens { isFirst[Int(token.text[0])] = true }
        self.isFirst = isFirst
    }

    var isEmpty: Bool { tokens.isEmpty }

    private func match(at place: Int, in text: UnsafeBufferPointer<UInt8>) -> BytePairRules.Special? {
        guard place < text.count, isFirst[Int(text[place])] else { return nil }
        return tokens.first { token in
            place + token.text.count <= text.count && text[place..<(place + token.text.count)].elementsEqual(token.text)
        }
    }

    /// The first special token at or after `start`.
    func next(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> (start: Int, end: Int, id: UInt32)? {
        guard !isEmpty else { return nil }
        for place in start..<text.count {
            if let token = match(at: place, in: text) { return (place, place + token.text.count, token.id) }
        }
        return nil
    }

    func begins(at place: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool { match(at: place, in: text) != nil }

    /// Whether a special token might span a place.
    func mayCross(_ place: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        for start in max(0, place - longest + 1)..<max(0, place) {
            if let token = match(at: start, in: text), start + token.text.count > place { return true }
        }
        return false
    }
}
