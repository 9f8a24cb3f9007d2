import LatheComponents
import LatheSpec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Resolves paths to files. A file that is named, rather than found in a folder, must not be empty.
func findFiles(_ paths: [SpecPath]) throws(DataError) -> [String] {
    var files: [String] = []
    for path in paths {
        let found = try SourceFiles.find(path.resolved)
        for file in found {
            var status = stat()
            guard stat(file, &status) == 0 else { throw DataError(file, "cannot be read: \(systemError())") }
            if file == path.resolved, status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 {
                throw DataError(file, "is empty; a data source needs text")
            }
        }
        files += found
    }
    return files
}

/// Checks that files exist, can be opened and are not empty; diagnostics point at the paths in the spec.
func checkFiles(_ paths: [SpecPath]) -> [Diagnostic] {
    paths.compactMap { path in
        do throws(DataError) {
            for file in try findFiles([path]) { _ = try FileInput(file) }
            return nil
        } catch {
            return Diagnostic(error.description, at: path.mark)
        }
    }
}
