import ArgumentParser
import LatheComponents
import LatheKernels
import LatheReports
import LatheResults
import LatheSpec
import LatheSweeps
import LatheTraining

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `lathe sweep trial`: what a worker runs. It brings the run of one identity to its end, or to a step, whatever is there of it already.
struct SweepTrial: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial", abstract: "Work on one trial of a sweep.", shouldDisplay: false)

    @Argument(help: "The trial's spec.")
    var spec: String
    @Option(help: "The identity of its run, as the sweep has it.")
    var identity: String
    @Option(help: "A step to stop at with a checkpoint.")
    var untilStep: Int?
    @Flag(help: "Drop what an earlier attempt left.")
    var startOver = false
    @Flag(help: "End when standard input ends.")
    var tethered = false
    @OptionGroup var results: ResultsOptions

    func run() throws {
        if tethered { Tether.watch() }
        Interruption.watch()
        guard let claim = try TrialClaim(identity, results: results.path) else {
            throw Finished(code: Int32(WorkerExit.elsewhere))
        }
        defer { withExtendedLifetime(claim) {} }
        let known = RunIndex(results: results.path).run(identity)
        if known?.status == .completed { return }
        if known?.status == .running { throw Finished(code: Int32(WorkerExit.elsewhere)) }
        let bench = try Workbench(spec, overrides: [], registry: try .installed())
        let data = try bench.prepare(isQuiet: true)
        let plan = try bench.plan(data)
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
                let request = try bench.request([])
                guard request.identity == identity else {
                    throw UsageError(
                        "\(spec): its identity is \(request.identity), not \(identity): the text has changed, or this is another Lathe; run the sweep again"
                    )
                }
                session = try RunSession.create(request, plan: plan, data: data, in: results.path)
            }
        } catch is RunInUse {
            throw Finished(code: Int32(WorkerExit.elsewhere))
        }
        // A worker that is pinned has fewer cores than the spec may ask for; the numbers are the same with any count.
        let display = RunDisplay(log: session.folder.log, isQuiet: true)
        let outcome: RunOutcome, summary: RunSummary?
        do {
            (outcome, summary) = try session.train(
                plan, data: data, pool: bench.pool(limit: CPU.availableCores), observer: display, until: untilStep
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

/// Ends this process when the one that started it does: its standard input is a pipe that nobody writes to.
enum Tether {
    static func watch() {
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let code = pthread_create(
            &thread, nil,
            { _ in
                var byte: UInt8 = 0
                while true {
                    let count = read(0, &byte, 1)
                    // What is not saved will be computed again, to the same bits.
                    if count == 0 || (count < 0 && errno != EINTR) { _exit(Int32(WorkerExit.interrupted)) }
                }
            }, nil)
        if code == 0 { pthread_detach(thread) }
    }
}
