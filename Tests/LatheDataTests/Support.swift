import Foundation
import LatheComponents
import LatheData
import LatheDataSources
import LatheSpec
import LatheTokenizers
import Testing

func choose<C: Component>(_: C.Type, _ config: C.Config) -> Chosen<C.Product> {
    Chosen(kind: C.kind.name, name: C.name, revision: C.revision, config: config) {
        let component = C(config)
        return (component, component.product)
    }
}

/// Removed when the test ends.
final class TemporaryFolder {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "lathe-data-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var cache: DataCache { DataCache(root: path + "/cache") }

    func file(_ name: String, _ bytes: [UInt8]) -> String {
        _ = FileManager.default.createFile(atPath: path + "/" + name, contents: Data(bytes))
        return path + "/" + name
    }

    func file(_ name: String, _ text: String) -> String { file(name, Array(text.utf8)) }
}

/// A source of given documents that counts how often it is read.
struct CountedSource: DataSource {
    struct Config: ComponentConfig {
        @Field("Documents.") var documents: [String] = []
    }
    static let name = "counted"
    static let summary = "Documents of a test."

    final class Counter: @unchecked Sendable {  // guarded by lock
        private let lock = NSLock()
        private var reads = 0
        func count() { lock.withLock { reads += 1 } }
        var value: Int { lock.withLock { reads } }
    }

    let config: Config
    var counter = Counter()
    init(_ config: Config) { self.config = config }

    func gather(_ context: SourceContext) -> Corpus {
        Corpus(files: []) {
            counter.count()
            return GivenPassages(config.documents.map { Passage(text: $0, endsDocument: true) })
        }
    }

    static func chosen(_ documents: [String], counter: Counter = Counter()) -> Chosen<any DataSource> {
        var config = Config()
        config.documents = documents
        let fixed = config
        return Chosen(kind: "source", name: name, config: fixed) {
            var source = CountedSource(fixed)
            source.counter = counter
            return (source, source)
        }
    }
}

struct GivenPassages: PassageReader {
    private var rest: ArraySlice<Passage>
    init(_ passages: [Passage]) { rest = passages[...] }
    mutating func next() -> Passage? { rest.popFirst() }
}

func documents(_ source: any DataSource) throws -> [String] {
    var documents = [""]
    var reader = try source.gather(SourceContext(folder: "/nowhere")).reader()
    while let passage = try reader.next() {
        #expect(passage.text.utf8.count <= Passage.usualBytes)
        documents[documents.count - 1] += passage.text
        if passage.endsDocument { documents.append("") }
    }
    #expect(documents.last == "")
    return documents.dropLast()
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}

func randomText(_ random: inout SplitMix, length: Int) -> String {
    let favourites = Array(
        " \n\t.,'-U.S. COVID-19 don’t  \r\né e\u{301} ß 中文 😀 \u{200d}\u{0} 1,000 3.5% \u{a0}\u{2028}ﬁ Ⅷ ٣"
            .unicodeScalars)
    var text = String.UnicodeScalarView()
    for _ in 0..<length {
        if Bool.random(using: &random) {
            text.append(favourites[Int.random(in: 0..<favourites.count, using: &random)])
        } else if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10_ffff, using: &random)) {
            text.append(scalar)
        }
    }
    return String(text)
}

func withBytes<R>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    try Array(text.utf8).withUnsafeBufferPointer(body)
}

/// Whether an error is a data error whose text contains all of `parts`.
func isDataError(_ error: any Error, _ parts: String...) -> Bool {
    guard let error = error as? DataError else { return false }
    return parts.allSatisfy { error.description.contains($0) }
}

func fileSource(_ path: String) -> Chosen<any DataSource> {
    var config = TextSource.Config()
    config.path = [SpecPath(path)]
    return choose(TextSource.self, config)
}
