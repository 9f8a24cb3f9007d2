import Foundation
import LatheCleaning
import LatheComponents
import LatheData
import LatheDataSources
import LatheSpec
import LatheSystem
import LatheTokenizers
import Testing

private func textRequest(_ paths: [String], split: SplitConfig = SplitConfig()) -> DataRequest {
    var config = TextSource.Config()
    config.path = paths.map { SpecPath($0) }
    return DataRequest(
        source: choose(TextSource.self, config), split: split, tokenizer: choose(CharacterTokenizer.self, .init()))
}

private func syntheticRequest(_ tokenizer: Chosen<any Tokenizer>, lowercase: Bool = false) -> DataRequest {
    var config = SyntheticSource.Config()
    config.characters = 60_000
    var cleaning = [choose(StripSpecial.self, .init()), choose(Whitespace.self, .init())]
    if lowercase { cleaning.append(choose(Lowercase.self, .init())) }
    return DataRequest(
        source: choose(SyntheticSource.self, config), cleaning: cleaning,
        split: SplitConfig(train: 0.25, validation: 0.75),
        tokenizer: tokenizer)
}

private func prepare(_ request: DataRequest, _ cache: DataCache) throws -> (
    data: PreparedData, phases: Set<PreparationProgress.Phase>
) {
    var phases: Set<PreparationProgress.Phase> = []
    let data = try DataPreparation(request, cache: cache).run { phases.insert($0.phase) }
    return (data, phases)
}

private func text(_ split: PreparedSplit, of data: PreparedData) -> String {
    String(decoding: data.text.map { Array($0.bytes[split.byteRange]) } ?? [], as: UTF8.self)
}

private func decoded(_ split: PreparedSplit, _ data: PreparedData) -> String {
    var bytes: [UInt8] = []
    for i in 0..<split.tokens.count { data.vocabulary.decode(Int(split.tokens[i]), into: &bytes) }
    return String(decoding: bytes, as: UTF8.self)
}

private func files(in folder: String) -> [String] {
    (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []).sorted()
}

@Suite struct PreparationTests {
    @Test func splitsByCharacters() throws {
        let folder = TemporaryFolder()
        let source = String(repeating: "aé中😀b\n", count: 37)  // 222 characters
        let split = SplitConfig(train: 0.7, validation: 0.2, test: 0.05)
        let (data, _) = try prepare(textRequest([folder.file("t", source)], split: split), folder.cache)
        let scalars = Array(source.unicodeScalars)
        #expect(data.splits.map(\.characters) == [155, 44, 11])
        let joined =
            text(data.train, of: data) + text(data.validation, of: data) + (data.test.map { text($0, of: data) } ?? "")
        #expect(Array(joined.unicodeScalars) == Array(scalars[..<210]))
        for split in data.splits {
            #expect(decoded(split, data) == text(split, of: data))
            #expect(split.tokens.count == split.characters)
        }
        #expect(data.documentEnds.map(Array.init) == [source.utf8.count])
    }

    @Test func shakespeareSplitsAsNanoGPT() throws {
        let path = ["../shared/data/tinyshakespeare/input.txt", "../../shared/data/tinyshakespeare/input.txt"].first {
            FileManager.default.fileExists(atPath: $0)
        }
        guard let path else {
            print("skipped: ../shared/data/tinyshakespeare/input.txt is not here")
            return
        }
        let folder = TemporaryFolder()
        var request = textRequest([path])
        var config = CharacterTokenizer.Config()
        config.unknown = false
        request.tokenizer = choose(CharacterTokenizer.self, config)
        let (data, _) = try prepare(request, folder.cache)
        #expect(data.train.tokens.count == 1_003_854)
        #expect(data.validation.tokens.count == 111_540)
        #expect(data.vocabulary.size == 65)
    }

    @Test func secondRunReusesEverything() throws {
        let folder = TemporaryFolder()
        let path = folder.file("t", String(repeating: "to be or not to be\n", count: 10_000))
        // A file changed a moment ago is hashed again: it may change within the same clock tick.
        usleep(60_000)
        let (first, cold) = try prepare(textRequest([path]), folder.cache)
        #expect(!first.isReused && cold.isSuperset(of: [.hashing, .cleaning, .fitting, .encoding]))
        let (second, warm) = try prepare(textRequest([path]), folder.cache)
        #expect(second.isReused && warm.isEmpty, "\(warm)")
        #expect(second.dataHash == first.dataHash && second.tokenizerHash == first.tokenizerHash)
        #expect(second.train.segments == first.train.segments)
        let counter = CountedSource.Counter()
        let request = DataRequest(
            source: CountedSource.chosen(["some text\n", "and more\n"], counter: counter),
            tokenizer: choose(ByteTokenizer.self, .init()))
        let (counted, _) = try prepare(request, folder.cache)
        #expect(counted.documentEnds.map(Array.init) == [10, 19])
        _ = try prepare(request, folder.cache)
        #expect(counter.value == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.cache.root + "/tmp").isEmpty)
    }

