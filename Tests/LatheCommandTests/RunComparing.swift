import Foundation
import LatheResults
import Testing

extension Sandbox {
    /// Expects two runs to have equal files, byte for byte, except for timings.
    func expectSame(
        _ run: RunFolder, as other: RunFolder, _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var files = ["metrics.jsonl", "validation_nats.bin"]
        files += names(in: other, "samples").map { "samples/\($0)" }
        for name in names(in: other, "checkpoints") where name.hasPrefix("step-") {
            files += ["model.safetensors", "optimizer.safetensors", "validation_nats.bin"].map {
                "checkpoints/\(name)/\($0)"
            }
        }
        #expect(files.count >= 5, sourceLocation: sourceLocation)
        for file in files {
            let equal = try bytes(run.file(file)) == bytes(other.file(file))
            #expect(equal, "\(file) differs; \(comment?.rawValue ?? "")", sourceLocation: sourceLocation)
        }
        for folder in ["checkpoints", "samples", "tokenizer", "plots"] {
            #expect(
                names(in: run, folder) == names(in: other, folder), comment, sourceLocation: sourceLocation)
        }
        for link in RunFolder.CheckpointLink.allCases {
            #expect(run.step(of: link) == other.step(of: link), comment, sourceLocation: sourceLocation)
            #expect(run.step(of: link) != nil, comment, sourceLocation: sourceLocation)
        }
        #expect(try run.readRecord().status == .completed, comment, sourceLocation: sourceLocation)
        #expect(try figures(run) == figures(other), comment, sourceLocation: sourceLocation)
    }

    private func names(in run: RunFolder, _ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: run.file(folder))) ?? []).sorted()
    }

    /// A run's summary without values that depend on the clock or the machine.
    private func figures(_ run: RunFolder) throws -> RunSummary {
        var summary = try #require(try run.readSummary())
        summary.seconds = 0
        summary.tokensPerSecond = nil
        summary.stepMilliseconds = nil
        summary.peakMegabytes = nil
        return summary
    }
}

extension RunFolder {
    var trainLosses: [Double] {
        get throws { try readMetrics().compactMap { $0.values[MetricName.trainLoss] } }
    }

    var validationLosses: [Double] {
        get throws { try readMetrics().compactMap { $0.values[MetricName.validationLoss] } }
    }
}
