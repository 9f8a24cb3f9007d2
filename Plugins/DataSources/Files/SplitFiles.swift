import LatheComponents
import LatheSpec

/// The files of a source's splits: those to train on, and perhaps some to validate and test on.
struct SplitFiles {
    var training: [String]
    var validation: [String]
    var test: [String]

    /// - Throws: ``DataError`` for a path that matches no file, or an empty file.
    init(_ path: [SpecPath], validation: [SpecPath], test: [SpecPath]) throws(DataError) {
        training = try findFiles(path)
        self.validation = try findFiles(validation)
        self.test = try findFiles(test)
    }

    /// A corpus that reads each split's files with readers of one kind.
    func corpus(
        license: String?, reader: @escaping @Sendable ([String]) throws -> any PassageReader
    ) -> Corpus {
        var corpus = Corpus(files: (training + validation + test).map { SourceFile($0, license: license) }) {
            [training] in try reader(training)
        }
        if !validation.isEmpty { corpus.validation = { [validation] in try reader(validation) } }
        if !test.isEmpty { corpus.test = { [test] in try reader(test) } }
        return corpus
    }

    static func check(validation: [SpecPath], test: [SpecPath], at mark: Mark?, _ problems: inout Problems) {
        if validation.isEmpty, !test.isEmpty {
            problems.error("test files need validation files; set validation too", at: mark)
        }
    }
}

/// What to do with a row that cannot be read.
package enum RowError: String, Choice {
    /// Ends the preparation, with the line.
    case error
    /// Leaves the row out; the data card says how many.
    case skip
}
