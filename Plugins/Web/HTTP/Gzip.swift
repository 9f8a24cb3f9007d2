import LatheComponents
import LatheSystem

/// Decompression of downloaded files.
enum Gzip {
    /// The decompressed file, stored next to the original; `path` itself if it is not compressed.
    ///
    /// - Parameter tick: called for each mebibyte; if it throws, decompression ends.
    /// - Throws: `DataError` if the file is damaged or the result cannot be written.
    static func uncompressed(_ path: String, tick: () throws -> Void) throws -> String {
        let result = path + ".uncompressed", temporary = result + ".part"
        do {
            let file = try OpenFile(path)
            guard GzipDecoder.recognizes(file) else { return path }
            if Path.exists(result) { return result }
            let decoder = GzipDecoder(file), output = try OpenFile(temporary, .replace)
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            while case let count = try buffer.withUnsafeMutableBytes({ try decoder.readSome(into: $0) }), count > 0 {
                try buffer.withUnsafeBytes { try output.write(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                try tick()
            }
            try output.sync()
            try output.close()
            try DurableFile.move(temporary, to: result)
        } catch {
            DurableFile.discard(temporary)
            switch error {
            case let error as GzipError:
                throw DataError(path, "cannot be decompressed at byte \(error.offset): \(error)")
            case let error as FileError: throw DataError(error.path, "cannot be decompressed: \(error.reason)")
            default: throw error
            }
        }
        return result
    }
}
