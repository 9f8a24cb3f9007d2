import LatheSystem

extension GitRecord {
    /// The state of the work tree that contains `folder`, from `git status`; takes some milliseconds. Nil without git
    /// or outside a repository.
    public static func current(in folder: String = ".") -> GitRecord? {
        let arguments = [
            "--no-optional-locks", "-C", folder, "status", "--porcelain=v2", "--branch", "--untracked-files=no",
        ]
        guard let output = ChildProcess.output(of: "git", arguments) else { return nil }
        var record = GitRecord(commit: nil, dirty: false)
        for line in output.split(separator: "\n") {
            if line.hasPrefix("# branch.oid ") {
                let commit = line.dropFirst("# branch.oid ".count)
                record.commit = commit == "(initial)" ? nil : String(commit)
            } else if !line.hasPrefix("#") {
                record.dirty = true
            }
        }
        return record
    }
}
