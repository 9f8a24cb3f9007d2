import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The bytes of a vocabulary's file, and errors that say where in it.
struct VocabularyText {
    /// The largest file that is read, in bytes.
    static let mostBytes = 256 << 20

    /// The file, as messages name it.
    let place: String
    let bytes: [UInt8]

    /// Text that is there already.
    init(place: String, bytes: [UInt8]) {
        self.place = place
        self.bytes = bytes
    }

    /// Reads a file.
    ///
    /// - Throws: ``DataError`` for what is no file, cannot be read, is empty or too large.
    init(path: String) throws(DataError) {
        func system() -> String { String(cString: strerror(errno)) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw DataError(
                path,
                errno == ENOENT
                    ? "there is no such file; tokenizer.path names a vocabulary" : "cannot be opened: \(system())")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw DataError(path, "cannot be read: \(system())") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw DataError(path, "is no file, so it holds no vocabulary") }
        let size = Int(status.st_size)
        guard size > 0 else { throw DataError(path, "is empty, so it holds no vocabulary") }
        guard size <= Self.mostBytes else {
            throw DataError(path, "has \(size) bytes; a vocabulary may have \(Self.mostBytes) at most")
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
                    got == 0 ? "became shorter while it was read" : "cannot be read: \(system())")
            }
            filled += got
        }
        self.init(place: path, bytes: bytes)
    }

    /// An error at a byte, whose line it names too.
    func error(at offset: Int, _ message: String) -> DataError {
        let line = 1 + bytes[..<min(offset, bytes.count)].count { $0 == 0x0a }
        return DataError(place, byteOffset: offset, "line \(line): \(message)")
    }

    /// Text of the file as messages quote it: printable, and not too long.
    static func quote(_ text: some Collection<UInt8>) -> String {
        let shown = String(decoding: text.prefix(48), as: UTF8.self)
        let scalars = shown.unicodeScalars.map {
            $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
        }
        return "'" + scalars.joined() + (text.count > 48 ? "…" : "") + "'"
    }
}

/// `read(2)`
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
