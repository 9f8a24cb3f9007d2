/// Generates text from a grammar, one choice at a time.
struct GrammarGenerator {
    private let grammar: Grammar
    private var frame: Frame
    private let random: (_ element: Int, _ bound: UInt32) -> UInt32
    private var element = 0

    /// - Parameter random: `random(n, bound)` is the n-th choice, uniform in `0 ..< bound`.
    init(_ grammar: Grammar, random: @escaping (_ element: Int, _ bound: UInt32) -> UInt32) {
        self.grammar = grammar
        self.random = random
        frame = Frame(item: 0)
        choose(grammar.start)
    }

    /// Appends one document, up to and including its `forget` item.
    mutating func appendDocument(to text: inout [UInt8]) {
        while true {
            switch grammar.items[Int(frame.item)] {
            case .literal(let start, let end):
                append(start, end, to: &text)
                frame.item += 1
            case .rule(let rule):
                frame.remember(in: grammar.items)
                choose(rule)
            case .draw(let column):
                append(grammar.places[draw(grammar.columns[Int(column)])], to: &text)
                frame.item += 1
            case .mention(let register, let form):
                let column = grammar.column(of: register, form: form)
                if let entry = frame.entry(of: register) {
                    append(grammar.place(of: entry, in: column), to: &text)
                } else {
                    let place = grammar.places[draw(column)]
                    frame.bind(register, to: place.entry)
                    append(place, to: &text)
                }
                frame.item += 1
            case .capital:
                frame.isCapital = true
                frame.item += 1
            case .release(let register):
                frame.release(register)
                frame.item += 1
            case .forget:
                frame.forget()
                frame.item += 1
                return
            case .end:
                guard frame.goBack() else { preconditionFailure("the grammar's start rule must not end") }
            }
        }
    }

    private mutating func next(below bound: UInt32) -> UInt32 {
        defer { element += 1 }
        return random(element, bound)
    }

    private mutating func choose(_ rule: UInt16) {
        let weight = grammar.weight(of: rule, bound: frame.bound)
        precondition(weight > 0, "rule '\(grammar.ruleNames[Int(rule)])' has no possible alternative")
        var rest = next(below: weight)
        for i in grammar.rules[Int(rule)].alternatives {
            let alternative = grammar.alternatives[i]
            guard alternative.isPossible(frame.bound) else { continue }
            if rest < alternative.weight {
                frame.item = alternative.first
                return
            }
            rest -= alternative.weight
        }
    }

    /// Draws an entry; returns its index in ``Grammar/places``.
    private mutating func draw(_ column: Grammar.Column) -> Int {
        var low = column.first, high = column.first + column.count
        let target = next(below: grammar.places[high].weightBefore)
        while high - low > 1 {
            let middle = (low + high) / 2
            if grammar.places[middle].weightBefore <= target { low = middle } else { high = middle }
        }
        return low
    }

    private mutating func append(_ place: Grammar.Place, to text: inout [UInt8]) {
        append(place.start, place.end, to: &text)
    }

    private mutating func append(_ start: UInt32, _ end: UInt32, to text: inout [UInt8]) {
        let position = text.count
        text.append(contentsOf: grammar.bytes[Int(start)..<Int(end)])
        if frame.isCapital, end > start {
            text[position] = capital(text[position])
            frame.isCapital = false
        }
    }
}

/// Uppercases an ASCII letter; other bytes are unchanged.
func capital(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7a ? byte - 32 : byte }
