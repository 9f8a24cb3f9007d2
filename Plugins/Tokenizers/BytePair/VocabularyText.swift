import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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
        func system() -> String { String(cString: strerror(errno)) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw DataError(
                path,
                errno == ENOENT
                    ? "there is no such file; tokenizer.path must name a vocabulary" : "cannot be opened: \(system())")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw DataError(path, "cannot be read: \(system())") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw DataError(path, "is not a regular file") }
        let size = Int(status.st_size)
        guard size > 0 else { throw DataError(path, "is empty; give a vocabulary file") }
        guard size <= Self.mostBytes else {
            throw DataError(path, "has \(size) bytes; the limit for a vocabulary is \(Self.mostBytes)")
        }
        var bytes = [UInt8](repeating: 0, count: size)
        var filled = 0
        while filled < size {
            let got = bytes.withUnsafeMutableBytes {
                readBytes(descriptor, $0.baseAddress?.advanced(by: filled), size - filled)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else {
                throw DataError(
                    path, byteOffset: filled,
                    got == 0 ? "shrank while it was being read" : "cannot be read: \(system())")
            }
            filled += got
        }
        self.init(place: path, bytes: bytes)
    }

    /// The message gets the line number too.
    func error(at offset: Int, _ message: String) -> DataError {
        let line = 1 + bytes[..<min(offset, bytes.count)].count { $0 == 0x0a }
        return DataError(place, byteOffset: offset, "line \(line): \(message)")
    }

    /// Text of the file as quoted in messages: printable and shortened.
    static func quote(_ text: some Collection<UInt8>) -> String {
        let shown = String(decoding: text.prefix(48), as: UTF8.self)
        let scalars = shown.unicodeScalars.map {
            $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
        }
        return "'" + scalars.joined() + (text.count > 48 ? "…" : "") + "'"
    }
}

private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
