/// A weighted grammar with a memory: the choices that make a text, in the order in which the text shows them.
///
/// A *rule* is a weighted choice between sequences of items. A *list* is a weighted choice between words, each with further forms in columns (a city and
/// its country, a first name and its pronouns). A *register* remembers an entry of a list: its first mention draws the entry, every
/// later one follows it. So what a document is about is drawn where it is first named, and shapes all that comes after.
///
/// Recursion is allowed at the end of an alternative only; anything else would outgrow ``Frame``'s stack.
struct Grammar: Sendable {
    /// What one step of an alternative does.
    enum Item: Sendable {
        /// Writes the bytes `start ..< end` of ``Grammar/bytes``.
        case literal(start: UInt32, end: UInt32)
        /// Goes through a rule.
        case rule(UInt16)
        /// Draws an entry of a column's list and writes it.
        case draw(column: UInt16)
        /// Writes a form of the entry that a register holds, which is drawn now if it holds none.
        case mention(register: UInt8, column: UInt8)
        /// The next byte is written as a capital letter.
        case capital
        /// A register forgets what it holds.
        case release(register: UInt8)
        /// All registers forget.
        case forget
        /// The alternative is complete.
        case end
    }

    /// One way to go on.
    struct Alternative: Sendable {
        var weight: UInt32
        /// The registers, as bits, that must hold something for this alternative to be possible.
        var required: UInt32
        /// Those that must hold nothing.
        var excluded: UInt32
        /// Where its items begin.
        var first: UInt16

        /// Whether it is possible when the registers in `bound` hold something.
        func isPossible(_ bound: UInt32) -> Bool { bound & required == required && bound & excluded == 0 }
    }

    /// A weighted choice between sequences of items.
    struct Rule: Sendable {
        var alternatives: Range<Int>
        /// The sum of all weights.
        var weight: UInt32
        /// Whether some alternative depends on what the registers hold.
        var isConditional: Bool
    }

    /// One form of all entries of a list, sorted by bytes, so that the entries that begin alike are neighbours: the places `first ..< first +
    /// count` of ``places``, behind which one more holds the weight of all.
    struct Column: Sendable {
        var first: Int
        var count: Int
    }

    /// A form of an entry, at its place in a column.
    struct Place: Sendable {
        /// The entry.
        var entry: UInt8 = 0
        /// Where the column has the entry of this place's number.
        var ofEntry: UInt8 = 0
        /// Its bytes, as a range of ``Grammar/bytes``.
        var start: UInt32 = 0
        var end: UInt32 = 0
        /// The weight of all places before it.
        var weightBefore: UInt32 = 0
    }

    /// The registers that a grammar may have.
    static let registerLimit = 32

    var bytes: [UInt8] = []
    var items: [Item] = []
    var alternatives: [Alternative] = []
    var rules: [Rule] = []
    /// The name of each rule.
    var ruleNames: [String] = []
    var columns: [Column] = []
    var places: [Place] = []
    /// The first column of the list of each register.
    var registers: [UInt16] = []
    /// The rule from which an endless text of documents comes.
    var start: UInt16 = 0
    /// The rule of a sentence on its own.
    var sentence: UInt16 = 0

    /// The column of a form of what a register holds.
    func column(of register: UInt8, form: UInt8) -> Column { columns[Int(registers[Int(register)]) + Int(form)] }

    /// The place of an entry in a column.
    func place(of entry: UInt8, in column: Column) -> Place {
        places[column.first + Int(places[column.first + Int(entry)].ofEntry)]
    }

    /// The weight of the alternatives that are possible.
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

/// A position in the derivation of a text: what comes next, where to return to, and what is remembered. Two that are equal go on
/// alike: what is over leaves no trace.
struct Frame: Equatable {
    /// The next item.
    var item: UInt16
    /// The items to return to.
    var stack = SIMD16<UInt16>()
    var depth: UInt8 = 0
    /// The next byte is a capital letter.
    var isCapital = false
    /// The registers that hold something, as bits.
    var bound: UInt32 = 0
    /// The entry that each register holds.
    var memory = SIMD32<UInt8>()

    /// A derivation that begins at `item`, remembering nothing.
    init(item: UInt16) { self.item = item }

    /// Notes to come back behind the present item, unless nothing is left to do there.
    mutating func remember(in items: [Grammar.Item]) {
        if case .end = items[Int(item) + 1] { return }
        precondition(depth < 16, "the grammar recurses where it may not")
        stack[Int(depth)] = item + 1
        depth += 1
    }

    /// Goes back to where the alternative that just ended was called; false where it was not.
    mutating func goBack() -> Bool {
        guard depth > 0 else { return false }
        depth -= 1
        item = stack[Int(depth)]
        stack[Int(depth)] = 0
        return true
    }

    /// Lets a register hold an entry.
    mutating func bind(_ register: UInt8, to entry: UInt8) {
        memory[Int(register)] = entry
        bound |= 1 << UInt32(register)
    }

    /// The entry that a register holds.
    func entry(of register: UInt8) -> UInt8? {
        bound & 1 << UInt32(register) == 0 ? nil : memory[Int(register)]
    }

    /// Lets a register hold nothing.
    mutating func release(_ register: UInt8) {
        memory[Int(register)] = 0
        bound &= ~(1 << UInt32(register))
    }

    /// Forgets everything.
    mutating func forget() {
        bound = 0
        memory = SIMD32()
    }
}
