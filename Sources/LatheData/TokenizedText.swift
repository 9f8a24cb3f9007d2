import LatheComponents
import LatheSpec
import LatheSystem

/// The token files, segments and fitted tokenizer of a text.
struct TokenizedText: Sendable {
    /// Raise this when the same text, split and tokenizer give different files.
    static let revision = 3

    /// Facts about a split, stored with its tokens.
    struct SplitCard: Codable, Sendable {
        var name: String
        var start: Int
        var end: Int
        var characters: Int
        var scoredBytes: Int
        var documents = 0
        var tokens = 0
        /// Tokens in each shard.
        var shardTokens: [Int] = []
        /// Number of distinct ids that occur.
        var usedIDs = 0
        var firstTokenBytes = 0
    }

    /// Facts about all splits, stored with the tokens.
    struct Card: Codable, Sendable {
        var vocabularySize: Int
        var splits: [SplitCard]
        var trainingByteEntropy: Double
        var validationByteEntropy: Double
        var isLanguageKnown: Bool
        var tokenizerSHA256: String
        var vocabularyFiles: [String]
        var leakage: Leakage?
        var duplicates: DocumentDuplicates?
    }

    let folder: String
    let card: Card
    let vocabulary: any Vocabulary
    let splits: [PreparedSplit]

    init(_ entry: CacheEntry, request: DataRequest) throws {
        folder = entry.path
        card = try entry.read("card.json", Card.self)
        var files: [String: [UInt8]] = [:]
        for name in card.vocabularyFiles {
            guard let bytes = DurableFile.bytes(entry.path + "/tokenizer-" + name) else { throw DamagedEntry() }
            files[name] = bytes
        }
        do { vocabulary = try request.tokenizer.make().restore(files) } catch is DataError { throw DamagedEntry() }
        guard vocabulary.size == card.vocabularySize else { throw DamagedEntry() }
        var splits: [PreparedSplit] = []
        for split in card.splits { splits.append(try Self.open(split, of: card, in: entry)) }
        self.splits = splits
    }

    private static func open(_ split: SplitCard, of card: Card, in entry: CacheEntry) throws -> PreparedSplit {
        guard split.start >= 0, split.start <= split.end else { throw DamagedEntry() }
        var shards: [TokenSequence] = []
        for number in split.shardTokens.indices {
            let path = entry.path + "/" + Shard.fileName(split: split.name, number: number)
            do {
                // The ids were checked when the entry was made; identity or hash shows that the file is unchanged.
                shards.append(
                    try TokenFile.open(
                        path, width: TokenFile.width(vocabularySize: card.vocabularySize),
                        vocabularySize: card.vocabularySize, isChecked: true))
            } catch { throw DamagedEntry() }
        }
        guard shards.map(\.count) == split.shardTokens else { throw DamagedEntry() }
        let ends = try MappedNumbers(entry.map("\(split.name).documents"))
        let table = try MappedNumbers(entry.map("\(split.name).segments"))
        let count = (split.scoredBytes + SegmentTable.segmentBytes - 1) / SegmentTable.segmentBytes
        guard ends.count == split.documents, table.count == (count + 1) + count + (card.isLanguageKnown ? count : 0)
        else { throw DamagedEntry() }
        func doubles(_ start: Int) -> [Double] {
            table[start..<(start + count)].map { Double(bitPattern: UInt64(bitPattern: Int64($0))) }
        }
        let segments = SegmentTable(
            bytes: split.scoredBytes, firstTokens: Array(table[...count]), spellingNats: doubles(count + 1),
            knownNats: card.isLanguageKnown ? doubles(2 * count + 1) : nil)
        return PreparedSplit(
            name: split.name, tokens: TokenSequence(joining: shards, documents: ends.documentEnds),
            byteRange: split.start..<split.end, characters: split.characters, segments: segments,
            firstTokenBytes: split.firstTokenBytes)
    }
}
