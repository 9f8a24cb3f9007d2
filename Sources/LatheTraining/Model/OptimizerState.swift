public import LatheComponents
public import LatheGraph

/// The buffers that an optimizer keeps for a model.
///
/// `@unchecked Sendable`: like a `FloatBuffer`, it only hands out addresses; the trainer orders all writes through
/// them.
public final class OptimizerState: @unchecked Sendable {
    public struct Entry {
        /// Name in checkpoints: `first_moment.layers.0.mlp.up.weight`.
        public let name: String
        public let values: UnsafeMutableBufferPointer<Float>
        /// Shape in checkpoints: the parameter's if it has as many elements.
        public let shape: [Int]
    }

    /// By parameter, then by slot.
    public let entries: [Entry]
    /// The updates of all segments, ready for the optimizer.
    let segments: [SegmentUpdate]
    /// Clipping, one entry per segment.
    let limits: UnsafeMutableBufferPointer<GradientLimit>
    private let memory: FloatBuffer
    private let parameters: ParameterStore

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
