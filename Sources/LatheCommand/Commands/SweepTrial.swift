import ArgumentParser
import LatheComponents
import LatheKernels
import LatheReports
import LatheResults
import LatheSpec
import LatheSweeps
import LatheSystem
import LatheTraining

/// `lathe sweep trial`, the worker process: creates or resumes the run with one identity, up to its end or to a step.
struct SweepTrial: RegistryCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial", abstract: "Work on one trial of a sweep.", shouldDisplay: false)

    @Argument(help: "The trial's spec.")
    var spec: String
    @Option(help: "The run's identity, as recorded by the sweep.")
    var identity: String
    @Option(help: "Save a checkpoint and stop at this step.")
    var untilStep: Int?
    @Flag(help: "Discard checkpoints of earlier attempts.")
    var startOver = false
    @Flag(help: "Exit when standard input closes.")
    var tethered = false
    @OptionGroup var results: ResultsOptions

    func run(_ registry: Registry) throws {
        if tethered { CurrentProcess.endWithParent(code: Int32(WorkerExit.interrupted)) }
        Interruption.watch()
        guard let claim = try TrialClaim(identity, results: results.path) else {
            throw Finished(code: Int32(WorkerExit.elsewhere))
        }
        defer { withExtendedLifetime(claim) {} }
        let known = RunIndex(results: results.path).run(identity)
        if known?.status == .completed { return }
        if known?.status == .running { throw Finished(code: Int32(WorkerExit.elsewhere)) }
        let loaded = try LoadedExperiment(spec, overrides: [], registry: registry)
        let data = try loaded.prepare(isQuiet: true)
        let plan = try loaded.plan(data)
        let session: RunSession
        do {
            if let known {
                if startOver {
                    let lock = try known.folder.lock()
                    for step in try known.folder.checkpointSteps() { try known.folder.removeCheckpoint(step: step) }
                    withExtendedLifetime(lock) {}
                }
                session = try RunSession.resume(known.folder) { Console.error("warning: \($0)") }
            } else {
                let request = try loaded.request([])
                guard request.identity == identity else {
                    throw UsageError(
                        "\(spec): its identity is \(request.identity), not \(identity): the text has changed, or "
                            + "this is another build of Lathe; run the sweep again"
                    )
                }
                session = try RunSession.create(request, plan: plan, data: data, in: results.path)
            }
        } catch is RunInUse {
            throw Finished(code: Int32(WorkerExit.elsewhere))
        }
        // A pinned worker may have fewer cores than the spec asks for; results do not depend on the thread count.
        let display = RunDisplay(log: session.folder.log, isQuiet: true)
        let pool = loaded.pool(limit: Cores.count)
        for departure in known?.record.departures(of: SessionRecord(pool, time: .now())) ?? [] {
            display.say("warning: \(departure)", always: true)
        }
        let outcome: RunOutcome, summary: RunSummary?
        do {
            (outcome, summary) = try session.train(
                plan, data: data, pool: pool, observer: display, until: untilStep
            ) { try LossCurves.write(into: $0) }
        } catch {
            display.say("failed: \(error)")
            Console.error("error: \(error)")
            throw Finished(code: 1)
        }
        switch outcome {
        case .completed:
            if let summary { display.say(summary.verdict.text) }
        case .paused: return
        case .interrupted: throw Finished(code: Int32(WorkerExit.interrupted))
        }
    }
}
