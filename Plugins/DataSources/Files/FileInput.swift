import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads a file sequentially. Gzip files, recognized by their first bytes, are decompressed.
final class FileInput {
    let path: String
    private let descriptor: Int32
    private var gzip: GzipDecoder?

    /// - Throws: ``DataError`` for a missing or unreadable file, or a folder.
    init(_ path: String) throws(DataError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? DataError(path, "there is no such file; check the path (a relative one starts at the spec's folder)")
                : DataError(path, "cannot be opened: \(systemError())")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw DataError(path, "cannot be read: \(systemError())") }
        if status.st_mode & S_IFMT == S_IFDIR { throw DataError(path, "is a folder, where a file is needed") }
        var magic: [UInt8] = [0, 0]
        let isCompressed =
            status.st_mode & S_IFMT == S_IFREG && pread(descriptor, &magic, 2, 0) == 2 && magic == [0x1f, 0x8b]
        if isCompressed { gzip = try GzipDecoder(path: path) }
    }

    deinit { close(descriptor) }

    /// Whether byte offsets refer to the decompressed data.
    var isCompressed: Bool { gzip != nil }

    /// Fills the buffer as far as the file goes.
    ///
    /// - Returns: the number of bytes; 0 only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let got: Int
            if let gzip { got = try gzip.read(from: descriptor, into: rest) } else { got = try readSome(into: rest) }
            if got == 0 { break }
            filled += got
        }
        return filled
    }

    private func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
        while true {
            let got = systemRead(descriptor, buffer.baseAddress, buffer.count)
            if got >= 0 { return got }
            guard errno == EINTR else { throw DataError(path, "cannot be read: \(systemError())") }
        }
    }
}

func systemError() -> String { String(cString: strerror(errno)) }

/// `read(2)`, for types with a method of that name.
func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
