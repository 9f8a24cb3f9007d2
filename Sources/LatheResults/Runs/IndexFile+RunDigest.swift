import LatheSystem

extension IndexWriter {
    /// Writes everything but the run's folder, in the order in which ``IndexReader/run(path:)`` reads.
    mutating func run(_ run: RunDigest) {
        text(run.name)
        text(run.status.rawValue)
        optional(run.failure) { $0.text($1) }
        text(run.identity)
        number(run.seed)
        integer(run.created.milliseconds)
        optional(run.ended) { $0.integer($1.milliseconds) }
        optional(run.parent) {
            $0.text($1.run)
            $0.integer($1.step)
        }
        for hash in [
            run.hashes.data, run.hashes.validation, run.hashes.tokenizer, run.hashes.spec, run.hashes.configuration,
        ] { optional(hash) { $0.text($1) } }
        count(run.configuration.count)
        for (key, value) in run.configuration {
            text(key)
            text(value)
        }
        figures(run.figures)
    }

    private mutating func figures(_ figures: RunFigures) {
        for values in [figures.best, figures.final] {
            count(values.count)
            for (name, value) in values {
                text(name)
                double(value)
            }
        }
        for whole in [figures.bestStep, figures.finalStep, figures.tokens, figures.parameters] {
            optional(whole) { $0.integer($1) }
        }
        for value in [
            figures.gapToTraining, figures.flopsPerToken, figures.bytesPerToken, figures.tokensPerSecond,
            figures.seconds,
            figures.peakMegabytes, figures.floorBitsPerByte, figures.acceptedShare,
        ] { optional(value) { $0.double($1) } }
        optional(figures.verdict) { $0.text($1.rawValue) }
        optional(figures.unrankedReason) { $0.text($1) }
    }

    private mutating func integer(_ value: Int) { number(UInt64(bitPattern: Int64(value))) }
    private mutating func double(_ value: Double) { number(value.bitPattern) }
}

extension IndexReader {
    mutating func run(path: String) throws -> RunDigest {
        let name = try text()
        guard let status = RunStatus(rawValue: try text()) else { throw IndexDamage() }
        let failure = try optional { try $0.text() }
        var record = RunRecord(name: name, identity: try text(), seed: try number(), latheVersion: "")
        record.failure = failure
        record.created = Timestamp(milliseconds: try integer())
        record.ended = try optional { Timestamp(milliseconds: try $0.integer()) }
        record.parent = try optional { RunRecord.Parent(run: try $0.text(), step: try $0.integer()) }
        record.hashes.data = try optional { try $0.text() }
        record.hashes.validation = try optional { try $0.text() }
        record.hashes.tokenizer = try optional { try $0.text() }
        record.hashes.spec = try optional { try $0.text() }
        record.hashes.configuration = try optional { try $0.text() }
        let keys = try count()
        record.configuration.reserveCapacity(min(keys, 1000))
        for _ in 0..<keys {
            let key = try text()
            record.configuration[key] = try text()
        }
        return RunDigest(record: record, status: status, path: path, figures: try figures())
    }

    private mutating func figures() throws -> RunFigures {
        var figures = RunFigures(metrics: [], timing: [])
        figures.best = try values()
        figures.final = try values()
        figures.bestStep = try optional { try $0.integer() }
        figures.finalStep = try optional { try $0.integer() }
        figures.tokens = try optional { try $0.integer() }
        figures.parameters = try optional { try $0.integer() }
        figures.gapToTraining = try optional { try $0.double() }
        figures.flopsPerToken = try optional { try $0.double() }
        figures.bytesPerToken = try optional { try $0.double() }
        figures.tokensPerSecond = try optional { try $0.double() }
        figures.seconds = try optional { try $0.double() }
        figures.peakMegabytes = try optional { try $0.double() }
        figures.floorBitsPerByte = try optional { try $0.double() }
        figures.acceptedShare = try optional { try $0.double() }
        if let verdict = try optional({ try $0.text() }) {
            guard let kind = OverfittingVerdict.Kind(rawValue: verdict) else { throw IndexDamage() }
            figures.verdict = kind
        }
        figures.unrankedReason = try optional { try $0.text() }
        return figures
    }

    private mutating func values() throws -> [String: Double] {
        var values: [String: Double] = [:]
        for _ in 0..<(try count()) {
            let name = try text()
            values[name] = try double()
        }
        return values
    }

    private mutating func integer() throws -> Int { Int(Int64(bitPattern: try number())) }
    private mutating func double() throws -> Double { Double(bitPattern: try number()) }
}
