import Foundation
import LatheComponents
import LatheResults
import LatheSinks
import Testing

@Suite struct TensorBoardTests {
    private let folder: RunFolder

    init() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        folder = RunFolder(path: path)
    }

    private var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    private func session(from firstStep: Int, _ status: RunStatus?) throws {
        let record = RunRecord(name: "n", identity: "i", seed: 1, latheVersion: "", configuration: ["seed": "1"])
        let sink = try TensorBoard(.init()).open(SinkRun(folder: folder, record: record, firstStep: firstStep))
        try sink.record(MetricRecord(step: firstStep, tokens: 1, split: .train, values: [MetricName.trainLoss: 2]))
        if let status { try sink.close(status) }
    }

    /// Readers load event files in the order of their names.
    @Test func sessionsWithinASecondHaveNamesInOrder() throws {
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        var order: [String] = []
        for index in 0..<4 {
            try session(from: 1 + index, .interrupted)
            order += files.filter { !order.contains($0) }
        }
        #expect(order.count == 4 && order == order.sorted())
        for name in order {
            #expect(name.wholeMatch(of: /events\.out\.tfevents\.\d{10}\..+\.\d+\.\d/) != nil, "\(name)")
        }
    }

    @Test func resumingRemovesAFailedEventFile() throws {
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        try session(from: 1, .failed)
        #expect(files.count == 2 && files[1] == files[0] + ".failed")
        try session(from: 2, .completed)
        #expect(files.count == 2 && files.allSatisfy { !$0.hasSuffix(".failed") })
    }

    /// A killed session leaves whole records: every length and checksum is right.
    @Test func everyRecordIsWholeAtOnce() throws {
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        try session(from: 1, nil)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file(files[0]))))
        var place = 0, payloads: [[UInt8]] = []
        while place < bytes.count {
            let length = Int(bytes[place])
            let payload = Array(bytes[(place + 12)..<(place + 12 + length)])
            #expect(Array(bytes[place..<(place + 16 + length)]) == EventRecord.framed(payload))
            payloads.append(payload)
            place += 16 + length
        }
        #expect(payloads.count == 4)
        #expect(String(decoding: payloads[0], as: UTF8.self).hasSuffix("brain.Event:2"))
        #expect(String(decoding: payloads[3], as: UTF8.self).contains("train/loss"))
    }
}
