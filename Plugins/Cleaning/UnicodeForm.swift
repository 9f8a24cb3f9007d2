import CUTF8Proc
package import LatheComponents
import LatheSpec
import LatheSystem

/// Converts text to a Unicode normal form (UAX #15), so that equal-looking text is equal.
package struct UnicodeForm: CleaningStep {
    package enum Form: String, Choice {
        /// Composed: é is one character.
        case nfc
        /// Decomposed: é is two characters.
        case nfd
        /// Composed, with compatibility characters replaced: ﬁ becomes fi, ² becomes 2.
        case nfkc
        /// Decomposed, with compatibility characters replaced.
        case nfkd
    }

    package struct Config: ComponentConfig {
        @Field("The normal form: nfc or nfd; nfkc and nfkd also replace compatibility characters.") package
            var form = Form.nfc

        package init() {}
    }

    package static let name = "unicode"
    package static let summary = "Converts text to a Unicode normal form: NFC, NFD, NFKC or NFKD."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package func makeCleaner() -> any Cleaner { UnicodeCleaner(config.form) }
}

private struct UnicodeCleaner: Cleaner {
    private let options: utf8proc_option_t
    /// The end of the text so far, which the next characters may still change.
    private var held = ""
    private var isChanged = false
    private var documents = 0
    /// Maximum bytes held back; no real text has longer combining sequences.
    private static let mostHeld = 1 << 22

    init(_ form: UnicodeForm.Form) {
        options =
            switch form {
            case .nfc: utf8proc_option_t(UTF8PROC_STABLE.rawValue | UTF8PROC_COMPOSE.rawValue)
            case .nfd: utf8proc_option_t(UTF8PROC_STABLE.rawValue | UTF8PROC_DECOMPOSE.rawValue)
            case .nfkc:
                utf8proc_option_t(UTF8PROC_STABLE.rawValue | UTF8PROC_COMPOSE.rawValue | UTF8PROC_COMPAT.rawValue)
            case .nfkd:
                utf8proc_option_t(UTF8PROC_STABLE.rawValue | UTF8PROC_DECOMPOSE.rawValue | UTF8PROC_COMPAT.rawValue)
            }
    }

    mutating func clean(_ passage: inout Passage) throws {
        var text = held + passage.text
        held = ""
        if !passage.endsDocument {
            let scalars = text.unicodeScalars
            if let last = scalars.indices.reversed().first(where: { Self.startsAfresh(scalars[$0]) }) {
                held = String(scalars[last...])
                text = String(scalars[..<last])
            } else if text.utf8.count < Self.mostHeld {
                (held, text) = (text, "")
            }
        }
        passage.text = try normalized(&text)
        if passage.endsDocument {
            if isChanged, !passage.dropsDocument { documents += 1 }
            isChanged = false
        }
    }

    /// Whether no earlier character can combine with this one, in any form: a letter, number, sign or space, except
    /// Korean letters that form syllables.
    private static func startsAfresh(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return true }
        switch scalar.value {
        case 0x1100...0x11ff, 0x3130...0x318f, 0xa960...0xa97f, 0xd7b0...0xd7ff, 0xff00...0xffef: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .decimalNumber, .spaceSeparator:
            return scalar.properties.canonicalCombiningClass == .notReordered
        default: return false
        }
    }

    private mutating func normalized(_ text: inout String) throws -> String {
        let options = options
        let result: String? = try text.withUTF8 { utf8 in
            if utf8.allSatisfy({ $0 < 0x80 }) { return nil }
            var output: UnsafeMutablePointer<UInt8>?
            let count = utf8proc_map(utf8.baseAddress, utf8proc_ssize_t(utf8.count), &output, options)
            guard count >= 0, let output else {
                throw DataError(
                    "cleaning 'unicode'", "normalization failed: \(String(cString: utf8proc_errmsg(count)))")
            }
            defer { freeAllocated(output) }
            let normal = UnsafeBufferPointer(start: output, count: Int(count))
            return normal.elementsEqual(utf8) ? nil : String(decoding: normal, as: UTF8.self)
        }
        if result != nil { isChanged = true }
        return result ?? text
    }

    var changes: [(name: String, count: Int)] { [("documents_changed", documents)] }
}
