import LatheSystem

/// What is wrong with a line, before its file and number are known.
struct RecordProblem: Error {
    let problem: String

    init(_ problem: String) { self.problem = problem }

    static func object(_ line: ArraySlice<UInt8>) throws(RecordProblem) -> JSONValue {
        do throws(JSONError) { return try JSONValue(parsing: line) } catch {
            throw RecordProblem("not JSON: \(error)")
        }
    }

    static func integer(_ key: String, in object: JSONValue) throws(RecordProblem) -> Int {
        guard let value = object[key]?.integer else { throw RecordProblem("'\(key)' is not a whole number") }
        return value
    }
}

enum RecordLines {
    static func read<Record>(
        _ path: String, parse: (ArraySlice<UInt8>) throws(RecordProblem) -> Record
    ) throws -> [Record] {
        var records: [Record] = []
        for (index, line) in try LineFile.lines(of: path).enumerated() {
            do throws(RecordProblem) { records.append(try parse(line)) } catch {
                throw RecordError(path: path, line: index + 1, problem: error.problem)
            }
        }
        return records
    }

    /// Atomically drops the lines past this step and a torn last line.
    static func truncate(_ path: String, pastStep step: Int) throws {
        try LineFile.filter(path) { line, number in
            do throws(RecordProblem) {
                return try RecordProblem.integer("step", in: RecordProblem.object(line)) <= step
            } catch {
                throw RecordError(path: path, line: number, problem: error.problem)
            }
        }
    }
}
