/// An environment variable that Lathe reads, for help and docs.
struct EnvironmentVariable {
    let name: String
    let help: String

    static let all = [
        Self(name: "LATHE_CACHE", help: "Folder of prepared texts and downloads; default: $XDG_CACHE_HOME/lathe."),
        Self(name: "XDG_CACHE_HOME", help: "Folder of caches, if absolute; default: ~/.cache."),
        Self(name: "HOME", help: "The home folder, for ~/ in paths and for the cache."),
        Self(name: "TMPDIR", help: "Folder of temporary files; default: /tmp."),
        Self(name: "NO_COLOR", help: "If set, no colours."),
        Self(name: "TERM", help: "If dumb, no colours and no lines that redraw themselves."),
        Self(name: "OPENBLAS_CORETYPE", help: "OpenBLAS's kernels, if OpenBLAS multiplies; recorded with each run."),
        Self(name: "http_proxy, https_proxy, no_proxy", help: "Proxies for pages and downloads, as curl reads them."),
    ]

    static var table: String {
        let width = all.map(\.name.count).max() ?? 0
        return all.map { variable in
            variable.name + String(repeating: " ", count: width - variable.name.count + 2) + variable.help + "\n"
        }.joined()
    }

    static var markdown: String {
        "| variable | |\n| --- | --- |\n"
            + all.map { "| `\($0.name)` | \($0.help) |\n" }.joined()
    }
}
