import LatheSystem

/// Removed when the test releases it.
final class TemporaryFolder {
    let path: String

    init() throws { path = try DurableFolder.temporary("lathe") }

    deinit { try? DurableFolder.remove(path) }

    func file(_ name: String) -> String { path + "/" + name }

    /// Creates the file's folder too.
    func write(_ text: String, to name: String) throws { try write(text.utf8, to: name) }

    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try DurableFolder.create(Path.parent(of: file(name)))
        try DurableFile.writeUnsynced(Array(bytes), to: file(name))
    }

    func text(_ name: String) throws -> String { String(decoding: try DurableFile.read(file(name)), as: UTF8.self) }

    var names: [String] { get throws { try DurableFolder.names(in: path) } }
}
