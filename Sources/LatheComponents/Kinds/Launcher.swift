public import LatheSpec

/// Where the trials of a sweep run: on this machine or in a cluster's queue.
///
/// A trial is a command. The sweep sees only its exit code, its output and the files in the results folder, so a
/// launcher only needs to submit, poll and cancel commands.
public protocol Launcher: Component where Product == any Launcher {
    func open(_ request: LaunchRequest) throws -> any OpenLauncher
    /// Workers of this machine under a split, to measure its speed with; nil (the default) if jobs run elsewhere.
    func open(measuring split: WorkerSplit) throws -> (any OpenLauncher)?
    /// Whether a job's standard input closes when the sweep's process ends, however it does; false by default.
    var closesInput: Bool { get }
}

extension Launcher {
    public static var kind: Kind<any Launcher> { .launcher }
    public var product: any Launcher { self }
    public func open(measuring split: WorkerSplit) throws -> (any OpenLauncher)? { nil }
    public var closesInput: Bool { false }
}

extension Kind where Product == any Launcher {
    public static var launcher: Self { Self("launcher", summary: "Where the trials of a sweep run.") }
}

/// What a sweep asks of a launcher.
public struct LaunchRequest {
    /// Maximum number of jobs.
    public var jobs: Int
    /// Memory of the largest job, in bytes.
    public var memory: Int
    /// Measures the throughput of jobs side by side under some splits and returns the best.
    public var measure: (_ split: [WorkerSplit]) throws -> WorkerSplit

    public init(jobs: Int, memory: Int, measure: @escaping (_ splits: [WorkerSplit]) throws -> WorkerSplit) {
        self.jobs = jobs
        self.memory = memory
        self.measure = measure
    }
}

/// How a machine's cores are divided among workers.
public struct WorkerSplit: Sendable, Hashable {
    /// Concurrent workers.
    public var workers: Int
    /// Threads per worker.
    public var threads: Int

    public init(workers: Int, threads: Int) {
        self.workers = workers
        self.threads = threads
    }
}

/// An open launcher, used by one thread only.
public protocol OpenLauncher: AnyObject {
    /// Maximum number of unfinished jobs. A cluster queue may accept all at once.
    var capacity: Int { get }
    /// How the work is divided, in a few words for the user.
    var summary: String { get }
    /// Starts or queues a job.
    ///
    /// - Returns: the job's id for ``poll(_:)`` and ``cancel(_:)``.
    func submit(_ job: LaunchJob) throws -> String
    /// The state of a job. After reporting once that a job has ended, the launcher may forget it.
    func poll(_ id: String) throws -> LaunchState
    /// Asks a job to save and exit: SIGTERM, or the queue's equivalent.
    func cancel(_ id: String) throws
    /// Ends a job immediately.
    func kill(_ id: String) throws
}

/// A command to run.
public struct LaunchJob: Sendable {
    public var name: String
    /// The program, then its arguments.
    public var arguments: [String]
    /// The file for its output.
    public var log: String
    /// Memory in bytes, if known.
    public var memory: Int?

    public init(name: String, arguments: [String], log: String, memory: Int? = nil) {
        self.name = name
        self.arguments = arguments
        self.log = log
        self.memory = memory
    }
}

public enum LaunchState: Sendable, Equatable {
    /// Queued.
    case waiting
    case running
    case ended(LaunchEnd)
}

public struct LaunchEnd: Sendable, Equatable {
    public enum Cause: Sendable, Equatable {
        /// Exited with a code.
        case exit(Int)
        case signal(Int)
    }

    public var cause: Cause
    /// The last lines of output.
    public var output: String
    /// Why, if the launcher knows more than the cause says, such as running out of memory.
    public var reason: String?

    public init(_ cause: Cause, output: String, reason: String? = nil) {
        self.cause = cause
        self.output = output
        self.reason = reason
    }
}