    @Test func changesAreNoticed() throws {
        let folder = TemporaryFolder()
        let path = folder.file("t", String(repeating: "abcdefg\n", count: 500))
        usleep(60_000)
        let (first, _) = try prepare(textRequest([path]), folder.cache)
        // The same size and modification time.
        let before = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.seek(toOffset: 100)
        handle.write(Data("X".utf8))
        try handle.close()
        try FileManager.default.setAttributes([.modificationDate: try #require(before)], ofItemAtPath: path)
        let (second, _) = try prepare(textRequest([path]), folder.cache)
        #expect(!second.isReused && second.dataHash != first.dataHash)
        let (third, _) = try prepare(textRequest([path], split: SplitConfig(train: 0.5, validation: 0.5)), folder.cache)
        #expect(!third.isReused && third.train.characters == 2000)
        var request = textRequest([path])
        request.tokenizer = choose(ByteTokenizer.self, .init())
        #expect(try prepare(request, folder.cache).data.vocabulary.size == 256)
        request.cleaning = [choose(Lowercase.self, .init())]
        #expect(try !prepare(request, folder.cache).data.isReused)
        #expect(try prepare(textRequest([path]), folder.cache).data.isReused)
        // The same contents elsewhere are the same data.
        let copy = folder.path + "/copy"
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        #expect(try prepare(textRequest([copy]), folder.cache).data.isReused)
    }

    @Test func damageIsRepaired() throws {
        let folder = TemporaryFolder()
        let request = syntheticRequest(choose(ByteTokenizer.self, .init()))
        let (first, _) = try prepare(request, folder.cache)
        let all = files(in: folder.cache.root).filter { $0.hasPrefix("text/") || $0.hasPrefix("tokens/") }
            .filter { path in
                !["text", "tokens"].contains { path.hasPrefix($0) && path.split(separator: "/").count < 3 }
            }
        #expect(all.count >= 12)
        for name in all {
            let path = folder.cache.root + "/" + name
            let isEmpty = try Data(contentsOf: URL(fileURLWithPath: path)).isEmpty
            for damage in isEmpty ? ["removed"] : ["truncated", "flipped", "removed"] {
                var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
                switch damage {
                case "truncated": bytes.removeLast(bytes.count / 2)
                case "flipped": bytes[bytes.count / 2] ^= 0x20
                default: break
                }
                if damage == "removed" {
                    try FileManager.default.removeItem(atPath: path)
                } else {
                    try Data(bytes).write(to: URL(fileURLWithPath: path))
                }
                let (again, phases) = try prepare(request, folder.cache)
                #expect(
                    again.dataHash == first.dataHash && again.train.segments == first.train.segments,
                    "\(name) \(damage)")
                #expect(decoded(again.validation, again) == text(again.validation, of: again))
                // checked.json only saves time, and data cards are rewritten; damage to any other file rebuilds the
                // entry.
                let isSpare = name.hasSuffix("checked.json") || name.contains("data-card")
                #expect(again.isReused == isSpare, "\(name) \(damage)")
                #expect(phases.contains(.rebuilding) != isSpare, "\(name) \(damage)")
            }
        }
        #expect(try prepare(request, folder.cache).data.isReused)
    }

    @Test func errorsLeaveNothing() throws {
        struct Stop: Error {}
        let folder = TemporaryFolder()
        let path = folder.file("t", String(repeating: "word ", count: 20_000))
        for phase in [PreparationProgress.Phase.cleaning, .fitting, .encoding] {
            #expect(throws: Stop.self) {
                try DataPreparation(textRequest([path]), cache: folder.cache).run {
                    if $0.phase == phase { throw Stop() }
                }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.cache.root + "/tmp").isEmpty)
        }
        #expect(try !prepare(textRequest([path]), folder.cache).data.isReused)
        #expect { try prepare(textRequest([folder.file("one", "x")]), folder.cache) } throws: {
            isDataError($0, "train split is empty")
        }
        var request = DataRequest(source: CountedSource.chosen(["***"]), tokenizer: choose(ByteTokenizer.self, .init()))
        request.cleaning = [choose(StripSpecial.self, .init())]
        #expect { try prepare(request, folder.cache) } throws: {
            isDataError($0, "cleaning left nothing", "data.cleaning")
        }
        #expect { try prepare(textRequest([path]), DataCache(root: path + "/cache")) } throws: {
            isDataError($0, "LATHE_CACHE")
        }
        let short = try prepare(textRequest([path]), folder.cache).data
        #expect { try short.validation.check(needed: 1_000_000, for: "a window") } throws: {
            isDataError($0, "validation split has 10000 tokens", "1000000")
        }
        var config = CharacterTokenizer.Config()
        config.unknown = false
        let unseen = DataRequest(
            source: CountedSource.chosen([String(repeating: "abc", count: 30) + "z"]),
            tokenizer: choose(CharacterTokenizer.self, config))
        #expect { try prepare(unseen, folder.cache) } throws: { isDataError($0, "validation split", "byte 90", "'z'") }
    }

    @Test func onePreparesOthersWait() async throws {
        let folder = TemporaryFolder()
        let cache = folder.cache
        let counter = CountedSource.Counter()
        let source = CountedSource.chosen(
            [String(repeating: "some text to prepare\n", count: 50_000)], counter: counter)
        let request = DataRequest(source: source, tokenizer: choose(WordTokenizer.self, .init()))
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<4 { group.addTask { try DataPreparation(request, cache: cache).run().dataHash } }
            var hashes: Set<String> = []
            for try await hash in group { hashes.insert(hash) }
            #expect(hashes.count == 1)
        }
        #expect(counter.value == 1)
    }

    /// Another process holds the lock on the text for a while, by the system's own `flock`.
    @Test func waitsForAnotherProcess() throws {
        let folder = TemporaryFolder()
        let request = DataRequest(
            source: CountedSource.chosen(["one two three four"]), tokenizer: choose(ByteTokenizer.self, .init()))
        _ = try prepare(request, folder.cache)
        let lock = try #require(files(in: folder.cache.root + "/locks").first { $0.hasPrefix("text-") })
        try FileManager.default.removeItem(atPath: folder.cache.root + "/text")
        try FileManager.default.removeItem(atPath: folder.cache.root + "/tokens")
        let other = Process()
        other.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        other.arguments = [folder.cache.root + "/locks/" + lock, "sh", "-c", "echo held; sleep 1"]
        let pipe = Pipe()
        other.standardOutput = pipe
        guard (try? other.run()) != nil else {
            print("skipped: there is no flock command here")
            return
        }
        _ = pipe.fileHandleForReading.readData(ofLength: 5)
        let (data, phases) = try prepare(request, folder.cache)
        #expect(phases.contains(.waiting) && !data.isReused)
        other.waitUntilExit()
    }

    @Test func segmentsAndFloor() throws {
        let folder = TemporaryFolder()
        let (bytes, _) = try prepare(syntheticRequest(choose(ByteTokenizer.self, .init())), folder.cache)
        let (words, _) = try prepare(syntheticRequest(choose(WordTokenizer.self, .init())), folder.cache)
        #expect(bytes.cleaningChanges.allSatisfy { $0.count == 0 })
        for data in [bytes, words] {
            let table = data.validation.segments
            #expect(table.bytes == data.validation.bytes && table.tokenCount == data.validation.tokens.count)
            #expect(data.train.segments.bytes == data.train.bytes)
            #expect(table.firstTokens == table.firstTokens.sorted() && table.firstTokens[0] == 0)
            #expect((0..<table.count).reduce(0) { $0 + table.bytes(of: $1) } == table.bytes)
            for token in stride(from: 0, to: table.tokenCount, by: 37) {
                let segment = table.segment(ofToken: token)
                #expect(table.firstTokens[segment] <= token && token < table.firstTokens[segment + 1])
            }
        }
        #expect(bytes.validation.segments.firstTokens[3] == 3 * 1024)
        #expect(bytes.validation.segments.spellingNats.allSatisfy { $0 == 0 })
        #expect(words.validation.segments.spellingNats.contains { $0 > 0 })
        #expect(words.validation.segments.knownNats == bytes.validation.segments.knownNats)
        let language = SyntheticLanguage()
        let corpus = try #require(bytes.text)
        let whole = try #require(language.codeLength(of: corpus.bytes, in: bytes.validation.byteRange))
        let floor = try #require(bytes.validation.segments.knownTotal)
        #expect(abs(whole - floor) < 1e-6 * whole)
        let scope = bytes.validation.segments.prefix(bytes: 5000)
        #expect(scope.bytes == 5120 && scope.count == 5 && scope.tokenCount == 5120 && scope.knownNats?.count == 5)
        let start = bytes.validation.byteRange.lowerBound
        let part = try #require(language.codeLength(of: corpus.bytes, in: start..<(start + 5120)))
        #expect(abs(part - (scope.knownTotal ?? 0)) < 1e-6 * whole)
        #expect(bytes.trainingByteEntropy > 4 && bytes.validationByteEntropy > 4 && bytes.floorUnknownReason == nil)
        let (lower, _) = try prepare(
            syntheticRequest(choose(ByteTokenizer.self, .init()), lowercase: true), folder.cache)
        #expect(lower.validation.segments.knownNats == nil)
        #expect(lower.floorUnknownReason?.contains("cleaning") == true)
    }

    @Test func trainingIsScoredOnAsManyBytes() throws {
        let folder = TemporaryFolder()
        let path = folder.file("t", String(repeating: "to be or not to be\n", count: 5_000))
        let (data, _) = try prepare(textRequest([path]), folder.cache)
        #expect(data.validation.bytes == 9_500 && data.train.segments.bytes == 9_500)
        #expect(data.train.segments.tokenCount == 9_500 && data.train.tokens.count == 85_500)
    }
}

