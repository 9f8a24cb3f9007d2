import LatheGraph
import LatheSpec

/// The parameters that weight decay applies to.
enum DecayedParameters: String, Choice {
    /// Those with two axes, embeddings included, as in nanoGPT; not biases and gains.
    case matrices
    case all

    func decay(_ weightDecay: Float, of segment: ParameterSegment) -> Float {
        self == .all || segment.role != .vector ? weightDecay : 0
    }
}
