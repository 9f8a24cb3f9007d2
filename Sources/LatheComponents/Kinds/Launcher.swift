public import LatheSpec

/// Where the trials of a sweep run: on this machine, or in the queue of a cluster.
///
/// A trial is a command. Nothing passes between it and the sweep but its exit code, what it prints, and the files in the results
/// folder, so a launcher needs to know only how to submit a command, ask for it and cancel it.
public protocol Launcher: Component where Product == any Launcher {
    /// Begins to launch.
    func open(_ request: LaunchRequest) throws -> any OpenLauncher
}

extension Launcher {
    /// The kind of launchers: `launcher` in a sweep.
    public static var kind: Kind<any Launcher> { .launcher }
    /// Itself.
    public var product: any Launcher { self }
}

extension Kind where Product == any Launcher {
    /// `launcher`
    public static var launcher: Self { Self("launcher", summary: "Where the trials of a sweep run.") }
}

/// What a sweep asks of a launcher.
public struct LaunchRequest {
    /// How many jobs there will be at most.
    public var jobs: Int
    /// Memory that the largest job will use, in bytes.
    public var memory: Int
    /// Measures the throughput of some jobs side by side, where the launcher has to find out what is best.
    public var measure: (_ split: [WorkerSplit]) throws -> WorkerSplit

    /// A request.
    public init(jobs: Int, memory: Int, measure: @escaping (_ splits: [WorkerSplit]) throws -> WorkerSplit) {
        self.jobs = jobs
        self.memory = memory
        self.measure = measure
    }
}

/// A way to divide a machine's cores among workers.
public struct WorkerSplit: Sendable, Hashable {
    /// How many work at once.
    public var workers: Int
    /// The threads of each.
    public var threads: Int

    /// So many workers of so many threads each.
    public init(workers: Int, threads: Int) {
        self.workers = workers
        self.threads = threads
    }
}

/// A launcher at work. Used by one thread.
public protocol OpenLauncher: AnyObject {
    /// How many jobs may be submitted and not yet ended; a queue that does its own waiting may take all at once.
    var capacity: Int { get }
    /// How the work is divided, in a few words for people.
    var summary: String { get }
    /// Starts a job or puts it into the queue.
    ///
    /// - Returns: a name that ``poll(_:)`` and ``cancel(_:)`` know the job by.
    func submit(_ job: LaunchJob) throws -> String
    /// How a job is doing. After it has said once that a job has ended, the launcher may forget it.
    func poll(_ id: String) throws -> LaunchState
    /// Asks a job to save its work and end: SIGTERM, or what the queue has for it.
    func cancel(_ id: String) throws
    /// Ends a job at once.
    func kill(_ id: String) throws
}

/// A command to run.
public struct LaunchJob: Sendable {
    /// What it is called in queues and messages.
    public var name: String
    /// The program and its arguments.
    public var arguments: [String]
    /// Where its output goes.
    public var log: String
    /// The memory it will use, in bytes, where that is known.
    public var memory: Int?

    /// A job.
    public init(name: String, arguments: [String], log: String, memory: Int? = nil) {
        self.name = name
        self.arguments = arguments
        self.log = log
        self.memory = memory
    }
}

/// How a job is doing.
public enum LaunchState: Sendable, Equatable {
    /// It waits in a queue.
    case waiting
    /// It runs.
    case running
    /// It has ended.
    case ended(LaunchEnd)
}

/// How a job ended.
public struct LaunchEnd: Sendable, Equatable {
    /// How a process ends.
    public enum Cause: Sendable, Equatable {
        /// By itself, with an exit code.
        case exit(Int)
        /// By a signal.
        case signal(Int)
    }

    /// How it ended.
    public var cause: Cause
    /// The last lines that it printed.
    public var output: String
    /// Why, where the launcher knows more than the cause says, such as that memory ran out.
    public var reason: String?

    /// An end.
    public init(_ cause: Cause, output: String, reason: String? = nil) {
        self.cause = cause
        self.output = output
        self.reason = reason
    }
}
