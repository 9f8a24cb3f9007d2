import LatheComponents
import LatheSystem

/// The bytes of a vocabulary file, and errors that give the location in it.
struct VocabularyText {
    /// Maximum file size in bytes.
    static let mostBytes = 256 << 20

    /// The file's name in messages.
    let place: String
    let bytes: [UInt8]

    init(place: String, bytes: [UInt8]) {
        self.place = place
        self.bytes = bytes
    }

    /// - Throws: ``DataError`` if the path is not a regular file, or the file is unreadable, empty or too large.
    init(path: String) throws(DataError) {
        do throws(FileError) {
            let status = try FileStatus(path)
            guard status.kind == .file else { throw FileError.folder("read", path) }
            let bytes = try DurableFile.read(path, limit: Self.mostBytes)
            self.init(place: path, bytes: bytes)
        } catch {
            if error.isAbsent { throw DataError(path, "there is no such file; tokenizer.path must name a vocabulary") }
            if error.isFolder { throw DataError(path, "is not a regular file") }
            if error.isTooLarge {
                throw DataError(path, "is larger than \(Self.mostBytes) bytes, the limit for a vocabulary")
            }
            throw DataError(error)
        }
        if bytes.isEmpty { throw DataError(path, "is empty; give a vocabulary file") }
    }

    /// The message gets the line number too.
    func error(at offset: Int, _ message: String) -> DataError {
        let line = 1 + bytes[..<min(offset, bytes.count)].count { $0 == 0x0a }
        return DataError(place, byteOffset: offset, "line \(line): \(message)")
    }

    /// Text of the file as quoted in messages: printable and shortened.
    static func quote(_ text: some Collection<UInt8>) -> String { JSONReader.quoted(text) }
}