@Suite struct TokenFileTests {
    @Test func idsAreChecked() throws {
        let folder = TemporaryFolder()
        func bytes(_ ids: [UInt16]) -> [UInt8] { ids.map(\.littleEndian).withUnsafeBytes { Array($0) } }
        let ids = (0..<10_001).map { UInt16($0 % 300) }
        let good = folder.file("good", bytes(ids))
        #expect(try TokenFile.open(good, width: .two, vocabularySize: 300).count == 10_001)
        var bad = ids
        bad[9_000] = 300
        #expect { try TokenFile.open(folder.file("bad", bytes(bad)), width: .two, vocabularySize: 300) } throws: {
            isDataError($0, "bad", "byte 18000", "id 300", "300")
        }
        let odd = folder.file("odd", bytes(ids) + [7])
        #expect { try TokenFile.open(odd, width: .two, vocabularySize: 300) } throws: {
            isDataError($0, "byte 20002", "ends within an id")
        }
        let wide = folder.file("wide", [1, 0, 1, 0, 0xff, 0xff, 0xff, 0xff])
        #expect { try TokenFile.open(wide, width: .four, vocabularySize: 70_000) } throws: {
            isDataError($0, "byte 4", "4294967295")
        }
        #expect(try TokenFile.open(folder.file("empty", [UInt8]()), width: .two, vocabularySize: 300).count == 0)
        #expect(throws: DataError.self) { try TokenFile.open(folder.path + "/none", width: .two, vocabularySize: 1) }
        #expect(TokenFile.width(vocabularySize: 65_536) == .two && TokenFile.width(vocabularySize: 65_537) == .four)
    }

    @Test func hashesAreRememberedUntilTheFileChanges() throws {
        let folder = TemporaryFolder()
        let path = folder.file("t", "abc")
        usleep(60_000)
        let hashes = ContentHashes(cache: folder.cache)
        #expect(try hashes.hash(ofFile: path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        var reads = 0
        _ = try hashes.hash(ofFile: path) { _ in reads += 1 }
        #expect(reads == 0)
        try Data("abd".utf8).write(to: URL(fileURLWithPath: path))
        #expect(
            try hashes.hash(ofFile: path) { _ in reads += 1 }
                != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(reads > 0)
        #expect(throws: DataError.self) { try hashes.hash(ofFile: folder.path + "/none") }
    }
}

@Suite struct SplitConfigTests {
    @Test func sharesAreChecked() throws {
        func problems(_ yaml: String) throws -> [String] {
            SplitConfig.read(try Node(parsing: SourceText(yaml, name: "t")), lookup: NoComponents()).problems.map(
                \.message)
        }
        #expect(try problems("{train: 0.25, validation: 0.75}").isEmpty)
        #expect(try problems("{train: 0.8, validation: 0.1, test: 0.1}").isEmpty)
        #expect(try problems("{train: 0.9, validation: 0.2}").contains { $0.contains("at most") })
        #expect(try problems("{train: 0, validation: 0.5}").count == 1)
        #expect(SplitConfig().ends(of: 1_115_394) == (1_003_854, 1_115_394, 1_115_394))
        #expect(SplitConfig(train: 0.7, validation: 0.2, test: 0.1).ends(of: 10) == (7, 9, 10))
    }
}
