public import LatheComponents
public import LatheGraph

/// The buffers that an optimizer keeps for a model.
///
/// `@unchecked Sendable`: as a `FloatBuffer`, it hands out addresses and nothing else; who writes through them and when is the trainer's to order.
public final class OptimizerState: @unchecked Sendable {
    /// One buffer of one parameter.
    public struct Entry {
        /// `first_moment.layers.0.mlp.up.weight`: its name in checkpoints.
        public let name: String
        /// Its elements.
        public let values: UnsafeMutableBufferPointer<Float>
        /// Its sizes in checkpoints: the parameter's, where it has as many elements.
        public let shape: [Int]
    }

    /// All buffers, parameter by parameter, slot by slot.
    public let entries: [Entry]
    /// The updates of every segment, ready for the optimizer.
    let segments: [SegmentUpdate]
    /// What clipping asks for, one for each segment.
    let limits: UnsafeMutableBufferPointer<GradientLimit>
    private let memory: FloatBuffer
    private let parameters: ParameterStore

    /// Buffers of zero for all parameters.
    public init(_ optimizer: any Optimizer, parameters: ParameterStore) throws(OutOfMemory) {
        let slots = parameters.layout.segments.map { optimizer.slots(for: $0) }
        func rounded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
        memory = try FloatBuffer(count: slots.joined().reduce(0) { $0 + rounded($1.count) })
        limits = .allocate(capacity: max(1, slots.count))
        limits.initialize(repeating: GradientLimit())
        var entries: [Entry] = [], segments: [SegmentUpdate] = [], offset = 0
        for (index, (segment, slots)) in zip(parameters.layout.segments, slots).enumerated() {
            var state: [UnsafeMutablePointer<Float>] = []
            for slot in slots {
                let values = UnsafeMutableBufferPointer(start: memory.base + offset, count: slot.count)
                let shape = slot.count == segment.count ? segment.shape.sizes : [slot.count]
                entries.append(Entry(name: "\(slot.name).\(segment.name)", values: values, shape: shape))
                state.append(memory.base + offset)
                offset += rounded(slot.count)
            }
            guard let limit = limits.baseAddress else { break }
            segments.append(
                SegmentUpdate(
                    segment: segment, weights: parameters.weights.base + segment.offset,
                    gradients: parameters.gradients.base + segment.offset, state: state, limit: limit + index))
        }
        self.entries = entries
        self.segments = segments
        self.parameters = parameters
    }

    deinit { limits.deallocate() }
}
