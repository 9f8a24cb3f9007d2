/// The machine that a run works on.
public struct MachineRecord: Codable, Sendable, Equatable {
    /// Host name.
    public var host: String
    /// The processor's name as the system gives it.
    public var processor: String
    /// Cores that this process may use.
    public var cores: Int
    /// The level of vector instructions that the kernels chose, such as `x86-64-v4`. Levels differ in the last bits of results.
    public var simdLevel: String
    /// Operating system and its version.
    public var system: String
    /// Installed memory in MiB.
    public var memoryMegabytes: Int?

    /// A machine as given; ``current(simdLevel:)`` asks the system.
    public init(
        host: String, processor: String, cores: Int, simdLevel: String, system: String, memoryMegabytes: Int? = nil
    ) {
        self.host = host
        self.processor = processor
        self.cores = cores
        self.simdLevel = simdLevel
        self.system = system
        self.memoryMegabytes = memoryMegabytes
    }

    enum CodingKeys: String, CodingKey {
        case host, processor, cores, system
        case simdLevel = "simd_level"
        case memoryMegabytes = "memory_mb"
    }
}

/// The linear algebra library behind a run: which kernels it chose decides speed and the last bits.
public struct LinearAlgebraRecord: Codable, Sendable, Equatable {
    /// Library and version, such as `OpenBLAS 0.3.21`.
    public var library: String
    /// The kernel set that it chose, such as `SkylakeX`.
    public var kernel: String
    /// Threads that training used.
    public var threads: Int
    /// `OPENBLAS_CORETYPE` where the environment set it: it overrides the library's own choice.
    public var coreType: String?
    /// What the factors of products were rounded to: `fp32` or `bf16`.
    public var precision: String?

    /// The library as given.
    public init(
        library: String, kernel: String, threads: Int, coreType: String? = nil, precision: String? = nil
    ) {
        self.library = library
        self.kernel = kernel
        self.threads = threads
        self.coreType = coreType
        self.precision = precision
    }

    enum CodingKeys: String, CodingKey {
        case library, kernel, threads, precision
        case coreType = "openblas_coretype"
    }
}

/// The state of the git work tree that a run was started in.
public struct GitRecord: Codable, Sendable, Equatable {
    /// The commit's full hash; nil in a repository without commits.
    public var commit: String?
    /// Whether tracked files differed from the commit.
    public var dirty: Bool

    /// A state as given; ``current(in:)`` asks git.
    public init(commit: String?, dirty: Bool) {
        self.commit = commit
        self.dirty = dirty
    }
}

/// Content hashes (SHA-256, hexadecimal) of what a run was made from.
public struct HashesRecord: Codable, Sendable, Equatable {
    /// The prepared training text, so that resuming can refuse changed data.
    public var data: String?
    /// The validation text: runs with equal hashes can be compared segment by segment.
    public var validation: String?
    /// The fitted tokenizer.
    public var tokenizer: String?
    /// The canonical spec: the identity in full.
    public var spec: String?
    /// The canonical spec without its seed: runs with equal ones repeat one configuration.
    public var configuration: String?

    /// Hashes, each left out until it is known.
    public init(
        data: String? = nil, validation: String? = nil, tokenizer: String? = nil, spec: String? = nil,
        configuration: String? = nil
    ) {
        self.data = data
        self.validation = validation
        self.tokenizer = tokenizer
        self.spec = spec
        self.configuration = configuration
    }
}
