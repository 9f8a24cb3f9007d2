import Foundation
import LatheResults
import LatheSystem
import Testing

@Suite struct LineRecordTests {
    private let folder: TemporaryFolder
    private let metrics: [MetricRecord] = [
        MetricRecord(
            step: 0, tokens: 0, split: .validation,
            values: ["validation/loss": 4.174387269896, "validation/bits_per_byte": 6.02]),
        MetricRecord(
            step: 1, tokens: 768, split: .train,
            values: ["train/loss": 0.1 + 0.2, "learning_rate": 1e-5, "gradient_norm": 3]),
        MetricRecord(
            step: 250, tokens: 192_000, split: .train, values: ["é\"": .nan, "b": .infinity, "a": -.infinity]),
    ]

    init() throws { folder = try TemporaryFolder() }

    private func write() throws -> RunFolder {
        let run = RunFolder(path: folder.path)
        let lines = try LineWriter(appendingTo: run.metrics)
        for record in metrics { try lines.append(record.line) }
        return run
    }

    @Test func linesHaveOneForm() {
        #expect(
            metrics.map(\.line) == [
                #"{"step":0,"tokens":0,"split":"validation","values":{"validation/bits_per_byte":6.02,"validation/loss":4.174387269896}}"#,
                #"{"step":1,"tokens":768,"split":"train","values":{"gradient_norm":3.0,"learning_rate":1e-05,"train/loss":0.30000000000000004}}"#,
                #"{"step":250,"tokens":192000,"split":"train","values":{"a":"-inf","b":"inf","é\"":"nan"}}"#,
            ])
        #expect(
            TimingRecord(step: 5, phase: .train, seconds: 1.5, tokensPerSecond: 12e3).line
                == #"{"step":5,"phase":"train","seconds":1.5,"tokens_per_second":12000.0}"#)
    }

    @Test func aFileCutAnywhereReadsAsItsWholeLines() throws {
        let run = try write()
        let bytes = try DurableFile.read(run.metrics)
        for count in 0...bytes.count {
            try folder.write(bytes[..<count], to: "metrics.jsonl")
            let whole = bytes[..<count].count { $0 == UInt8(ascii: "\n") }
            #expect(try run.readMetrics().map(\.line) == metrics.prefix(whole).map(\.line))
            // Resuming after the crash: the torn line is gone, the next one is whole.
            try LineWriter(appendingTo: run.metrics).append(metrics[1].line)
            #expect(try run.readMetrics().map(\.line) == metrics.prefix(whole).map(\.line) + [metrics[1].line])
        }
    }

    @Test func numbersComeBack() throws {
        let read = try write().readMetrics()
        #expect(read[..<2] == metrics[..<2])
        #expect(read[2].values["é\""]?.isNaN == true && read[2].values["a"] == -.infinity)
    }

    @Test func aBrokenLineInTheMiddleIsNamed() throws {
        let run = try write()
        for (line, problem) in [
            ("nonsense", "not JSON: expected null at byte 1"), (#"{"step":1.5}"#, "'step' is not a whole number"),
            (#"{"step":1,"tokens":2,"split":"test"}"#, "'split' is not one of train, validation"),
            (#"{"step":1,"tokens":2,"split":"train","values":{"a":"b"}}"#, "value 'a' is not a number"),
        ] {
            try folder.write(metrics[0].line + "\n" + line + "\n" + metrics[1].line + "\n", to: "metrics.jsonl")
            #expect { try run.readMetrics() } throws: { "\($0)" == "\(run.metrics):2: \(problem)" }
        }
        try folder.write("x\n", to: "timing.jsonl")
        #expect { try run.readTiming() } throws: { "\($0)".hasPrefix("\(run.timing):1: not JSON") }
    }

    @Test func truncationGoesBackToAStepInEveryFile() throws {
        let run = try write()
        let timing = try LineWriter(appendingTo: run.timing)
        for step in [1, 1, 2, 250] { try timing.append(TimingRecord(step: step, phase: .train, seconds: 1).line) }
        var nats = ValidationNats(segmentLength: 8, segmentBytes: [8, 3])
        for step in [0, 100, 250] { nats.record(step: step, nats: [1, 2]) }
        try nats.write(to: run.validationNats)
        try folder.write("{}", to: "summary.json")
        try folder.write(try folder.text("metrics.jsonl") + "{\"step\":0,\"to", to: "metrics.jsonl")
        for _ in 0..<2 {
            try run.truncate(pastStep: 100)
            #expect(try run.readMetrics().map(\.step) == [0, 1])
            #expect(try folder.text("metrics.jsonl").hasSuffix("}\n"))
            #expect(try run.readTiming().map(\.step) == [1, 1, 2])
            #expect(try run.readValidationNats()?.evaluations.map(\.step) == [0, 100])
            #expect(try run.readSummary() == nil)
        }
        try folder.write("LATHE", to: "validation_nats.bin")
        try run.truncate(pastStep: 100)
        #expect(try run.readValidationNats() == nil)
        try run.truncate(pastStep: -1)
        #expect(try run.readMetrics().isEmpty && run.readTiming().isEmpty)
        let empty = RunFolder(path: folder.file("none"))
        try DurableFolder.create(empty.path)
        try empty.truncate(pastStep: 5)
        #expect(try DurableFolder.names(in: empty.path).isEmpty)
    }

    @Test func natsComeBackAndBrokenFilesAreRefused() throws {
        var nats = ValidationNats(segmentLength: 1024, segmentBytes: [1024, 1024, 17])
        nats.record(step: 500, nats: [1.5, .nan, 0])
        nats.record(step: 0, nats: [3, 2, 1])
        nats.record(step: 500, nats: [1.5, .infinity, 0])
        #expect(nats.evaluations.map(\.step) == [0, 500] && nats.totalBytes == 2065)
        let path = folder.file("nats.bin")
        try nats.write(to: path)
        #expect(try ValidationNats.read(from: path) == nats)
        #expect(nats[step: 500] == [1.5, .infinity, 0] && nats[step: 3] == nil)
        let bytes = try DurableFile.read(path)
        #expect(bytes.count == 24 + 3 * 4 + 2 * (8 + 3 * 8))
        for count in 0..<bytes.count {
            try folder.write(bytes[..<count], to: "nats.bin")
            #expect(throws: RecordError.self) { try ValidationNats.read(from: path) }
        }
        // An error in any byte of magic, version, length or counts is detected.
        for offset in [0, 7, 8, 16, 19, 20, 23] {
            var broken = bytes
            broken[offset] ^= 0xFF
            try folder.write(broken, to: "nats.bin")
            #expect(throws: RecordError.self, "byte \(offset)") { try ValidationNats.read(from: path) }
        }
        nats.keep(steps: [500])
        nats.truncate(pastStep: 499)
        #expect(nats.evaluations.isEmpty)
    }
}
