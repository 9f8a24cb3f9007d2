public import LatheComponents
public import LatheSpec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Text files in UTF-8, each a document.
public struct TextSource: DataSource {
    /// The knobs of `text`.
    public struct Config: ComponentConfig {
        /// The files.
        @Field("A file in UTF-8, or a list of them; each is a document.", count: 1..., orSingle: true)
        public var path: [SpecPath]

        /// No files yet.
        public init() {}
    }

    /// What a spec's `type` says.
    public static let name = "text"
    /// What it is.
    public static let summary = "One or more text files in UTF-8."

    private let paths: [SpecPath]

    /// The files of a spec.
    public init(_ config: Config) { paths = config.path }

    /// Files by path.
    public init(paths: [String]) { self.paths = paths.map { SpecPath($0) } }

    /// The files, in order.
    public var files: [String] { paths.map(\.resolved) }

    /// Whether all files are there, are files, and have something in them.
    public func validate(in context: ExperimentContext) -> [Diagnostic] {
        paths.compactMap { path in
            do throws(DataError) {
                _ = try TextFile(path.resolved)
                return nil
            } catch {
                return Diagnostic(error.description, at: path.mark)
            }
        }
    }

    /// Hands over the files, in passages of at most a MiB, cut at the end of a line where there is one in reach.
    ///
    /// - Throws: ``DataError`` for a file that is missing, empty, a folder, unreadable or not UTF-8, with the byte; whatever `deliver` throws.
    public func read(_ deliver: (Passage) throws -> Void) throws {
        for path in files { try TextFile(path).read(deliver) }
    }
}

/// A text file that is open.
private struct TextFile: ~Copyable {
    private let path: String
    private let descriptor: Int32

    /// The most bytes of a passage.
    private static let passageLimit = 1 << 20

    init(_ path: String) throws(DataError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? DataError(path, "there is no such file; check the path (a relative one starts at the spec's folder)")
                : DataError(path, "cannot be opened: \(String(cString: strerror(errno)))")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw DataError(path, "cannot be read: \(String(cString: strerror(errno)))")
        }
        if status.st_mode & S_IFMT == S_IFDIR { throw DataError(path, "is a folder; name the files in it") }
        if status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 {
            throw DataError(path, "is empty; a data source needs text")
        }
    }

    deinit { close(descriptor) }

    consuming func read(_ deliver: (Passage) throws -> Void) throws {
        var buffer = [UInt8](repeating: 0, count: Self.passageLimit)
        var filled = 0, offset = 0
        while true {
            let room = buffer.count - filled
            let got = buffer.withUnsafeMutableBytes {
                readBytes(descriptor, $0.baseAddress?.advanced(by: filled), room)
            }
            if got < 0 {
                if errno == EINTR { continue }
                throw DataError(
                    path, byteOffset: offset + filled, "cannot be read: \(String(cString: strerror(errno)))")
            }
            filled += got
            if got > 0, filled < buffer.count { continue }
            let isLast = got == 0
            let end = isLast ? filled : Self.cut(buffer)
            if isLast, offset + filled == 0 { throw DataError(path, "is empty; a data source needs text") }
            guard let text = String(validating: buffer[..<end], as: UTF8.self) else {
                let bad = firstInvalidByte(buffer[..<end])
                throw DataError(
                    path, byteOffset: offset + bad,
                    "is not UTF-8 (byte 0x\(String(buffer[bad], radix: 16))); convert it, with iconv -f latin1 -t utf-8, say"
                )
            }
            try deliver(Passage(text: text, endsDocument: isLast))
            if isLast { return }
            offset += end
            buffer.withUnsafeMutableBytes { bytes in
                bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[end..<filled]))
            }
            filled -= end
        }
    }

    /// Where a full buffer is cut: behind its last new line, or else before a character that is not whole.
    private static func cut(_ buffer: [UInt8]) -> Int {
        if let line = buffer.lastIndex(of: 0x0a), line >= buffer.count / 2 { return line + 1 }
        for back in 1...3 where buffer[buffer.count - back] & 0xc0 != 0x80 {
            return buffer[buffer.count - back] < 0x80 ? buffer.count : buffer.count - back
        }
        return buffer.count
    }
}

private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

/// Where text that is not UTF-8 goes wrong first.
func firstInvalidByte(_ bytes: ArraySlice<UInt8>) -> Int {
    var low = bytes.startIndex
    while low < bytes.endIndex {
        let lead = bytes[low]
        let length = lead < 0x80 ? 1 : lead & 0xe0 == 0xc0 ? 2 : lead & 0xf0 == 0xe0 ? 3 : lead & 0xf8 == 0xf0 ? 4 : 0
        guard length > 0, low + length <= bytes.endIndex,
            String(validating: bytes[low..<(low + length)], as: UTF8.self) != nil
        else { return low }
        low += length
    }
    return bytes.startIndex
}
