import LatheGraph
public import LatheSpec

/// Which parameters shrink.
public enum DecayedParameters: String, Choice {
    /// Those with two axes, embeddings included, as nanoGPT does it; biases and gains are left alone.
    case matrices
    /// All.
    case all

    /// The decay of a parameter.
    func decay(_ weightDecay: Float, of segment: ParameterSegment) -> Float {
        self == .all || segment.role != .vector ? weightDecay : 0
    }
}
