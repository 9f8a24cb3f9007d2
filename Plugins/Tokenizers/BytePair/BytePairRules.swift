import LatheComponents

/// A byte-level BPE vocabulary as its file gives it.
struct BytePairRules: Sendable {
    /// Two neighbours that become one token.
    struct Merge: Sendable, Hashable {
        var left: UInt32
        var right: UInt32
        var result: UInt32
    }

    /// A token that no merge makes, with text of its own.
    struct Special: Sendable, Hashable {
        var text: [UInt8]
        var id: UInt32
    }

    /// The most ids, and a bound on what a file may ask for.
    static let mostTokens = 1 << 24

    /// The bytes of each id, those of special tokens too.
    var tokens = TokenBytes()
    /// The token of each byte.
    var byteIDs = [UInt32](repeating: 0, count: 256)
    /// The merges, the first first.
    var merges: [Merge] = []
    /// Whether merges rank by their result, as in a rank file: then a piece that is a token is that token, whatever merges would make of it.
    var ranksByResult = false
    /// The special tokens.
    var specials: [Special] = []

    /// The text that ends a document where a vocabulary has one.
    static let endOfText = "<|endoftext|>"

    /// The id that ends a document.
    var endOfText: Int? { specials.first { $0.text == Array(Self.endOfText.utf8) }.map { Int($0.id) } }
}

/// The bytes of tokens, by id.
struct TokenBytes: Sendable {
    private var bytes: [UInt8] = []
    private var starts: [Int] = [0]

    /// The number of tokens.
    var count: Int { starts.count - 1 }

    /// The token with the next id.
    mutating func append(_ token: some Collection<UInt8>) {
        bytes.append(contentsOf: token)
        starts.append(bytes.count)
    }

    /// The bytes of a token.
    subscript(id: Int) -> ArraySlice<UInt8> { bytes[starts[id]..<starts[id + 1]] }

    /// The number of bytes of a token.
    @inline(__always)
    func length(_ id: Int) -> Int { starts[id + 1] - starts[id] }
}
