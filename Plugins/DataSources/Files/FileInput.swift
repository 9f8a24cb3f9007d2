import LatheComponents
import LatheSystem

/// Reads a file sequentially. Gzip files, recognized by their first bytes, are decompressed.
final class FileInput {
    private let file: OpenFile
    private let gzip: GzipDecoder?

    var path: String { file.path }

    /// - Throws: ``DataError`` for a missing or unreadable file, or a folder.
    init(_ path: String) throws(DataError) {
        let head: [UInt8]
        do throws(FileError) {
            file = try OpenFile(path)
            let kind = try file.status.kind
            if kind == .folder { throw FileError.folder("read", path) }
            head = kind == .file ? try file.bytes(at: 0, count: FileKind.headBytes) : []
            gzip = kind == .file && GzipDecoder.recognizes(file) ? GzipDecoder(file) : nil
        } catch {
            if error.isFolder { throw DataError(path, "is a folder, where a file is needed") }
            throw error.isAbsent
                ? DataError(path, "there is no such file; check the path")
                : DataError(error)
        }
        try FileKind.refuse(path, head: head)
    }

    /// Whether byte offsets refer to the decompressed data.
    var isCompressed: Bool { gzip != nil }

    /// Fills the buffer as far as the file goes.
    ///
    /// - Returns: the number of bytes; 0 only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
        do {
            guard let gzip else { return try file.read(into: buffer) }
            var filled = 0
            while filled < buffer.count {
                let got = try gzip.readSome(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                if got == 0 { break }
                filled += got
            }
            return filled
        } catch let error as GzipError {
            throw DataError(path, byteOffset: error.offset, error.description)
        } catch let error as FileError {
            throw DataError(error)
        } catch { preconditionFailure("reading throws nothing else: \(error)") }
    }
}
