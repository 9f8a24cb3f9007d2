import LatheSystem

/// A file that cannot be read as text. `line` is 0 unless the problem is at a position in the file.
struct UnreadableFile: Error {
    var message: String
    var text: String?
    var line = 0
    var column = 0
}

extension SourceText {
    /// Reads a file. The size is checked before reading.
    ///
    /// - Throws: `Diagnostics` if the file does not exist, is a folder, is too large, or is not UTF-8.
    public convenience init(file path: String, order: Int = 0, limits: YAMLLimits = .init()) throws(Diagnostics) {
        do throws(UnreadableFile) {
            self.init(try readText(path, limit: limits.bytes), name: path, order: order)
        } catch {
            throw Diagnostics([SourceText.problem(error, path: path, order: order)])
        }
    }

    /// The diagnostic for an unreadable file. It points at `referrer`, which names the file, if there is one and the
    /// problem is not inside the file.
    static func problem(_ failure: UnreadableFile, path: String, order: Int, referrer: Mark? = nil) -> Diagnostic {
        let source = SourceText(failure.text ?? "", name: path, order: order)
        if failure.line > 0 {
            return Diagnostic(failure.message, at: Mark(source, line: failure.line, column: failure.column))
        }
        if let referrer { return Diagnostic("\(path): \(failure.message)", at: referrer) }
        return Diagnostic(failure.message, at: .whole(source))
    }
}

func readText(_ path: String, limit: Int) throws(UnreadableFile) -> String {
    let bytes = try readBytes(path, limit: limit)
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    decoding: while true {
        switch decoder.decode(&iterator) {
        case .scalarValue(let scalar): offset += UTF8.width(scalar)
        case .emptyInput, .error: break decoding
        }
    }
    let valid = String(decoding: bytes[..<offset], as: UTF8.self)
    let (line, column) = LineTable(valid).position(of: valid.endIndex)
    let byte = "0x" + hexadecimal(UInt32(bytes[offset]), digits: 2)
    let utf16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    throw UnreadableFile(
        message: "invalid UTF-8: unexpected byte \(byte)"
            + (utf16 ? "; the file looks like UTF-16: save it as UTF-8" : ""),
        text: String(decoding: bytes, as: UTF8.self), line: line, column: column)
}

private func readBytes(_ path: String, limit: Int) throws(UnreadableFile) -> [UInt8] {
    let tooLarge = UnreadableFile(message: "larger than \(byteCount(limit)), the maximum for a spec")
    guard !path.utf8.contains(0) else { throw UnreadableFile(message: "no such file") }
    if Path.kind(of: path) == .folder { throw UnreadableFile(message: "a folder, not a file") }
    do throws(FileError) {
        return try DurableFile.read(path, limit: limit)
    } catch {
        if error.isTooLarge { throw tooLarge }
        throw UnreadableFile(message: error.isAbsent ? "no such file" : "cannot be read: \(error.reason)")
    }
}
