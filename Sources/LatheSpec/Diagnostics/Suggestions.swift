/// The candidate nearest to `word`, or nil if none is close.
///
/// A candidate is close if it equals `word` up to case, `-` and `_` (`learningRate`), if its initials are `word`
/// (`lr`), or if the edit distance (Damerau 1964, optimal string alignment) is at most a third of the word's length,
/// and at most 3.
public func nearest(to word: String, in candidates: [String]) -> String? {
    func bare(_ text: String) -> String { text.lowercased().filter { $0 != "-" && $0 != "_" } }
    func initials(_ text: String) -> String { String(text.split(separator: "_").compactMap(\.first)) }
    guard !word.isEmpty, word.count <= 64 else { return nil }
    if let same = candidates.first(where: { bare($0) == bare(word) }) { return same }
    if word.count > 1, let short = candidates.first(where: { initials($0) == word.lowercased() }) { return short }
    let limit = min(3, max(1, word.count / 3))
    let written = Array(word)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates where abs(candidate.count - written.count) <= limit {
        let distance = editDistance(written, Array(candidate))
        // In a word of one or two letters, one replacement makes a different word, not a typo.
        guard distance <= limit, distance < max(written.count, candidate.count) / 2 + 1, written.count > 1 else {
            continue
        }
        if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.candidate
}

/// Optimal string alignment distance: insertions, deletions, replacements and swaps of adjacent characters.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}

/// Joins words for a message, at most 20 of them.
func listed(_ words: [String]) -> String {
    words.count <= 20 ? words.joined(separator: ", ") : words.prefix(20).joined(separator: ", ") + ", …"
}
