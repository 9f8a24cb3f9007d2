import ArgumentParser
import LatheComponents
import LatheKernels
import LatheResults
import LatheSpec
import LatheSweeps
import LatheSystem
import LatheTraining

/// `lathe sweep probe`, the worker process of `SweepProber`.
struct SweepProbe: RegistryCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Train briefly and report the speed.", shouldDisplay: false)

    @Argument(help: "A trial's spec.")
    var spec: String
    @Option(help: "Seconds to train.")
    var seconds = 1.0

    func run(_ registry: Registry) throws {
        CurrentProcess.endWithParent(code: Int32(WorkerExit.interrupted))
        let start = MonotonicClock.seconds
        let loaded = try LoadedExperiment(spec, overrides: [], registry: registry)
        let data = try loaded.prepare(isQuiet: true)
        let pool = loaded.pool(limit: Cores.count)
        let probe = try SpeedProbe(try loaded.plan(data), data: data, pool: pool, seconds: seconds)
        print(
            JSONValue.object([
                .init("step_seconds", .number(probe.stepSeconds)),
                .init("validation_seconds", .number(probe.validationSeconds)),
                .init("peak_mb", .number(probe.peakMegabytes)),
                .init("start_seconds", .number(MonotonicClock.seconds - start - probe.seconds)),
            ]).text())
    }
}
