import Foundation
import LatheComponents
import LatheData
import LatheDataSources
import LatheLoaders
import LatheSpec
import LatheTokenizers
import Testing

private func prepare(_ request: DataRequest, _ cache: DataCache, threads: Int = 2) throws -> PreparedData {
    try DataPreparation(request, cache: cache, threads: threads).run()
}

private func ids(_ tokens: TokenSequence) -> [Int32] { (0..<tokens.count).map { tokens[$0] } }

private func little<ID: FixedWidthInteger>(_ ids: [ID]) -> [UInt8] {
    ids.map(\.littleEndian).withUnsafeBytes { Array($0) }
}

private func tokenRequest(
    _ path: String, validation: [String] = [], split: SplitConfig = SplitConfig(train: 0.5, validation: 0.5)
) -> DataRequest {
    var config = TokenSource.Config()
    config.path = [SpecPath(path)]
    config.validation = validation.map { SpecPath($0) }
    return DataRequest(
        source: Chosen(TokenSource.self, config), split: split, tokenizer: choose(ByteTokenizer.self, .init()))
}

@Suite struct DocumentTests {
    private static let bpe: Chosen<any Tokenizer> = {
        var config = BytePairTokenizer.Config()
        config.vocabularySize = 300
        return choose(BytePairTokenizer.self, config)
    }()

