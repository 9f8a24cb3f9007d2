public import LatheComponents
public import LatheGraph
public import LatheKernels

/// Continues texts with a model.
///
/// States hold what was read: keys and values of a transformer, hidden state of an LSTM. When learned positions run
/// out, the second half of the window is read again from position 0.
public final class TokenGenerator {
    private let compiler: ModelCompiler
    private let memory: Int?
    private let single: Executor
    private let singleLogits: UnsafeMutablePointer<Float>
    private let chunk: Executor?
    private let chunkSize: Int
    private let chunkLogits: UnsafeMutablePointer<Float>?
    private let states: StateStore
    private let ids: UnsafeMutablePointer<Int32>
    private var window: [Int32] = []
    private var position = 0

    /// The programs of a generator. They need the arena of ``init(_:architecture:arena:parameters:pool:)``.
    public struct Programs {
        let compiler: ModelCompiler
        let single: GenerationProgram
        let chunk: GenerationProgram?
        public var all: [Program] { [single.program] + [chunk?.program].compactMap { $0 } }

        public init(_ compiler: ModelCompiler) throws(ShapeMismatch) {
            self.compiler = compiler
            single = try compiler.generation(time: 1)
            let size = min(32, compiler.context)
            chunk = size > 1 ? try compiler.generation(time: size) : nil
        }
    }

    /// - Parameter rounded: the weights in bfloat16, if they no longer change; used for single tokens.
    public init(
        _ programs: Programs, architecture: any Architecture, arena: FloatBuffer, parameters: ParameterStore,
        rounded: RoundedWeights? = nil, pool: ThreadPool
    ) throws {
        compiler = programs.compiler
        memory = architecture.memory(context: compiler.context)
        chunkSize = programs.chunk?.time ?? 1
        ids = .allocate(capacity: chunkSize)
        ids.initialize(repeating: 0, count: chunkSize)
        let states = try StateStore(programs.single.program.graph, rows: 1)
        self.states = states
        let ids = ids
        func executor(_ program: Program) -> Executor {
            Executor(
                program, arena: arena, parameters: parameters, rounded: rounded, states: states, inputs: [ids],
                pool: pool)
        }
        single = executor(programs.single.program)
        singleLogits = single.numbers(of: programs.single.logits)
        let chunk = programs.chunk.map { executor($0.program) }
        self.chunk = chunk
        chunkLogits = programs.chunk.flatMap { chunk?.numbers(of: $0.logits) }
    }

    deinit { ids.deallocate() }

    /// Clears the context.
    public func reset() {
        states.reset()
        window = []
        position = 0
    }

    /// Reads tokens and returns the logits of the next one.
    public func read(_ tokens: [Int32]) -> UnsafeBufferPointer<Float> {
        var rest = tokens[...]
        var logits: UnsafeMutablePointer<Float>?
        if let memory, rest.count > memory { rest = rest.suffix(memory) }
        while !rest.isEmpty {
            if let memory, position == memory {
                let kept = Array(window.suffix(max(1, memory / 2) - (memory == 1 ? 1 : 0)))
                reset()
                rest = (kept + rest)[...]
                if rest.count > memory { rest = rest.suffix(memory) }
            }
            let room = memory.map { $0 - position } ?? Int.max
            let count = chunk != nil && rest.count >= chunkSize && room >= chunkSize ? chunkSize : 1
            logits = run(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return UnsafeBufferPointer(start: logits ?? singleLogits, count: compiler.vocabulary)
    }

    private func run(_ tokens: ArraySlice<Int32>) -> UnsafeMutablePointer<Float> {
        for (index, token) in tokens.enumerated() { ids[index] = token }
        let state = RunState(position: position)
        position += tokens.count
        if memory != nil { window.append(contentsOf: tokens) }
        guard tokens.count > 1, let chunk, let chunkLogits else {
            single.run(state)
            return singleLogits
        }
        chunk.run(state)
        return chunkLogits + (chunkSize - 1) * compiler.vocabulary
    }

    /// Continues a text.
    ///
    /// - Parameters:
    ///   - prompt: at least one token.
    ///   - count: tokens to generate.
    ///   - stop: a token that ends the text and is not delivered.
    ///   - deliver: receives each token; returns false to stop.
    public func generate(
        prompt: [Int32], count: Int, rule: SamplingRule, seed: UInt64, stop: Int32? = nil,
        deliver: (Int32) throws -> Bool
    ) rethrows {
        reset()
        var sampler = TokenSampler(rule, seed: seed)
        var next = prompt
        for _ in 0..<count {
            let token = sampler.draw(read(next))
            if token == stop { return }
            guard try deliver(token) else { return }
            next = [token]
        }
    }
}
