/// A control group that this process belongs to, in version 1 or 2 (unified) of cgroups.
struct ControlGroup {
    let folder: String
    let isUnified: Bool

    /// The groups that limit a controller (`cpu`, `memory`): the process's own and those around it, innermost first.
    static func folders(_ controller: String, root: String) -> [ControlGroup] {
        (DurableFile.text("\(root)/proc/self/cgroup") ?? "").split(separator: "\n").flatMap { line -> [ControlGroup] in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            let isUnified = parts[1].isEmpty
            guard isUnified || parts[1].split(separator: ",").contains(Substring(controller)) else { return [] }
            // In a container, the path may be that of the host, while what is mounted starts at the container's group.
            let mount = "\(root)/sys/fs/cgroup" + (isUnified ? "" : "/\(controller)")
            var names = parts[2].split(separator: "/")
            var groups: [ControlGroup] = []
            while true {
                let path = names.isEmpty ? mount : mount + "/" + names.joined(separator: "/")
                groups.append(ControlGroup(folder: path, isUnified: isUnified))
                if names.popLast() == nil { return groups }
            }
        }
    }

    /// The numbers in a file of the group; -1 for `max`.
    func numbers(_ name: String) -> [Int] {
        (DurableFile.text("\(folder)/\(name)") ?? "").split(whereSeparator: \.isWhitespace)
            .compactMap { $0 == "max" ? -1 : Int($0) }
    }

    /// A number in a file of lines `name value`.
    func number(_ name: String, in file: String) -> Int? {
        (DurableFile.text("\(folder)/\(file)") ?? "").split(separator: "\n").first { $0.hasPrefix(name + " ") }
            .flatMap { Int($0.dropFirst(name.count + 1)) }
    }
}
