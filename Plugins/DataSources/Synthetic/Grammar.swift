/// A weighted grammar with memory. Choices are made in the order in which the text shows them.
///
/// A *rule* is a weighted choice between sequences of items. A *list* is a weighted choice between words, each with
/// further forms in columns (a city and its country, a first name and its pronouns). A *register* remembers an entry of
/// a list: its first mention draws the entry, later mentions reuse it. So a document's subject is drawn at its first
/// mention and determines what follows.
///
/// Only tail recursion is allowed; anything else would overflow ``Frame``'s stack.
struct Grammar: Sendable {
    /// One step of an alternative.
    enum Item: Sendable {
        /// Writes the bytes `start ..< end` of ``Grammar/bytes``.
        case literal(start: UInt32, end: UInt32)
        /// Expands a rule.
        case rule(UInt16)
        /// Draws an entry of a column's list and writes it.
        case draw(column: UInt16)
        /// Writes a form of a register's entry, drawing the entry first if the register is empty.
        case mention(register: UInt8, column: UInt8)
        /// Capitalizes the next byte.
        case capital
        /// Empties a register.
        case release(register: UInt8)
        /// Empties all registers.
        case forget
        /// The alternative is complete.
        case end
    }

    /// One alternative of a rule.
    struct Alternative: Sendable {
        var weight: UInt32
        /// Bit set of the registers that must be bound.
        var required: UInt32
        /// Bit set of the registers that must be empty.
        var excluded: UInt32
        /// Index of its first item.
        var first: UInt16

        /// - Parameter bound: bit set of the bound registers.
        func isPossible(_ bound: UInt32) -> Bool { bound & required == required && bound & excluded == 0 }
    }

    /// A weighted choice between sequences of items.
    struct Rule: Sendable {
        var alternatives: Range<Int>
        /// The sum of all weights.
        var weight: UInt32
        /// Whether an alternative depends on the registers.
        var isConditional: Bool
    }

    /// One form of all entries of a list, sorted by bytes so that entries with a common prefix are neighbours: the
    /// places `first ..< first + count` of ``places``, followed by one that holds the total weight.
    struct Column: Sendable {
        var first: Int
        var count: Int
    }

    /// A form of an entry, at its sorted position in a column.
    struct Place: Sendable {
        var entry: UInt8 = 0
        /// The inverse permutation: the position in the column of the entry whose number is this place's index.
        var ofEntry: UInt8 = 0
        /// Its bytes, as a range of ``Grammar/bytes``.
        var start: UInt32 = 0
        var end: UInt32 = 0
        /// The weight of all places before it.
        var weightBefore: UInt32 = 0
    }

    static let registerLimit = 32

    var bytes: [UInt8] = []
    var items: [Item] = []
    var alternatives: [Alternative] = []
    var rules: [Rule] = []
    var ruleNames: [String] = []
    var columns: [Column] = []
    var places: [Place] = []
    /// The first column of each register's list.
    var registers: [UInt16] = []
    /// The rule of an endless sequence of documents.
    var start: UInt16 = 0
    /// The rule of a single sentence.
    var sentence: UInt16 = 0

    /// The column of a form of a register's list.
    func column(of register: UInt8, form: UInt8) -> Column { columns[Int(registers[Int(register)]) + Int(form)] }

    func place(of entry: UInt8, in column: Column) -> Place {
        places[column.first + Int(places[column.first + Int(entry)].ofEntry)]
    }

    func weight(of rule: UInt16, bound: UInt32) -> UInt32 {
        let rule = rules[Int(rule)]
        guard rule.isConditional else { return rule.weight }
        var sum: UInt32 = 0
        for alternative in alternatives[rule.alternatives] where alternative.isPossible(bound) {
            sum += alternative.weight
        }
        return sum
    }
}

/// A position in the derivation of a text: the next item, the return stack and the registers. Equal frames have the
/// same continuations: finished parts leave no trace.
struct Frame: Equatable {
    var item: UInt16
    var stack = SIMD16<UInt16>()
    var depth: UInt8 = 0
    /// Whether the next byte is capitalized.
    var isCapital = false
    /// Bit set of the bound registers.
    var bound: UInt32 = 0
    /// The entry of each bound register; 0 for the others.
    var memory = SIMD32<UInt8>()

    init(item: UInt16) { self.item = item }

    /// Pushes the item after the current one, unless nothing is left to do there (which makes tail calls free).
    mutating func remember(in items: [Grammar.Item]) {
        if case .end = items[Int(item) + 1] { return }
        precondition(depth < 16, "the grammar recurses where it may not")
        stack[Int(depth)] = item + 1
        depth += 1
    }

    /// Returns to the caller of the alternative that just ended; false if the stack is empty.
    mutating func goBack() -> Bool {
        guard depth > 0 else { return false }
        depth -= 1
        item = stack[Int(depth)]
        stack[Int(depth)] = 0
        return true
    }

    mutating func bind(_ register: UInt8, to entry: UInt8) {
        memory[Int(register)] = entry
        bound |= 1 << UInt32(register)
    }

    func entry(of register: UInt8) -> UInt8? {
        bound & 1 << UInt32(register) == 0 ? nil : memory[Int(register)]
    }

    mutating func release(_ register: UInt8) {
        memory[Int(register)] = 0
        bound &= ~(1 << UInt32(register))
    }

    mutating func forget() {
        bound = 0
        memory = SIMD32()
    }
}
