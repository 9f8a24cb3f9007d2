import LatheComponents
import LatheSystem
import Synchronization

/// A byte-level BPE: text is split by GPT-2's pattern and each piece is merged on its own.
///
/// The cost per byte is constant, apart from a factor logarithmic in the length of a long piece.
final class BytePairVocabulary: Vocabulary {
    struct Options: Sendable {
        /// Whether special tokens in the text become their ids.
        var recognizesSpecials: Bool
        /// Whether invalid UTF-8 is encoded too.
        var allowsAnyBytes: Bool
    }

    let rules: BytePairRules
    /// The files needed to restore the vocabulary.
    let files: [String: [UInt8]]
    private let options: Options
    private let pairs: PairTable
    /// Pieces that are tokens as a whole; filled only if merges are ranked by result.
    private let wholePieces: PieceTable
    private let specials: SpecialTokens
    /// Piece caches, each lent to one encoding at a time. They affect speed, never the result.
    private let memories = Mutex<[Memory]>([])

    private struct Memory {
        var cache = PieceCache()
        var merging: PieceMerging
        var output: [UInt32] = []
    }

    init(_ rules: BytePairRules, options: Options, files: [String: [UInt8]]) {
        self.rules = rules
        self.options = options
        self.files = files
        let pairs = PairTable(capacity: rules.merges.count)
        for (rank, merge) in rules.merges.enumerated() {
            let rank = rules.ranksByResult ? merge.result : UInt32(rank)
            _ = pairs.insert(merge.left, merge.right, rank: rank, result: merge.result)
        }
        self.pairs = pairs
        var wholePieces = PieceTable()
        if rules.ranksByResult {
            for id in 0..<(rules.tokens.count - rules.specials.count) {
                _ = wholePieces.insert(Array(rules.tokens[id]))
            }
        }
        self.wholePieces = wholePieces
        specials = SpecialTokens(rules.specials, recognizes: options.recognizesSpecials)
    }

    var size: Int { rules.tokens.count }
    var lossReason: String? { nil }
    var endOfText: Int? { rules.endOfText }
    var acceptsAnyBytes: Bool { options.allowsAnyBytes }

    func decode(_ id: Int, into bytes: inout [UInt8]) {
        precondition(id >= 0 && id < size, "BPE token \(id) of \(size)")
        bytes.append(contentsOf: rules.tokens[id])
    }

    func cut(_ text: UnsafeBufferPointer<UInt8>, before limit: Int) -> Int {
        let pieces = GPT2Pieces(text)
        guard !specials.isEmpty else { return pieces.cut(before: limit) }
        // Not inside a special token, nor where one starts after the next character: it would end the text that the
        // pattern sees.
        return pieces.cut(before: limit) { place in
            !specials.mayCross(place, in: text) && !specials.begins(at: pieces.character(at: place).end, in: text)
        }
    }

    func encode(_ text: UnsafeBufferPointer<UInt8>, into encoded: inout EncodedText) throws {
        if !options.allowsAnyBytes, let bad = firstByteNotUTF8(text) {
            throw DataError(
                "text", byteOffset: bad,
                "is not UTF-8; set tokenizer.any_bytes to true to encode every byte, or use the tokenizer 'byte'")
        }
        var memory =
            memories.withLock { $0.popLast() } ?? Memory(merging: PieceMerging(byteIDs: rules.byteIDs, pairs: pairs))
        memory.output.removeAll(keepingCapacity: true)
        specials.forEachPart(of: text) { part, id in
            if let id { memory.output.append(id) } else { append(part, to: &memory) }
        }
        let tokens = rules.tokens
        memory.output.withUnsafeBufferPointer { ids in
            encoded.append(contentsOf: ids) { UInt32(tokens.length(Int($0))) }
        }
        let used = memory
        memories.withLock { $0.append(used) }
    }

    /// `text` contains no special tokens.
    private func append(_ text: UnsafeBufferPointer<UInt8>, to memory: inout Memory) {
        guard let base = text.baseAddress else { return }
        let pieces = GPT2Pieces(text)
        var start = 0
        while start < text.count {
            let end = pieces.end(from: start)
            let length = end - start
            if length <= PieceCache.longest {
                let key = PieceCache.Key(base + start, length: length, readable: text.count - start)
                if !memory.cache.append(key, to: &memory.output) {
                    let first = memory.output.count
                    merge(UnsafeBufferPointer(start: base + start, count: length), &memory)
                    memory.cache.insert(key, memory.output[first...])
                }
            } else {
                merge(UnsafeBufferPointer(start: base + start, count: length), &memory)
            }
            start = end
        }
    }

    private func merge(_ piece: UnsafeBufferPointer<UInt8>, _ memory: inout Memory) {
        if rules.ranksByResult, let id = wholePieces.number(of: piece) {
            memory.output.append(UInt32(id))
        } else {
            memory.merging.append(piece, to: &memory.output)
        }
    }
}
