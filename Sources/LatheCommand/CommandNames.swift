import ArgumentParser
import LatheSpec

/// Finds misspelt commands before the argument parser does, which takes them for arguments.
enum CommandNames {
    /// - Throws: `UsageError` if the first words name no command.
    static func check(_ arguments: ArraySlice<String>) throws {
        var words = arguments[...]
        if words.first == "help" { words = words.dropFirst() }
        var command: any ParsableCommand.Type = Lathe.self
        var path = "lathe"
        while let word = words.popFirst(), !word.hasPrefix("-"), word != "help" {
            let configuration = command.configuration
            let all = configuration.subcommands
            guard !all.isEmpty else { return }
            if let next = all.first(where: { $0._commandName == word }) {
                command = next
                path += " " + word
                continue
            }
            let shown = all.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
            let near = nearest(to: word, in: shown).map { "; did you mean '\($0)'?" } ?? ""
            throw UsageError(
                "there is no command '\(path) \(word)'\(near)\n  (commands: \(shown.joined(separator: ", ")))")
        }
    }
}
