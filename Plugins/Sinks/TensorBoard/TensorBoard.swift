package import LatheComponents
import LatheResults
import LatheSpec
import LatheSystem

/// TensorBoard event files in the run's folder, with the run's spec for the HParams tab.
///
/// Each session of a run writes its own file, `events.out.tfevents.<seconds>.<host>.<process>.<number>`, which starts
/// by telling readers to drop earlier events from its first step on. All values of the spec go to HParams, so that
/// different models share columns; TensorBoard collects the columns from all runs as long as none of them declares an
/// HParams experiment. Runs that differ only in their seed form one group.
package struct TensorBoard: MetricSink {
    package struct Config: ComponentConfig {
        package init() {}
    }

    package static let name = "tensorboard"
    package static let summary =
        "TensorBoard event files in the run's folder, with hyperparameters; view with tensorboard --logdir results."

    package init(_ config: Config) {}

    package func open(_ run: SinkRun) throws -> any OpenSink { try OpenTensorBoard(run) }
}

private final class OpenTensorBoard: OpenSink {
    private let file: OpenFile

    init(_ run: SinkRun) throws {
        let prefix = "events.out.tfevents."
        var earlier: [String] = []
        for name in try DurableFolder.names(in: run.folder.path).sorted() where name.hasPrefix(prefix) {
            // The run is continuing, so it has not failed after all.
            if name.hasSuffix(Self.failure) {
                try DurableFolder.remove(run.folder.file(name))
            } else {
                earlier.append(name)
            }
        }
        let now = WallClock.seconds
        // Readers sort by name, so a later session needs a later time in its name, even within one second or after the
        // clock was set back.
        let last = earlier.last.flatMap { Int($0.dropFirst(prefix.count).prefix { $0 != "." }) } ?? 0
        let seconds = String(max(Int(now), last + 1))
        let padded = String(repeating: "0", count: max(0, 10 - seconds.count)) + seconds
        let host = Machine.hostName.filter { $0 != "/" }
        file = try OpenFile(
            run.folder.file("\(prefix)\(padded).\(host).\(CurrentProcess.id).\(earlier.count)"), .new)
        try append(Event.fileVersion(time: now))
        try append(Event.sessionStart(time: now, step: run.firstStep > 1 ? run.firstStep : 0))
        try append(
            Event.hyperparameters(
                time: now, started: now, group: run.record.hashes.configuration ?? run.record.identity,
                run.record.configuration))
    }

    /// Suffix of a file that holds only a failure. Readers keep the first session end that they see, and a failed run
    /// may be resumed, so its end must be removable.
    private static let failure = ".failed"

    func record(_ record: MetricRecord) throws { try append(Event.scalars(time: WallClock.seconds, record)) }

    func close(_ status: RunStatus) throws {
        let now = WallClock.seconds
        switch status {
        case .completed: try append(Event.sessionEnd(time: now, isSuccess: true))
        case .failed:
            let events = [Event.fileVersion(time: now), Event.sessionEnd(time: now, isSuccess: false)]
            try DurableFile.write(events.flatMap { EventRecord.framed($0) }, to: file.path + Self.failure)
        // Another session will continue it.
        default: break
        }
        try file.sync()
    }

    private func append(_ payload: [UInt8]) throws { try file.write(EventRecord.framed(payload)) }
}
