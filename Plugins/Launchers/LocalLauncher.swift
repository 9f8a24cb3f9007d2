import LatheComponents
import LatheSpec
import LatheSystem

/// Runs trials as processes on this machine, each pinned to its own cores. There are never more busy threads than
/// cores.
struct LocalLauncher: Launcher {
    struct Config: ComponentConfig {
        @Field("Number of concurrent trials, or auto for the number that finishes the sweep soonest.", in: 1...1024)
        var workers = Automatic<Int>.auto
        @Field("Threads per trial, or auto for an even share of the cores.", in: 1...1024)
        var threads = Automatic<Int>.auto
    }

    static let name = "local"
    static let summary = "Processes on this machine, each pinned to its own cores."
    private let config: Config

    init(_ config: Config) { self.config = config }

    /// Splits the cores as configured or, for `auto`, by measurement.
    func open(_ request: LaunchRequest) throws -> any OpenLauncher {
        let cores = Cores.allowed()
        let split = try split(request, cores: Cores.count)
        return LocalWorkers(cores: cores, split: split, reason: config.workers.value == nil ? "auto" : "configured")
    }

    func open(measuring split: WorkerSplit) -> (any OpenLauncher)? {
        LocalWorkers(cores: Cores.allowed(), split: split, reason: "measured")
    }

    var closesInput: Bool { true }

    private func split(_ request: LaunchRequest, cores: Int) throws -> WorkerSplit {
        if let workers = config.workers.value {
            let threads = config.threads.value ?? max(1, cores / workers)
            guard workers * threads <= max(cores, workers) else {
                throw LocalFailure(
                    "workers (\(workers)) x threads (\(threads)) exceeds the \(cores) available cores; "
                        + "set one of them to auto"
                )
            }
            return WorkerSplit(workers: workers, threads: threads)
        }
        if let threads = config.threads.value {
            return WorkerSplit(workers: max(1, min(cores / threads, most(request))), threads: min(threads, cores))
        }
        let workers = Set((1...cores).map { cores / $0 }).sorted(by: >)
        let splits = Set(workers.map { min($0, max(1, request.jobs), most(request)) })
            .map { WorkerSplit(workers: $0, threads: cores / $0) }.sorted { $0.workers > $1.workers }
        return splits.count == 1 ? splits[0] : try request.measure(splits)
    }

    /// The number of workers that fit in memory.
    private func most(_ request: LaunchRequest) -> Int {
        guard request.memory > 0, let free = Memory.available() else { return .max }
        return max(1, Int(0.9 * Double(free)) / request.memory)
    }
}

final class LocalWorkers: OpenLauncher {
    private let cores: [[Int]]
    private let split: WorkerSplit
    private let reason: String
    private var processes: [String: LocalProcess] = [:]
    private var count = 0

    init(cores: [[Int]], split: WorkerSplit, reason: String) {
        self.cores = cores
        self.split = split
        self.reason = reason
    }

    var capacity: Int { split.workers }

    var summary: String {
        "\(split.workers) worker\(split.workers == 1 ? "" : "s") x "
            + "\(split.threads) thread\(split.threads == 1 ? "" : "s") (\(reason)) on "
            + "\(Cores.count) core\(Cores.count == 1 ? "" : "s")"
    }

    func submit(_ job: LaunchJob) throws -> String {
        count += 1
        let id = "\(count)"
        let place = freePlace
        let process = try LocalProcess(job, core: place, processors: processors(place))
        processes[id] = process
        return id
    }

    func poll(_ id: String) throws -> LaunchState {
        guard let process = processes[id] else { return .ended(LaunchEnd(.exit(1), output: "unknown job \(id)")) }
        guard let end = process.poll() else { return .running }
        processes[id] = nil
        return .ended(end)
    }

    func cancel(_ id: String) throws { processes[id]?.end(kills: false) }
    func kill(_ id: String) throws { processes[id]?.end(kills: true) }

    /// The first free place.
    private var freePlace: Int {
        let taken = Set(processes.values.map(\.core))
        return (0..<split.workers).first { !taken.contains($0) } ?? 0
    }

    /// The processors of a place. If more workers than cores were requested, they share cores in turn.
    private func processors(_ place: Int) -> [Int] {
        // Under a quota, others may use the same cores: the system places workers better.
        guard Cores.canPin, Cores.count == cores.count else { return [] }
        return (0..<split.threads).flatMap { cores[(place * split.threads + $0) % cores.count] }
    }
}