    @Test func endOfTextStandsBetweenDocuments() throws {
        let folder = TemporaryFolder()
        let texts = (0..<10).map { "document number \($0) of some\nwords" }
        var request = DataRequest(
            source: CountedSource.chosen(texts), split: SplitConfig(train: 0.6, validation: 0.4, by: .documents),
            tokenizer: Self.bpe)
        let data = try prepare(request, folder.cache)
        let end = Int32(try #require(data.vocabulary.endOfText))
        for (split, documents) in [(data.train, Array(texts[..<6])), (data.validation, Array(texts[6...]))] {
            let parts = ids(split.tokens).split(separator: end, omittingEmptySubsequences: false)
            #expect(parts.count == documents.count)
            for (part, document) in zip(parts, documents) {
                var bytes: [UInt8] = []
                for id in part { data.vocabulary.decode(Int(id), into: &bytes) }
                #expect(String(decoding: bytes, as: UTF8.self) == document)
            }
            let ends = try #require(split.tokens.documents)
            #expect(ends.count == documents.count && ends.last == split.tokens.count)
            for document in 0..<(ends.count - 1) { #expect(split.tokens[ends[document] - 1] == end) }
            #expect(split.bytes == documents.joined().utf8.count)
        }
        #expect(data.card.splits.map(\.documents) == [6, 4])
        #expect(data.validation.segments.tokenCount == data.validation.tokens.count)
        request.endOfText = false
        let joined = try prepare(request, folder.cache)
        #expect(!ids(joined.train.tokens).contains(end) && joined.train.tokens.documents?.count == 6)
        // A single document needs no separator: its text's tokens are the only ones.
        let single = try prepare(
            DataRequest(source: CountedSource.chosen([texts.joined()]), tokenizer: Self.bpe), folder.cache)
        #expect(!ids(single.train.tokens).contains(end))
    }

    @Test func shardsAndThreadsChangeNothing() throws {
        let folder = TemporaryFolder(), other = TemporaryFolder()
        var random = SplitMix(state: 4)
        let texts = (0..<300).map { _ in
            String(repeating: randomText(&random, length: 40) + "\n", count: Int.random(in: 1...500, using: &random))
        }
        let request = DataRequest(source: CountedSource.chosen(texts), tokenizer: Self.bpe)
        let one = try prepare(request, folder.cache, threads: 1), four = try prepare(request, other.cache, threads: 4)
        let shards = try FileManager.default.contentsOfDirectory(atPath: one.folder).filter { $0.hasSuffix(".tokens") }
        #expect(shards.count > 3, "\(shards)")
        #expect(ids(one.train.tokens) == ids(four.train.tokens) && one.card == four.card)
        #expect(one.train.segments == four.train.segments && one.validation.segments == four.validation.segments)
        // Equal to encoding document by document.
        var whole = EncodedText(keepsOrigins: false), expected: [Int32] = []
        var start = 0
        for text in texts {
            let end = min(start + text.utf8.count, one.train.bytes)
            whole.removeAll()
            try withBytes(String(decoding: Array(text.utf8)[..<(end - start)], as: UTF8.self)) {
                try one.vocabulary.encode($0, into: &whole)
            }
            expected += whole.ids.map { Int32($0) }
            start = end
            if start == one.train.bytes { break }
            expected.append(Int32(one.vocabulary.endOfText ?? -1))
        }
        #expect(ids(one.train.tokens) == expected)
    }

    /// The files of a killed process are used; damaged ones are made again.
    @Test func interruptedWorkResumes() throws {
        struct Stop: Error {}
        let folder = TemporaryFolder()
        let text = String(repeating: "to be or not to be, that is the question\n", count: 100_000)
        let request = DataRequest(source: CountedSource.chosen([text]), tokenizer: Self.bpe)
        let expected = try prepare(request, folder.cache)
        let made = expected.folder, key = (made as NSString).lastPathComponent
        let workshop = folder.cache.root + "/tmp/tokens-" + key
        let files = FileManager.default
        // As if killed: a complete shard has a record, which a complete entry no longer has; other shards are half
        // written.
        try files.createDirectory(atPath: workshop, withIntermediateDirectories: true)
        try Data("half".utf8).write(to: URL(fileURLWithPath: workshop + "/train-00001.tokens"))
        try Data("half".utf8).write(to: URL(fileURLWithPath: workshop + "/train-00002.tokens.record"))
        try Data("half".utf8).write(to: URL(fileURLWithPath: workshop + "/card.json"))
        try Data("half".utf8).write(to: URL(fileURLWithPath: workshop + "/fitted.record"))
        try files.removeItem(atPath: made)
        let again = try prepare(request, folder.cache)
        #expect(ids(again.train.tokens) == ids(expected.train.tokens) && again.card == expected.card)
        #expect(
            try files.contentsOfDirectory(atPath: made).allSatisfy { !$0.contains("record") && !$0.contains("partial") }
        )
    }

    @Test func loadersKeepWithinDocuments() {
        let ends = DocumentEnds([3, 4, 14, 14, 20])
        let memory = (0..<20).map { UInt32($0) }
        final class Owner: @unchecked Sendable {  // never written to after init
            let ids: UnsafeMutablePointer<UInt32>
            init(_ ids: [UInt32]) {
                self.ids = .allocate(capacity: ids.count)
                self.ids.initialize(from: ids, count: ids.count)
            }
            deinit { ids.deallocate() }
        }
        let owner = Owner(memory)
        let tokens = TokenSequence(
            base: UnsafeRawPointer(owner.ids), count: 20, width: .four, owner: owner, documents: ends)
        let shape = BatchShape(rows: 2, context: 4)
        func windows(_ batches: any BatchSequence, steps: Int) -> [[Int32]] {
            let inputs = UnsafeMutablePointer<Int32>.allocate(capacity: shape.tokens)
            let targets = UnsafeMutablePointer<Int32>.allocate(capacity: shape.tokens)
            let continues = UnsafeMutablePointer<Bool>.allocate(capacity: shape.rows)
            defer {
                inputs.deallocate()
                targets.deallocate()
                continues.deallocate()
            }
            let batch = Batch(inputs: inputs, targets: targets, continues: continues, shape: shape)
            var windows: [[Int32]] = []
            for step in 0..<steps {
                batches.fill(batch, step: step)
                for row in 0..<shape.rows { windows.append((0..<4).map { targets[row * 4 + $0] }) }
            }
            return windows
        }
        var sequential = Sequential.Config()
        sequential.withinDocuments = true
        let batches = Sequential(sequential).batches(of: tokens, shape: shape, seed: 1)
        #expect(batches.batchesPerEpoch == 3)
        #expect(
            windows(batches, steps: 3) == [
                [1, 2, -1, -1], [5, 6, 7, 8], [9, 10, 11, 12], [13, -1, -1, -1], [15, 16, 17, 18], [19, -1, -1, -1],
            ])
        var random = RandomWindows.Config()
        random.withinDocuments = true
        var seen: Set<Int32> = []
        for window in windows(RandomWindows(random).batches(of: tokens, shape: shape, seed: 1), steps: 200) {
            let targets = window.filter { $0 >= 0 }
            guard let first = targets.first, let last = targets.last else { continue }
            #expect(ends.document(at: Int(first) - 1) == ends.document(at: Int(last)), "\(window)")
            #expect(targets.count == 4 || ends.document(at: Int(last)) == 0, "\(window)")
            seen.formUnion(targets)
        }
        #expect(seen == Set([1, 2] + (5...13).map { Int32($0) } + (15...19).map { Int32($0) }))
    }

