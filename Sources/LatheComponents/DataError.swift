public import LatheSystem

/// A problem with a text, a token file or a tokenizer that the user can fix.
public struct DataError: Error, Sendable, CustomStringConvertible {
    /// The file, or another name for the place.
    public var place: String
    /// The first byte concerned, from 0.
    public var byteOffset: Int?
    /// What is wrong and what to do.
    public var message: String

    public init(_ place: String, byteOffset: Int? = nil, _ message: String) {
        self.place = place
        self.byteOffset = byteOffset
        self.message = message
    }

    /// `input.txt: byte 17: …`
    public var description: String {
        place + (byteOffset.map { ": byte \($0)" } ?? "") + ": " + message
    }
}

extension DataError {
    /// - Parameter advice: what to do.
    public init(_ error: FileError, byteOffset: Int? = nil, advice: String? = nil) {
        self.init(
            error.path, byteOffset: byteOffset,
            "cannot be \(error.participle): \(error.reason)" + (advice.map { "; \($0)" } ?? ""))
    }
}

extension MappedFile {
    public convenience init(data path: String) throws(DataError) {
        do throws(FileError) { try self.init(path) } catch { throw DataError(error) }
    }
}
