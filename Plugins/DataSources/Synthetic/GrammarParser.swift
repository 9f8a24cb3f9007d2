import LatheSystem

/// Computes the probability of a text under a grammar: the forward algorithm over bytes.
///
/// It keeps every derivation that agrees with the bytes so far, with its probability. A choice stays open until its
/// bytes decide it (list entries with a common prefix stay together as a range of the sorted list), so the sum of all
/// weights is the probability that a text *begins* with these bytes. That is exact at every byte, even within a word.
/// The grammar may be ambiguous, but should be nearly unambiguous for speed, so that few derivations are alive at a
/// time.
struct GrammarParser {
    /// A derivation that agrees with the bytes so far.
    private struct Derivation {
        var frame: Frame
        /// Its share of the probability of the bytes so far.
        var weight: Double
        /// Bytes of the current item already written.
        var written: UInt32 = 0
        /// The range of list places that agree with the bytes written, if any are.
        var low: UInt32 = 0
        var high: UInt32 = 0

        func goesOn(as other: Derivation) -> Bool {
            frame == other.frame && written == other.written && low == other.low && high == other.high
        }
    }

    private let grammar: Grammar
    /// Whether conditions on registers are ignored, as for a sentence out of context.
    private let isOutOfContext: Bool
    private var derivations: [Derivation]
    private var next: [Derivation] = []
    /// The natural logarithm of the probability that a text begins with the bytes so far; -∞ if none does.
    private(set) var logProbability = 0.0

    /// - Parameter sentenceOnly: parse a single sentence, whatever came before it, instead of a text.
    init(_ grammar: Grammar, sentenceOnly: Bool = false) {
        self.grammar = grammar
        isOutOfContext = sentenceOnly
        derivations = []
        let rule = grammar.rules[Int(sentenceOnly ? grammar.sentence : grammar.start)]
        let weight = Double(rule.weight)
        for alternative in grammar.alternatives[rule.alternatives] {
            derivations.append(
                Derivation(frame: Frame(item: alternative.first), weight: Double(alternative.weight) / weight))
        }
    }

    /// Reads a byte; false if no text of the grammar continues with it.
    mutating func advance(_ byte: UInt8) -> Bool {
        next.removeAll(keepingCapacity: true)
        for derivation in derivations { advance(derivation, byte) }
        // Unmerged, equivalent derivations would double the work with each sentence (a single sentence ends before that
        // matters).
        if !isOutOfContext, byte == 0x2e || byte == 0x0a { merge() }
        var sum = 0.0
        for derivation in next { sum += derivation.weight }
        guard sum > 0 else {
            logProbability = -.infinity
            derivations.removeAll(keepingCapacity: true)
            return false
        }
        if sum != 1 {
            logProbability += Math.logarithm(sum)
            let scale = 1 / sum
            for i in next.indices { next[i].weight *= scale }
        }
        swap(&derivations, &next)
        return true
    }

    /// Merges derivations that are identical from here on.
    private mutating func merge() {
        var kept = 0
        for i in next.indices {
            if let twin = (0..<kept).first(where: { next[$0].goesOn(as: next[i]) }) {
                next[twin].weight += next[i].weight
            } else {
                next[kept] = next[i]
                kept += 1
            }
        }
        next.removeSubrange(kept...)
    }

    /// Whether the bytes so far are a complete sentence.
    var isComplete: Bool {
        derivations.contains { derivation in
            var frame = derivation.frame
            guard derivation.written == 0 else { return false }
            while case .end = grammar.items[Int(frame.item)] {
                if !frame.goBack() { return true }
            }
            return false
        }
    }

