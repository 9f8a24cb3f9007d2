import Foundation
import LatheComponents
import LatheWeb

/// Removed when released.
final class TemporaryFolder: Sendable {
    let path = NSTemporaryDirectory() + "lathe-web-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Paths of everything in it, recursively.
    var files: [String] { FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? [] }
}

func documents(_ corpus: Corpus) throws -> [String] {
    var found: [String] = [""]
    var reader = try corpus.reader()
    try reader.forEach { passage in
        found[found.count - 1] += passage.text
        if passage.endsDocument { found.append("") }
    }
    return found.dropLast()
}

/// The source `web` with short delays.
func web(_ urls: [String], _ change: (inout WebSource.Config) -> Void = { _ in }) -> WebSource {
    var config = WebSource.Config()
    config.urls = urls
    config.delay = 0
    config.retryDelay = 0.01
    config.timeout = 10
    change(&config)
    return WebSource(config)
}

/// Fetches pages with `folder` as the cache, and returns their text.
func fetch(
    _ urls: [String], in folder: TemporaryFolder, _ change: (inout WebSource.Config) -> Void = { _ in }
) throws -> [String] {
    try documents(try web(urls, change).gather(SourceContext(folder: folder.path)))
}

/// The error's text; nil if nothing is thrown.
func failure(_ body: () throws -> Void) -> String? {
    do { try body() } catch let error as DataError { return error.description } catch {
        return "another error: \(error)"
    }
    return nil
}

/// A page with enough text to be told from its surroundings.
func article(_ sentence: String, head: String = "", around: String = "") -> String {
    """
    <!DOCTYPE html><html><head><title>A page</title>\(head)</head><body>\(around)
    <article>\(String(repeating: "<p>\(sentence), and so on, as long as it takes, with a comma or two.</p>\n", count: 8))</article>
    </body></html>
    """
}
