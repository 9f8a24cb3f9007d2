extension DataCard {
    public var markdown: String {
        var text = "# Data card\n\n"
        text += "Source: `\(source)`" + (files.isEmpty ? " (reads no files).\n" : ".\n")
        text += section(
            "Files", ["file", "licence", "bytes", "SHA-256"],
            files.prefix(200).map {
                [$0.origin ?? $0.path, $0.license ?? "not given", grouped($0.bytes), "`\($0.sha256)`"]
            })
        if files.count > 200 { text += "\n… and \(grouped(files.count - 200)) more, in data-card.json.\n" }
        if let clean = self.text {
            text += "\n## Text\n\n"
            text +=
                "\(grouped(clean.bytesRead)) bytes read, \(grouped(clean.bytes)) bytes left after cleaning: "
            text += "\(grouped(clean.characters)) characters in \(grouped(clean.documents)) documents. "
            text += "\(grouped(clean.droppedDocuments)) documents were dropped or became empty. "
            text += clean.skippedRows.map { "\(grouped($0)) rows could not be read and were skipped. " } ?? ""
            text += "SHA-256 `\(clean.sha256)`.\n"
        }
        text += section(
            "What cleaning changed", ["step", "change", "times"],
            cleaning.map { [$0.step, $0.what.replacing("_", with: " "), grouped($0.count)] })
        if let duplicates {
            text +=
                "\nDocuments that repeat an earlier one: \(grouped(duplicates.repeated)) of "
                + "\(grouped(duplicates.sampled))"
            text += sampled(duplicates.interval, "documents") + ".\n"
        }
        text += "\n## Tokens\n\nTokenizer `\(tokenizer.type)`, \(grouped(tokenizer.size)) ids"
        text += tokenizer.endOfText.map { ", of which \($0) ends a document" } ?? ""
        text += "; SHA-256 `\(tokenizer.sha256)`.\n\n"
        text += table(
            ["split", "documents", "characters", "bytes", "tokens", "bytes per token", "ids used"],
            splits.map {
                [
                    $0.name, grouped($0.documents), grouped($0.characters), grouped($0.bytes), grouped($0.tokens),
                    decimals($0.bytesPerToken), "\(grouped($0.idsUsed)) (\(percent($0.idsUsed, of: tokenizer.size)))",
                ]
            })
        if let leakage {
            text += "\n## Overlap of validation and training text\n\n"
            text += "Runs of \(leakage.words) words in the validation text that also occur in the training text: "
            text +=
                "\(grouped(leakage.sharedRuns)) of \(grouped(leakage.sampledRuns)) "
                + "(\(percent(leakage.sharedRuns, of: leakage.sampledRuns)))"
            text += sampled(leakage.interval, "runs") + ".\n"
            text += "Validation documents that are also training documents: "
            text += "\(grouped(leakage.documents.shared)) of \(grouped(leakage.documents.sampled)).\n"
        }
        let fence = sample.contains("```") ? "~~~~" : "```"
        return text + "\n## Start of the training text\n\n\(fence)text\n\(sample)\n\(fence)\n"
    }

    private func section(_ title: String, _ heads: [String], _ rows: [[String]]) -> String {
        rows.isEmpty ? "" : "\n## \(title)\n\n" + table(heads, rows)
    }

    private func table(_ heads: [String], _ rows: [[String]]) -> String {
        func line(_ cells: [String]) -> String {
            "| " + cells.map { $0.replacing("|", with: "\\|").replacing("\n", with: " ") }.joined(separator: " | ")
                + " |\n"
        }
        return line(heads) + line(heads.map { _ in "---" }) + rows.map(line).joined()
    }

    private func sampled(_ interval: Int, _ what: String) -> String {
        interval == 1 ? "" : ", a sample of one in \(interval) \(what)"
    }

    private func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return String(
            digits.enumerated().flatMap { index, digit in
                index > 0 && (digits.count - index) % 3 == 0 ? [",", digit] : [digit]
            })
    }

    private func decimals(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }

    private func percent(_ part: Int, of whole: Int) -> String {
        whole == 0 ? "none" : decimals(100 * Double(part) / Double(whole)) + " %"
    }
}
