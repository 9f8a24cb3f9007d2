/// The lines of a text, broken where libyaml breaks them: LF, CR, CR LF, NEL, LS and PS.
struct LineTable {
    private let text: String
    private var starts: [String.Index]

    init(_ text: String) {
        self.text = text
        let scalars = text.unicodeScalars
        starts = [scalars.startIndex]
        var previousWasReturn = false
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let scalar = scalars[index]
            index = scalars.index(after: index)
            switch scalar {
            case "\n" where previousWasReturn: starts[starts.count - 1] = index
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": starts.append(index)
            default: break
            }
            previousWasReturn = scalar == "\r"
        }
    }

    /// Line `number`, counted from 1, without its line break; empty past the end.
    func line(_ number: Int) -> Substring {
        guard number >= 1, number <= starts.count else { return "" }
        let end = number < starts.count ? starts[number] : text.endIndex
        let line = text.unicodeScalars[starts[number - 1]..<end]
        let body = line.reversed().drop { ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0) }
        return Substring(line[..<body.startIndex.base])
    }

    /// Line and column, both from 1.
    func position(of index: String.Index) -> (line: Int, column: Int) {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= index { low = middle } else { high = middle }
        }
        return (low + 1, text.unicodeScalars.distance(from: starts[low], to: index) + 1)
    }
}
