import LatheComponents
import LatheSpec
import LatheSystem

/// Resolves paths to files. A file that is named, rather than found in a folder, must not be empty.
func findFiles(_ paths: [SpecPath]) throws(DataError) -> [String] {
    var files: [String] = []
    for path in paths {
        let found = try SourceFiles.find(path)
        for file in found {
            let status: FileStatus
            do throws(FileError) { status = try FileStatus(file) } catch { throw DataError(error) }
            if file == path.resolved, status.kind == .file, status.size == 0 {
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
