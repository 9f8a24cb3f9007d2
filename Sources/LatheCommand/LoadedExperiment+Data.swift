import LatheComponents
import LatheData
import LatheKernels
import LatheReports
import LatheResults
import LatheSpec
import LatheSystem
import LatheTraining

extension LoadedExperiment {
    /// Prepares the text, or reuses it if already prepared, and reports which.
    func prepare(isQuiet: Bool) throws -> RunData {
        RunData(try prepareText(isQuiet: isQuiet), spec: experiment.spec)
    }

    /// Like `prepare(isQuiet:)`, with the token files and data card.
    func prepareText(isQuiet: Bool) throws -> PreparedData {
        let spec = experiment.spec
        var request = DataRequest(spec)
        if let stored, lacksTokenizerFiles { request.restored = try vocabulary(of: stored) }
        let display = PreparationDisplay(isQuiet: isQuiet)
        let prepared: PreparedData
        do {
            defer { display.clear() }
            prepared = try DataPreparation(request, cache: try .standard(), threads: threads).run { display.show($0) }
        } catch let error as DataError { throw located(error) }
        if !isQuiet {
            let tokens = NumberText.grouped(prepared.splits.reduce(0) { $0 + $1.tokens.count })
            let time = NumberText.duration(seconds: prepared.seconds)
            Console.error(
                prepared.isReused
                    ? "data: reusing \(tokens) prepared tokens"
                    : "data: prepared \(tokens) tokens from \(NumberText.grouped(prepared.bytes)) bytes in \(time)"
            )
        }
        return prepared
    }

    /// A data error as a diagnostic at the spec key that causes it; unchanged if no key does.
    func located(_ error: DataError) -> any Error {
        let spec = experiment.spec
        let mark: Mark?
        if let path = spec.paths.first(where: { SourceFiles.isFile(error.place, of: $0.resolved) }) {
            mark = path.mark
        } else if error.place.hasPrefix("source '") || error.place.hasPrefix("http") {
            mark = spec.data.$source.mark
        } else if let step = spec.data.cleaning.first(where: { error.place == "cleaning '\($0.name)'" }) {
            mark = step.mark
        } else if error.place.hasPrefix("cleaned text") {
            mark = spec.$tokenizer.mark
        } else if error.place.hasSuffix(" split") || error.place == "data.split" {
            mark = spec.data.$split.mark
        } else {
            return error
        }
        // A split is the subject of its message; a file is its location.
        let message = error.place.hasSuffix(" split") ? "\(error.place) \(error.message)" : "\(error)"
        let note = "if the file has moved, '--set data.source.path=PATH' says where it is now"
        return Diagnostics([Diagnostic(message, at: mark, note: stored == nil ? nil : note)])
    }

    /// - Parameters:
    ///   - parent: the run and checkpoint step that a fork starts from.
    ///   - precision: of products, if not this machine's: that of the run's first session.
    func request(
        _ overrides: [String], parent: (run: StoredRun, step: Int)? = nil, precision: String? = nil
    ) throws -> RunRequest {
        let hashes = ContentHashes(cache: try .standard())
        var contents: [SpecPath: String] = [:]
        for path in experiment.spec.paths { contents[path] = try hashes.hash(of: path) }
        let known = contents
        let hash: @Sendable (SpecPath) -> String = { known[$0] ?? $0.resolved }
        let origin = parent.map { ($0.run.record, $0.step) }
        let identity = RunRequest.identityText(
            experiment.spec, parent: origin.map { ($0.identity, $1) }, precision: precision, hash: hash)
        let configuration = RunRequest.configurationText(
            experiment.spec, parent: origin.map { ($0.hashes.configuration ?? $0.identity, $1) },
            precision: precision, hash: hash)
        let products = experiment.spec.compute.productKernels
        let blas = products == .openBLAS ? OpenBLAS.installed : nil
        return RunRequest(
            experiment: experiment, identity: ContentHashes.hash(of: identity),
            configurationHash: ContentHashes.hash(of: configuration), files: loaded.files, overrides: overrides,
            commandLine: CommandLine.arguments, version: Version.withBuild,
            machine: .current(simdLevel: "\(CPU.level)"),
            blas: .current(
                products: products.name, library: blas?.configuration, kernel: blas?.kernel, threads: threads,
                precision: experiment.spec.compute.precision.products.name),
            parent: parent.map { RunRecord.Parent(run: $0.run.id, step: $0.step) })
    }
}

/// Shows the progress of preparation once it takes more than 0.3 s.
final class PreparationDisplay {
    private let isQuiet: Bool
    private let start = MonotonicClock.seconds
    private var phase: PreparationProgress.Phase?
    private var phaseStart = 0.0
    private var lastShown = 0.0
    private var isDrawn = false

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func show(_ progress: PreparationProgress) {
        if let note = progress.note {
            clear()
            return Console.error("warning: \(TextWidth.printable(note))")
        }
        let now = MonotonicClock.seconds
        if progress.phase != phase {
            phase = progress.phase
            phaseStart = now
        }
        let isAtOnce = progress.phase == .waiting || progress.phase == .rebuilding
        guard !isQuiet, isAtOnce || now - start > 0.3, now - lastShown >= (Console.redraws ? 0.1 : 5) else { return }
        lastShown = now
        var line = "data: \(progress.activity ?? text(progress.phase))"
        if progress.done > 0 {
            let rate = Double(progress.done) / max(1e-3, now - phaseStart)
            line +=
                "  \(NumberText.memory(megabytes: Double(progress.done) / 1e6))  "
                + "\(NumberText.decimals(rate / 1e6, 1)) MB/s"
            if let total = progress.total, total > progress.done {
                line += "  \(NumberText.duration(seconds: Double(total - progress.done) / rate)) left"
            }
        }
        if Console.redraws {
            Console.draw("\r\u{1B}[K" + line)
            isDrawn = true
        } else {
            Console.error(line)
        }
    }

    func clear() {
        if isDrawn { Console.draw(ProgressLine.clear) }
    }

    private func text(_ phase: PreparationProgress.Phase) -> String {
        switch phase {
        case .waiting: "another process is preparing the same text; waiting for it"
        case .gathering: "gathering the source's files"
        case .hashing: "hashing source files"
        case .rebuilding: "a cache entry was damaged; preparing it again"
        case .verifying: "verifying the cache"
        case .cleaning: "reading and cleaning"
        case .fitting: "fitting the tokenizer"
        case .encoding: "encoding"
        case .measuring: "measuring"
        case .writing: "writing"
        }
    }
}
