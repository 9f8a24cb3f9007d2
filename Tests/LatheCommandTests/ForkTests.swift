import Foundation
import LatheResults
import LatheSystem
import Testing

/// Forks whose model has other tensors than the parent's.
@Suite struct ForkTests {
    @Test(
        arguments: [
            (
                ["model.biases=false"], nil,
                "layers.0.attention.norm.bias, layers.0.attention.out.bias, layers.0.attention.qkv.bias"
            ),
            (["model.layers=1"], nil, "layers.1.attention.norm.bias"),
            (["model.layers=3"], "layers.2.attention.norm.weight, layers.2.attention.norm.bias", nil),
            (["model.tied_embeddings=false"], "head.weight", nil),
        ] as [([String], String?, String?)]) func differentTensorsAreNamed(
            _ changes: [String], _ missing: String?, _ extra: String?
        ) throws
    {
        let sandbox = try Sandbox()
        _ = try sandbox.run("gpt.yaml", "training.steps=4")
        let arguments = ["fork", "last", "training.steps=6"] + changes
        let refused = try sandbox.start(arguments).wait()
        #expect(refused.code == 2)
        if let missing { #expect(refused.errors.contains("the parent lacks \(missing)"), "\(refused.errors)") }
        if let extra { #expect(refused.errors.contains("the fork lacks \(extra)"), "\(refused.errors)") }
        #expect(sandbox.runs.count == 1)
        let partial = try sandbox.start(arguments + ["--partial"]).wait()
        #expect(partial.code == 0, "\(partial.errors)")
        for name in [missing, extra].compactMap(\.self) { #expect(partial.errors.contains(name)) }
        #expect(sandbox.runs.count == 2)
    }

    /// A tied parent has no head that an untied fork could take, and the head may not start from zero.
    @Test func newTensorsStartFromTheirInitialValues() throws {
        let sandbox = try Sandbox()
        let parent = try sandbox.run("gpt.yaml", "training.steps=4")
        try sandbox.done(
            "fork", "last", "training.steps=5", "model.tied_embeddings=false", "checkpoints.keep=9", "--partial")
        let fork = try #require(sandbox.runs.first { (try? $0.readRecord().parent) != nil })
        let fresh = try sandbox.run("gpt.yaml", "training.steps=0", "model.tied_embeddings=false")
        func tensor(_ name: String, _ checkpoint: String) throws -> [UInt8] {
            let bytes = try sandbox.bytes(checkpoint + "/model.safetensors")
            let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
            let offsets = try #require(try JSONValue(parsing: bytes[8..<8 + length])[name]?["data_offsets"])
            guard case .array(let ends) = offsets, let start = ends[0].integer, let end = ends[1].integer else {
                return []
            }
            return Array(bytes[8 + length + start..<8 + length + end])
        }
        let head = try tensor("head.weight", fork.checkpoint(step: 4))
        #expect(try head == tensor("head.weight", fresh.checkpoint(step: 0)))
        #expect(head.contains { $0 != 0 })
        let table = try tensor("token_embedding.weight", fork.checkpoint(step: 4))
        #expect(try table == tensor("token_embedding.weight", parent.checkpoint(step: 4)))
    }
}