    @Test func readyTokensAreUsedAsTheyAre() throws {
        let folder = TemporaryFolder()
        let text = Array("some tokens that are bytes, one after the other\n".utf8)
        let wide = little(text.map { UInt16($0) })
        let nanogpt = folder.file("a.bin", wide)
        let header = [20_240_520, 1, Int32(text.count)] + [Int32](repeating: 0, count: 253)
        let header32 = [20_240_801, 7, Int32(text.count)] + [Int32](repeating: 0, count: 253)
        let llmc = folder.file("b.bin", little(header) + wide)
        let llmc32 = folder.file("c.bin", little(header32) + little(text.map { UInt32($0) }))
        for path in [nanogpt, llmc, llmc32] {
            let data = try prepare(tokenRequest(path), folder.cache)
            #expect(ids(data.train.tokens) + ids(data.validation.tokens) == text.map { Int32($0) })
            #expect(data.train.bytes == 24 && data.validation.segments.bytes == 24 && data.text == nil)
            let apart = try prepare(tokenRequest(nanogpt, validation: [path]), folder.cache)
            #expect(ids(apart.train.tokens) == text.map { Int32($0) } && apart.validation.tokens.count == text.count)
        }
        // Exported again.
        let data = try prepare(tokenRequest(nanogpt), folder.cache)
        try TokenExport(data, format: .nanogpt).write(to: folder.path + "/out")
        try TokenExport(data, format: .llmc).write(to: folder.path + "/out")
        func bytes(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/out/" + name)))
        }
        #expect(try bytes("train.bin") + bytes("val.bin") == wide)
        #expect(
            try bytes("train_000000.bin") == little([20_240_520, 1, 24] + [Int32](repeating: 0, count: 253))
                + wide[..<48])
        #expect(try bytes("val_000000.bin").count == 1024 + 48)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out").sorted() == [
                "data-card.json", "data-card.md", "train.bin", "train_000000.bin", "val.bin", "val_000000.bin",
            ])
    }

    @Test func leakageAndDuplicatesAreSeen() throws {
        let folder = TemporaryFolder()
        var random = SplitMix(state: 8)
        func words(_ count: Int) -> String {
            (0..<count).map { _ in String(UInt32.random(in: 0...99_999, using: &random), radix: 36) }
                .joined(separator: " ") + "\n"
        }
        let training = (0..<8).map { _ in words(100) }, fresh = words(100)
        let documents = training + [training[3], fresh]
        let data = try prepare(
            DataRequest(
                source: CountedSource.chosen(documents),
                split: SplitConfig(train: 0.8, validation: 0.2, by: .documents),
                tokenizer: choose(ByteTokenizer.self, .init())), folder.cache)
        let leakage = try #require(data.card.leakage)
        #expect(leakage.sampledRuns == 176 && leakage.sharedRuns == 88 && leakage.interval == 1)
        #expect(leakage.documents.sampled == 2 && leakage.documents.shared == 1)
        #expect(data.card.duplicates?.sampled == 10 && data.card.duplicates?.repeated == 1)
        #expect(data.card.markdown.contains("88 of 176 (50.00 %)"))
    }
}
