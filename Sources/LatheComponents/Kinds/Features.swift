public import LatheGraph
import LatheLayers

/// What an architecture computes from tokens, with the weights of its head: the ends that training, evaluation and
/// generation put on it.
public struct Features {
    /// One vector per token [B, T, C].
    public var value: Value
    /// The head's weight [V, C]; the token embedding if tied.
    public var headWeight: Value
    /// The head's bias [V].
    public var headBias: Value?

    public init(_ value: Value, headWeight: Value, headBias: Value? = nil) {
        self.value = value
        self.headWeight = headWeight
        self.headBias = headBias
    }

    /// The nats of each target [B, T]; 0 where it is ignored. In a training graph, the loss.
    public func nats(_ graph: Graph, targets: Value) throws(ShapeMismatch) -> Value {
        try graph.scope("loss") { () throws(ShapeMismatch) in
            try CrossEntropy.apply(graph, value, targets: targets, weight: headWeight, bias: headBias)
        }
    }

    /// The logits after each token [B, T, V].
    public func logits(_ graph: Graph) throws(ShapeMismatch) -> Value {
        try graph.scope("head") { () throws(ShapeMismatch) in
            try Linear.apply(graph, value, weight: headWeight, bias: headBias, outputs: "vocabulary")
        }
    }
}
