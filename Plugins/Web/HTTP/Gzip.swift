import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Decompression of gzip files by the program gzip.
enum Gzip {
    /// The decompressed file, stored next to the original; `path` itself if it is not compressed.
    ///
    /// - Throws: `DataError` if the file is damaged or the result cannot be written.
    static func uncompressed(_ path: String, tick: () throws -> Void) throws -> String {
        guard let file = fopen(path, "rbe") else { throw failure(path, String(cString: strerror(errno))) }
        var magic: [UInt8] = [0, 0]
        let isCompressed = fread(&magic, 1, 2, file) == 2 && magic == [0x1f, 0x8b]
        fclose(file)
        let result = path + ".uncompressed"
        if !isCompressed { return path }
        if access(result, F_OK) == 0 { return result }
        let temporary = result + ".part"
        guard let output = fopen(temporary, "wbe") else { throw failure(temporary, String(cString: strerror(errno))) }
        do {
            defer { fclose(output) }
            let child = try ChildProcess("gzip", ["--decompress", "--stdout", "--", path], outputs: [1, 2])
            defer { child.stop() }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            var message: [UInt8] = []
            var isOpen = [true, true]
            while isOpen[0] || isOpen[1] {
                child.wait(milliseconds: 100)
                try tick()
                while isOpen[0], let got = child.read(output: 0, into: &buffer) {
                    if got == 0 { isOpen[0] = false }
                    guard fwrite(buffer, 1, got, output) == got else {
                        throw failure(temporary, String(cString: strerror(errno)))
                    }
                }
                while isOpen[1], let got = child.read(output: 1, into: &buffer) {
                    if got == 0 { isOpen[1] = false }
                    message += buffer[..<got]
                }
            }
            guard child.finish() == 0 else {
                throw failure(path, trimmed(String(decoding: message.prefix(500), as: UTF8.self)[...]))
            }
            guard fflush(output) == 0, fsync(fileno(output)) == 0, rename(temporary, result) == 0 else {
                throw failure(result, String(cString: strerror(errno)))
            }
        } catch let error as ChildProcess.StartFailure {
            unlink(temporary)
            throw failure(path, "cannot start the program gzip: \(String(cString: strerror(error.code)))")
        } catch {
            unlink(temporary)
            throw error
        }
        return result
    }

    private static func failure(_ path: String, _ reason: String) -> DataError {
        DataError(path, "cannot be decompressed: \(reason)")
    }
}
