import LatheComponents
import LatheSystem

/// A process on this machine that notices when this one ends, however it does.
final class LocalProcess {
    let core: Int
    private let child: ChildProcess
    private let log: OpenFile?
    private let memoryKills = Memory.killCount
    /// The end of its output, kept in memory too, since the log may be on a full disk.
    private var tail: [UInt8] = []

    private static let tailSize = 16384

    /// - Parameters:
    ///   - core: the first of its cores.
    ///   - processors: the processors to pin it to; empty for no pinning.
    init(_ job: LaunchJob, core: Int, processors: [Int]) throws {
        self.core = core
        log = try? OpenFile(job.log, .append)
        do throws(ChildProcess.StartFailure) {
            child = try ChildProcess(
                job.arguments[0], Array(job.arguments.dropFirst()), outputs: [[1, 2]], isTethered: true,
                processors: processors)
        } catch { throw LocalFailure("\(job.arguments[0]): cannot start: \(error)") }
    }

    /// How the process ended; nil while it runs.
    func poll() -> LaunchEnd? {
        drain()
        guard let ending = child.poll() else { return nil }
        drain()
        let text = String(decoding: tail, as: UTF8.self)
        switch ending {
        case .exit(let code): return LaunchEnd(.exit(Int(code)), output: text)
        case .signal(let signal):
            let isMemory = signal == SignalName.kill && Memory.killCount > memoryKills
            return LaunchEnd(
                .signal(Int(signal)), output: text,
                reason: isMemory ? "the system killed the worker because memory ran out" : nil)
        }
    }

    /// Asks the process to save and end, or kills it.
    func end(kills: Bool) { child.end(kills: kills) }

    /// Moves available output to the log and to memory.
    private func drain() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while let count = child.read(output: 0, into: &bytes), count > 0 {
            try? log?.write(Array(bytes[..<count]))
            tail += bytes[..<count]
            if tail.count > 2 * Self.tailSize { tail.removeFirst(tail.count - Self.tailSize) }
        }
    }
}

struct LocalFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
