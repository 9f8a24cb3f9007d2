public import LatheSpec
import LatheSystem

/// The files that a path names: a single file, all files of a folder, or those that match a pattern.
///
/// A folder stands for all files in it and below, except hidden ones. In a pattern `*` and `?` match characters of a
/// name, `[ab]` one of several, and `**` any number of folders. Files are sorted by path, bytewise; links to folders
/// are not followed.
public enum SourceFiles {
    /// The files of several paths, in order.
    ///
    /// - Throws: ``DataError`` as ``find(_:remedy:)`` does.
    public static func find(_ paths: [SpecPath]) throws(DataError) -> [String] {
        var files: [String] = []
        for path in paths { files += try find(path) }
        return files
    }

    /// The files of a path in a spec.
    ///
    /// - Throws: ``DataError`` as ``find(_:remedy:)`` does.
    public static func find(_ path: SpecPath) throws(DataError) -> [String] {
        try find(path.resolved, remedy: path.remedy)
    }

    /// The files of an absolute path.
    ///
    /// - Parameter remedy: what to do if there are none.
    /// - Throws: ``DataError`` if there are none, the path cannot be read, or it is a pipe or a device.
    public static func find(_ path: String, remedy: String = "check the path") throws(DataError) -> [String] {
        switch kind(path) {
        case .file: return [path]
        case .other:
            throw DataError(
                path, "is a pipe or a device, but the file is read more than once; save it as a regular file")
        case .folder:
            let found = try files(below: path)
            if found.isEmpty { throw DataError(path, "is a folder without files; hidden files are ignored") }
            return found
        case .nothing where isPattern(path):
            let parts = path.split(separator: "/").map(String.init)
            let fixed = parts.prefix { !isPattern($0) }
            let root = "/" + fixed.joined(separator: "/")
            let found = try matches(in: root, Array(parts.dropFirst(fixed.count)))
            if found.isEmpty { throw DataError(path, "no file matches; \(remedy)") }
            return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        case .nothing(let error):
            throw error.isAbsent
                ? DataError(path, "there is no such file; \(remedy)")
                : DataError(path, "cannot be opened: \(error.reason)")
        }
    }

    /// Whether a file that ``find(_:remedy:)`` returned belongs to a path.
    public static func isFile(_ file: String, of path: String) -> Bool {
        if file == path { return true }
        let fixed = path.prefix { !wildcards.contains($0) }
        guard fixed.count < path.count else { return file.hasPrefix(path + "/") }
        return file.hasPrefix(fixed[..<(fixed.lastIndex(of: "/") ?? fixed.startIndex)] + "/")
    }

    private static let wildcards: Set<Character> = ["*", "?", "["]

    private static func isPattern(_ path: String) -> Bool { path.contains { wildcards.contains($0) } }

    private enum Kind {
        case file, folder, other
        case nothing(FileError)

        var isFile: Bool { if case .file = self { true } else { false } }
        var isFolder: Bool { if case .folder = self { true } else { false } }
    }

    private static func kind(_ path: String, followsLinks: Bool = true) -> Kind {
        do throws(FileError) {
            return switch try FileStatus(path, followsLinks: followsLinks).kind {
            case .file: .file
            case .folder: .folder
            case .link, .other: .other
            }
        } catch { return .nothing(error) }
    }

    private static func names(in folder: String) throws(DataError) -> [String] {
        do throws(FileError) {
            return try DurableFolder.names(in: folder).filter { !$0.hasPrefix(".") }
                .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        } catch { throw DataError(folder, "cannot be opened: \(error.reason)") }
    }

    private static func files(below folder: String) throws(DataError) -> [String] {
        var files: [String] = []
        for name in try names(in: folder) {
            let path = folder + "/" + name
            if kind(path, followsLinks: false).isFolder {
                files += try self.files(below: path)
            } else if kind(path).isFile {
                files.append(path)
            }
        }
        return files
    }

    /// The files in a folder whose paths match the parts of a pattern.
    private static func matches(in folder: String, _ parts: [String]) throws(DataError) -> [String] {
        guard let part = parts.first, kind(folder).isFolder else { return [] }
        let rest = Array(parts.dropFirst())
        let prefix = folder == "/" ? "/" : folder + "/"
        var files: Set<String> = []
        if part == "**" {
            files.formUnion(rest.isEmpty ? try self.files(below: folder) : try matches(in: folder, rest))
            for name in try names(in: folder) where kind(prefix + name, followsLinks: false).isFolder {
                files.formUnion(try matches(in: prefix + name, parts))
            }
            return Array(files)
        }
        for name in try names(in: folder) where Path.matches(name, pattern: part) {
            if rest.isEmpty {
                if kind(prefix + name).isFile { files.insert(prefix + name) }
            } else {
                files.formUnion(try matches(in: prefix + name, rest))
            }
        }
        return Array(files)
    }
}
