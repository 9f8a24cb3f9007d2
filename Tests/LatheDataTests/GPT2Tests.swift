import Foundation
import LatheComponents
import LatheData
import LatheSpec
import LatheTokenizers
import Testing

/// Published token counts and hashes; the hashes cover tiktoken's ids as little-endian uint16.
@Suite(.enabled(if: SharedData.isThere, "needs ../shared/data beside the repository"))
struct GPT2Tests {
    private func prepare(_ path: String, in folder: TemporaryFolder, train: Double = 0.9) throws -> PreparedData {
        try DataPreparation(
            DataRequest(
                source: fileSource(path), split: SplitConfig(train: train, validation: 1 - train),
                tokenizer: choose(GPT2Tokenizer.self, .init(path: SharedData.vocabulary))), cache: folder.cache
        ).run()
    }

    private func uint16(_ tokens: TokenSequence) -> [UInt8] {
        (0..<tokens.count).flatMap {
            [UInt8(truncatingIfNeeded: tokens[$0]), UInt8(truncatingIfNeeded: tokens[$0] >> 8)]
        }
    }

    @Test func tinyShakespeare() throws {
        let folder = TemporaryFolder()
        let data = try prepare(SharedData.shakespeare, in: folder)
        #expect(data.train.tokens.count == 301_966)
        #expect(data.validation.tokens.count == 36_059)
        #expect(data.vocabulary.size == 50_257)
        #expect(data.vocabulary.endOfText == 50_256)
        let train = uint16(data.train.tokens), validation = uint16(data.validation.tokens)
        #expect(digest(train) == "502a2bdc8210d1ac5d5674867cb74467dd31db575d25cf6dbb08c8bdbea8680f")
        #expect(digest(validation) == "68a53422394c26a655ebe641f5c6f49888e8f4e45fe5d6f02abda63ba3ebd65b")
        let whole = try encode(data.vocabulary, try Data(contentsOf: URL(fileURLWithPath: SharedData.shakespeare)))
        #expect(whole.count == 338_025)
        let bytes = whole.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        #expect(digest(bytes) == "25c01b32b32f41897a6359dd222ec114992dc30c357bcafbfe6c56672f76cd31")
    }

    @Test func wikiText2() throws {
        let vocabulary = try fit(GPT2Tokenizer(.init(path: SharedData.vocabulary)))
        let text = try Data(contentsOf: URL(fileURLWithPath: SharedData.wikiTextValidation))
        #expect(try encode(vocabulary, text).count == 258_659)
    }

    /// The ranks that `vocab.bpe` implies are tiktoken's r50k_base, byte for byte: they are read, and give equal ids.
    @Test func ranks() throws {
        let folder = TemporaryFolder()
        let merges = try fit(GPT2Tokenizer(.init(path: SharedData.vocabulary)))
        var ranks = ""
        for id in 0..<50_256 {
            var bytes: [UInt8] = []
            merges.decode(id, into: &bytes)
            ranks += Data(bytes).base64EncodedString() + " \(id)\n"
        }
        let vocabulary = try fit(GPT2Tokenizer(.init(path: folder.file("r50k_base.tiktoken", ranks))))
        let text = try Data(contentsOf: URL(fileURLWithPath: SharedData.wikiTextValidation))
        #expect(try encode(vocabulary, text) == encode(merges, text))
    }

    private func digest(_ bytes: [UInt8]) -> String {
        let folder = TemporaryFolder()
        let path = folder.file("ids", bytes)
        return (try? ContentHashes(cache: folder.cache).hash(ofFile: path)) ?? ""
    }
}
