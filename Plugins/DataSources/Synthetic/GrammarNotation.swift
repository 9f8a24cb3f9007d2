/// Reads a grammar from its notation, one declaration a line:
///
/// ```text
/// list drug: remdesivir / favipiravir          a list; earlier entries are likelier (Zipf's law)
/// list city.country: Lagos|Nigeria / Lima|Peru     a list whose entries have further forms
/// register town city                           a register that holds an entry of `city`
/// rule sentence                                a rule; its alternatives follow, one a line:
/// 3 {^}doctors in {town} tried {drug}.         weight 3
/// 1 ?town in {town.country}, too.              only if `town` is bound; `!town`: only if it is empty
/// ```
///
/// `{^}` capitalizes the next letter, `{-town}` empties a register, `{forget}` empties all, `\n` is a newline, `[a|b]`
/// is a uniform choice. Mistakes are programming errors and trap.
struct GrammarNotation {
    private var grammar = Grammar()
    /// The first column of each list.
    private var listColumns: [String: Int] = [:]
    private var formNames: [Int: [String]] = [:]
    private var registerNumbers: [String: Int] = [:]
    private var ruleNumbers: [String: Int] = [:]
    private var anonymous = 0

    /// Parses a grammar.
    ///    /// - Parameters:
    ///   - start: the rule of a whole text.
    ///   - sentence: the rule of a single sentence.
    static func grammar(_ notation: [String], start: String = "text", sentence: String = "sentence") -> Grammar {
        var reader = GrammarNotation()
        var bodies: [(rule: Int, lines: [Substring])] = []
        for line in notation.lazy.flatMap({ $0.split(separator: "\n") }) {
            if line.hasPrefix("list ") {
                reader.readList(line.dropFirst(5))
            } else if line.hasPrefix("register ") {
                let words = line.split(separator: " ")
                guard let list = reader.listColumns[String(words[2])] else {
                    preconditionFailure("no list '\(words[2])'")
                }
                reader.registerNumbers[String(words[1])] = reader.grammar.registers.count
                reader.grammar.registers.append(UInt16(list))
            } else if line.hasPrefix("rule ") {
                bodies.append((reader.rule(line.dropFirst(5)), []))
            } else {
                bodies[bodies.count - 1].lines.append(line)
            }
        }
        precondition(reader.grammar.registers.count <= Grammar.registerLimit, "too many registers")
        for body in bodies { reader.define(body.rule, body.lines.map { reader.alternative($0) }) }
        for (name, rule) in zip(reader.grammar.ruleNames, reader.grammar.rules) {
            precondition(rule.weight > 0, "rule '\(name)' is not defined")
        }
        reader.grammar.start = UInt16(reader.rule(start[...]))
        reader.grammar.sentence = UInt16(reader.rule(sentence[...]))
        return reader.grammar
    }

    private mutating func readList(_ declaration: Substring) {
        guard let colon = declaration.utf8.firstIndex(of: 0x3a) else {
            preconditionFailure("no colon in '\(declaration)'")
        }
        let names = declaration[..<colon].split(separator: ".").map(String.init)
        let entries = declaration[declaration.utf8.index(after: colon)...].split(separator: "/").map { entry in
            entry.split(separator: "|").map { Array($0.utf8.drop { $0 == 0x20 }) }
        }
        precondition(entries.count < 255, "list '\(names[0])' is too long")
        precondition(listColumns.updateValue(grammar.columns.count, forKey: names[0]) == nil, "two lists '\(names[0])'")
        formNames[grammar.columns.count] = names
        for form in names.indices {
            let words = entries.enumerated().map { number, entry in
                precondition(entry.count == names.count, "an entry of '\(names[0])' lacks a form")
                var word = entry[form]
                while word.last == 0x20 { word.removeLast() }
                precondition(!word.isEmpty, "an empty entry in '\(names[0])'")
                return (number: number, word: word, weight: UInt32(5040 / (number + 10)))
            }.sorted { $0.word.lexicographicallyPrecedes($1.word) }
            var places = [Grammar.Place](repeating: Grammar.Place(), count: words.count + 1)
            for (place, word) in words.enumerated() {
                places[place].entry = UInt8(word.number)
                places[word.number].ofEntry = UInt8(place)
                (places[place].start, places[place].end) = store(word.word)
                places[place + 1].weightBefore = places[place].weightBefore + word.weight
            }
            grammar.columns.append(Grammar.Column(first: grammar.places.count, count: words.count))
            grammar.places += places
        }
    }

    private mutating func store(_ word: [UInt8]) -> (start: UInt32, end: UInt32) {
        let start = grammar.bytes.count
        grammar.bytes += word
        return (UInt32(start), UInt32(grammar.bytes.count))
    }

