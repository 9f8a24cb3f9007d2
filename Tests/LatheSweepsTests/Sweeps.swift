import Foundation
import LatheComponents
import LatheSpec
import LatheSweeps
import TestSupport

/// A folder with a base and a sweep, removed after the test.
final class Sweeps {
    static let base = """
        name: base
        seed: 7
        model: {type: transformer, layers: 1, heads: 2, width: 16}
        training: {steps: 100}
        validation: {every: 10}

        """

    let path: String
    let registry: Registry

    init(base: String = Sweeps.base) throws {
        path = NSTemporaryDirectory() + "lathe-sweeps-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        registry = try builtins.get()
        try base.write(toFile: path + "/base.yaml", atomically: false, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func expand(_ text: String) throws -> SweepExpansion {
        try text.write(toFile: path + "/sweep.yaml", atomically: false, encoding: .utf8)
        let definition = try SweepDefinition(file: path + "/sweep.yaml", lookup: registry)
        return try SweepExpansion(
            definition, lookup: registry,
            inspection: .init { spec in
                let shape = spec.training.shape
                let context = ExperimentContext(
                    shape: shape, steps: spec.training.steps, loaderName: spec.loader.name, rowsContinue: false)
                return try spec.choices.flatMap { try $0.validate(in: context) }
            } identity: {
                $0.canonicalText()
            })
    }

    /// The trials' distinguishing parameters, one line each.
    func labels(_ text: String) throws -> String {
        try expand(text).trials.map { $0.label + "\n" }.joined()
    }

    /// The whole message about a wrong sweep, without the folder's path.
    func message(_ text: String) -> String {
        do {
            _ = try expand(text)
            return "nothing is wrong"
        } catch {
            return "\(error)".replacingOccurrences(of: path + "/", with: "")
        }
    }
}
