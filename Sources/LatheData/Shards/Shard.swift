import LatheComponents
import LatheSystem

/// A part of a split that becomes one token file, made by one thread.
struct Shard: Sendable, Hashable {
    var split: String
    /// From 0 within the split.
    var number: Int
    /// In bytes of text, or in ready-made tokens.
    var range: Range<Int>

    var fileName: String { Self.fileName(split: split, number: number) }

    static func fileName(split: String, number: Int) -> String {
        let digits = String(number)
        return "\(split)-\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits).tokens"
    }
}

/// Cuts splits of a text into shards. The text alone decides where, so the files do not depend on the number of
/// threads.
struct ShardPlan {
    let text: CleanText
    let vocabulary: any Vocabulary
    /// Maximum bytes encoded in one piece where there is no place to cut; more would exhaust memory.
    static let longestUncut = 8 << 20

    /// Shards of 1/64 of the whole text, but at least 1 MiB and at most 32 MiB, as far as there are places to cut.
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

    /// After the last document that ends within reach, or else at a cut within the document that continues there.
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
    /// The number of tokens that stand for text.
    var textTokens: Int { size - (endOfText == nil ? 0 : 1) }

    /// A place to cut at or before `limit`; failing that, the first one found by doubling the limit.
    ///
    /// - Throws: ``DataError`` if there is none within ``ShardPlan/longestUncut`` bytes.
    func checkedCut(_ text: UnsafeBufferPointer<UInt8>, before limit: Int) throws(DataError) -> Int {
        var limit = limit
        while true {
            let end = limit >= text.count ? text.count : cut(text, before: limit)
            if end > 0 { return end }
            guard limit < ShardPlan.longestUncut else {
                throw DataError(
                    "text", byteOffset: 0,
                    "there is no place to cut in the \(ShardPlan.longestUncut >> 20) MiB from here on, "
                        + "and encoding them in one piece would exhaust memory; "
                        + "remove them, for example with the cleaning step 'replace' or 'length', "
                        + "or use the tokenizer 'byte'"
                )
            }
            limit = min(2 * limit, ShardPlan.longestUncut)
        }
    }
}
