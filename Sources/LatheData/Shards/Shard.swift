import LatheComponents

/// A part of a split that one thread makes one token file of.
struct Shard: Sendable, Hashable {
    /// The name of its split.
    var split: String
    /// Its number within the split, from 0.
    var number: Int
    /// Its part of the text, in bytes, or of ready-made tokens.
    var range: Range<Int>

    /// The name of its token file.
    var fileName: String { Self.fileName(split: split, number: number) }

    /// The name of a token file.
    static func fileName(split: String, number: Int) -> String {
        let digits = String(number)
        return "\(split)-\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits).tokens"
    }
}

/// Cuts splits of a text into shards, where the text alone decides: so the files do not depend on how many threads there are.
struct ShardPlan {
    let text: CleanText
    let vocabulary: any Vocabulary
    /// The most bytes that are encoded in one go where there is no place to cut: what is longer would fill the memory.
    static let longestUncut = 8 << 20

    /// The shards of a split: 64 of the whole text, but none below 1 MiB or above 32 MiB, as far as there are places to cut.
    func shards(of split: String, _ range: Range<Int>) throws -> [Shard] {
        let size = min(max(text.file.bytes.count / 64, 1 << 20), 32 << 20)
        var shards: [Shard] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let end =
                range.upperBound - start <= size ? range.upperBound : try self.end(from: start, size, range.upperBound)
            shards.append(Shard(split: split, number: shards.count, range: start..<end))
            start = end
        }
        return shards
    }

    /// Behind the last document that ends within reach, or else at a cut of the document that goes on there.
    private func end(from start: Int, _ size: Int, _ limit: Int) throws -> Int {
        let ends = text.documentEnds
        let document = ends.document(at: start + size)
        if document > 0, ends[document - 1] >= start + size / 2 { return ends[document - 1] }
        let from = max(start, ends.start(document))
        let rest = UnsafeBufferPointer(rebasing: text.file.bytes[from..<min(limit, ends[document])])
        do throws(DataError) { return from + (try vocabulary.checkedCut(rest, before: start + size - from)) } catch {
            throw DataError(error.place, byteOffset: (error.byteOffset ?? 0) + from, error.message)
        }
    }
}

extension Vocabulary {
    /// A place to cut at up to `limit`, or else as little beyond it as doubling it finds.
    ///
    /// - Throws: ``DataError`` where there is none in ``ShardPlan/longestUncut`` bytes.
    func checkedCut(_ text: UnsafeBufferPointer<UInt8>, before limit: Int) throws(DataError) -> Int {
        var limit = limit
        while true {
            let end = limit >= text.count ? text.count : cut(text, before: limit)
            if end > 0 { return end }
            guard limit < ShardPlan.longestUncut else {
                throw DataError(
                    "text", byteOffset: 0,
                    "there is no place to cut in the \(ShardPlan.longestUncut >> 20) MiB from here on, and encoding them in one go would fill the memory; "
                        + "take them out, with the cleaning step 'replace' or 'length' say, or use the tokenizer 'byte'"
                )
            }
            limit = min(2 * limit, ShardPlan.longestUncut)
        }
    }
}