    /// The number of a rule, which may be defined later.
    private mutating func rule(_ name: Substring) -> Int {
        let name = String(name)
        if let number = ruleNumbers[name] { return number }
        ruleNumbers[name] = grammar.rules.count
        grammar.rules.append(Grammar.Rule(alternatives: 0..<0, weight: 0, isConditional: false))
        grammar.ruleNames.append(name)
        return grammar.rules.count - 1
    }

    private mutating func define(_ rule: Int, _ alternatives: [Grammar.Alternative]) {
        precondition(grammar.rules[rule].weight == 0, "rule '\(grammar.ruleNames[rule])' is defined twice")
        let first = grammar.alternatives.count
        grammar.alternatives += alternatives
        grammar.rules[rule].alternatives = first..<grammar.alternatives.count
        grammar.rules[rule].weight = alternatives.reduce(0) { $0 + $1.weight }
        grammar.rules[rule].isConditional = alternatives.contains { $0.required | $0.excluded != 0 }
    }

    private mutating func alternative(_ line: Substring) -> Grammar.Alternative {
        var rest = line
        func word() -> Substring {
            let word = rest.prefix { $0 != " " }
            rest = rest[word.endIndex...].dropFirst()
            return word
        }
        guard let weight = UInt32(word()), weight > 0 else { preconditionFailure("no weight in '\(line)'") }
        var alternative = Grammar.Alternative(weight: weight, required: 0, excluded: 0, first: 0)
        while let mark = rest.first, mark == "?" || mark == "!" {
            let name = String(word().dropFirst())
            guard let register = registerNumbers[name] else { preconditionFailure("no register '\(name)'") }
            if mark == "?" {
                alternative.required |= 1 << UInt32(register)
            } else {
                alternative.excluded |= 1 << UInt32(register)
            }
        }
        alternative.first = sequence(Array(rest.utf8)[...])
        return alternative
    }

    /// Stores the items of an alternative; returns the index of the first.
    private mutating func sequence(_ text: ArraySlice<UInt8>) -> UInt16 {
        var items: [Grammar.Item] = []
        var literal: [UInt8] = []
        var position = text.startIndex
        func close(_ opening: UInt8, _ closing: UInt8) -> Int {
            var depth = 0
            for i in position..<text.endIndex {
                if text[i] == opening { depth += 1 }
                if text[i] == closing { depth -= 1 }
                if depth == 0 { return i }
            }
            preconditionFailure("no end of a bracket in '\(String(decoding: text, as: UTF8.self))'")
        }
        func flush() {
            guard !literal.isEmpty else { return }
            let (start, end) = store(literal)
            items.append(.literal(start: start, end: end))
            literal = []
        }
        while position < text.endIndex {
            switch text[position] {
            case 0x7b:
                flush()
                let end = close(0x7b, 0x7d)
                items.append(item(String(decoding: text[(position + 1)..<end], as: UTF8.self)))
                position = end
            case 0x5b:
                flush()
                let end = close(0x5b, 0x5d)
                items.append(.rule(choice(text[(position + 1)..<end])))
                position = end
            case 0x5c:
                position += 1
                literal.append(0x0a)
            case let byte: literal.append(byte)
            }
            position += 1
        }
        flush()
        let first = grammar.items.count
        precondition(first + items.count < 65_535, "too many items")
        grammar.items += items + [.end]
        return UInt16(first)
    }

    /// Adds an anonymous rule for the uniform choice `a|b`.
    private mutating func choice(_ text: ArraySlice<UInt8>) -> UInt16 {
        var options: [ArraySlice<UInt8>] = []
        var depth = 0, start = text.startIndex
        for i in text.indices {
            switch text[i] {
            case 0x5b: depth += 1
            case 0x5d: depth -= 1
            case 0x7c where depth == 0:
                options.append(text[start..<i])
                start = i + 1
            default: break
            }
        }
        options.append(text[start...])
        anonymous += 1
        let number = rule("choice \(anonymous)")
        define(number, options.map { Grammar.Alternative(weight: 1, required: 0, excluded: 0, first: sequence($0)) })
        return UInt16(number)
    }

    private mutating func item(_ name: String) -> Grammar.Item {
        if name == "^" { return .capital }
        if name == "forget" { return .forget }
        if name.hasPrefix("-") {
            guard let register = registerNumbers[String(name.dropFirst())] else {
                preconditionFailure("no register '\(name)'")
            }
            return .release(register: UInt8(register))
        }
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        if let register = registerNumbers[parts[0]] {
            var column = 0
            if parts.count > 1 {
                guard let found = formNames[Int(grammar.registers[register])]?.firstIndex(of: parts[1]) else {
                    preconditionFailure("no form '\(name)'")
                }
                column = found
            }
            return .mention(register: UInt8(register), column: UInt8(column))
        }
        if let column = listColumns[name] { return .draw(column: UInt16(column)) }
        return .rule(UInt16(rule(name[...])))
    }
}
