public struct MachineRecord: Codable, Sendable, Equatable {
    public var host: String
    /// As the system reports it.
    public var processor: String
    /// Cores available to this process.
    public var cores: Int
    /// The vector instruction level that the kernels selected, such as `x86-64-v4`. Results differ between levels in
    /// the last bits.
    public var simdLevel: String
    public var system: String
    /// Installed memory in MiB.
    public var memoryMegabytes: Int?

    /// Stores a description; ``current(simdLevel:)`` asks the system.
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

/// How a run computes matrix products, which affects speed and the last bits of results.
public struct LinearAlgebraRecord: Codable, Sendable, Equatable {
    /// Whose kernels: `own` or `openblas`; nil in the records of old runs.
    public var products: String?
    /// The library with its version, such as `OpenBLAS 0.3.21`, if it was used.
    public var library: String?
    /// The kernel set that the library selected, such as `SkylakeX`.
    public var kernel: String?
    public var threads: Int
    /// `OPENBLAS_CORETYPE` if the environment set it; it overrides the library's own choice.
    public var coreType: String?
    /// The precision of the inputs of matrix products: `fp32` or `bf16`.
    public var precision: String?

    public init(
        products: String? = nil, library: String?, kernel: String?, threads: Int, coreType: String? = nil,
        precision: String? = nil
    ) {
        self.products = products
        self.library = library
        self.kernel = kernel
        self.threads = threads
        self.coreType = coreType
        self.precision = precision
    }

    enum CodingKeys: String, CodingKey {
        case products, library, kernel, threads, precision
        case coreType = "openblas_coretype"
    }
}

/// The git work tree that a run was started in.
public struct GitRecord: Codable, Sendable, Equatable {
    /// The commit's full hash; nil in a repository without commits.
    public var commit: String?
    /// Whether tracked files differ from the commit.
    public var dirty: Bool

    /// Stores a state; ``current(in:)`` asks git.
    public init(commit: String?, dirty: Bool) {
        self.commit = commit
        self.dirty = dirty
    }
}

/// SHA-256 hashes, in hexadecimal, of what a run was made from.
public struct HashesRecord: Codable, Sendable, Equatable {
    /// The prepared training text; a run does not resume on changed data.
    public var data: String?
    /// The validation text: runs with equal hashes can be compared segment by segment.
    public var validation: String?
    public var tokenizer: String?
    /// The canonical spec, which is the run's identity.
    public var spec: String?
    /// The canonical spec without its seed; equal for repetitions of one configuration.
    public var configuration: String?

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