    /// Follows a derivation to every item that can write `byte`.
    private mutating func advance(_ start: Derivation, _ byte: UInt8) {
        var derivation = start
        while true {
            switch grammar.items[Int(derivation.frame.item)] {
            case .literal(let start, let end):
                if start + derivation.written == end {
                    derivation.frame.item += 1
                    derivation.written = 0
                    continue
                }
                return write(derivation, byte, start, end)
            case .rule(let rule):
                let total =
                    isOutOfContext
                    ? grammar.rules[Int(rule)].weight : grammar.weight(of: rule, bound: derivation.frame.bound)
                derivation.frame.remember(in: grammar.items)
                let scale = derivation.weight / Double(total)
                for i in grammar.rules[Int(rule)].alternatives {
                    let alternative = grammar.alternatives[i]
                    guard isOutOfContext || alternative.isPossible(derivation.frame.bound) else { continue }
                    derivation.frame.item = alternative.first
                    derivation.weight = scale * Double(alternative.weight)
                    advance(derivation, byte)
                }
                return
            case .draw(let column):
                return draw(derivation, byte, grammar.columns[Int(column)], register: nil)
            case .mention(let register, let form):
                let column = grammar.column(of: register, form: form)
                guard let entry = derivation.frame.entry(of: register) else {
                    return draw(derivation, byte, column, register: register)
                }
                let place = grammar.place(of: entry, in: column)
                return write(derivation, byte, place.start, place.end)
            case .capital:
                derivation.frame.isCapital = true
                derivation.frame.item += 1
            case .release(let register):
                derivation.frame.release(register)
                derivation.frame.item += 1
            case .forget:
                derivation.frame.forget()
                derivation.frame.item += 1
            case .end:
                guard derivation.frame.goBack() else { return }
            }
        }
    }

    /// Continues within fixed bytes.
    private mutating func write(_ start: Derivation, _ byte: UInt8, _ first: UInt32, _ end: UInt32) {
        let expected = grammar.bytes[Int(first + start.written)]
        guard byte == (start.frame.isCapital ? capital(expected) : expected) else { return }
        var derivation = start
        derivation.frame.isCapital = false
        derivation.written += 1
        if first + derivation.written == end {
            derivation.frame.item += 1
            derivation.written = 0
        }
        next.append(derivation)
    }

    /// Continues within a list entry that is not yet determined.
    private mutating func draw(_ start: Derivation, _ byte: UInt8, _ column: Grammar.Column, register: UInt8?) {
        var derivation = start
        if derivation.written == 0 {
            (derivation.low, derivation.high) = (UInt32(column.first), UInt32(column.first + column.count))
        }
        guard derivation.frame.isCapital else { return narrow(derivation, byte, register) }
        derivation.frame.isCapital = false
        if byte != capital(byte) { return }
        narrow(derivation, byte, register)
        if byte >= 0x41, byte <= 0x5a { narrow(derivation, byte + 32, register) }
    }

    private mutating func narrow(_ start: Derivation, _ byte: UInt8, _ register: UInt8?) {
        let depth = start.written
        func isBefore(_ place: Int, _ byte: UInt8, orEqual: Bool) -> Bool {
            let position = grammar.places[place].start + depth
            guard position < grammar.places[place].end else { return true }
            let found = grammar.bytes[Int(position)]
            return orEqual ? found <= byte : found < byte
        }
        func firstPlace(from low: Int, orEqual: Bool) -> Int {
            var low = low, high = Int(start.high)
            while low < high {
                let middle = (low + high) / 2
                if isBefore(middle, byte, orEqual: orEqual) { low = middle + 1 } else { high = middle }
            }
            return low
        }
        func weight(_ low: Int, _ high: Int) -> Double {
            Double(grammar.places[high].weightBefore - grammar.places[low].weightBefore)
        }
        var low = firstPlace(from: Int(start.low), orEqual: false)
        let high = firstPlace(from: low, orEqual: true)
        guard low < high else { return }
        let scale = start.weight / weight(Int(start.low), Int(start.high))
        var derivation = start
        derivation.written = depth + 1
        derivation.high = UInt32(high)
        // Shorter entries sort first, so those that are now complete lead the range.
        while low < high, grammar.places[low].end - grammar.places[low].start == depth + 1 {
            var complete = derivation
            complete.frame.item += 1
            (complete.written, complete.low, complete.high) = (0, 0, 0)
            complete.weight = scale * weight(low, low + 1)
            if let register { complete.frame.bind(register, to: grammar.places[low].entry) }
            next.append(complete)
            low += 1
        }
        guard low < high else { return }
        derivation.low = UInt32(low)
        derivation.weight = scale * weight(low, high)
        next.append(derivation)
    }
}
