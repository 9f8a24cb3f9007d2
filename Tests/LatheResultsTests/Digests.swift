import LatheResults
import LatheSystem

/// A made-up completed run.
func digest(
    _ id: String, seed: UInt64 = 1, status: RunStatus = .completed, bits: Double? = 2, name: String = "n",
    configuration: [String: String] = [:], validation: String? = "v", hashes: HashesRecord? = nil,
    identity: String? = nil,
    created: Int = 0
) -> RunDigest {
    var record = RunRecord(
        name: name, identity: identity ?? "\(configuration.sorted { $0.key < $1.key }) \(seed)", seed: seed,
        latheVersion: "1", configuration: configuration, created: Timestamp(milliseconds: created))
    record.hashes = hashes ?? HashesRecord(data: "d", validation: validation, tokenizer: "t")
    var figures = RunFigures(metrics: [], timing: [])
    figures.final[MetricName.validationBitsPerByte] = bits
    figures.final[MetricName.validationLoss] = bits.map { $0 * 2 }
    return RunDigest(record: record, status: status, path: "results/n/\(id)", figures: figures)
}

/// One run per value, with seeds counted from `first`.
func arm(
    _ kind: String, _ values: [Double], from first: UInt64 = 1, configuration: [String: String] = [:]
) -> [RunDigest] {
    values.enumerated().map { index, value in
        digest(
            "\(kind)-\(first + UInt64(index))", seed: first + UInt64(index), bits: value,
            configuration: configuration.merging(["model.type": kind, "training.context": "64"]) { own, _ in own })
    }
}
