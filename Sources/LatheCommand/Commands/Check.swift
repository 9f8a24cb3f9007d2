import LatheData
import ArgumentParser
import LatheComponents
import LatheGraph
import LatheKernels
import LatheReports
import LatheResults
import LatheSpec
import LatheSystem
import LatheTraining

struct Check: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find every mistake in an experiment, and show what it would do, without training.")

    @OptionGroup var spec: SpecOptions
    @Flag(help: "Print as JSON.")
    var json = false

    func run(_ registry: Registry) throws {
        let loaded = try LoadedExperiment(spec.path, overrides: spec.overrides, registry: registry)
        let data = try loaded.prepare(isQuiet: json)
        let plan = try loaded.plan(data)
        let report = CheckReport(plan: plan, data: data)
        if json { print(report.json.text(indented: true)) } else { Console.output(report.text) }
    }
}

private struct CheckReport {
    let plan: RunPlan
    let data: RunData

    private var spec: ExperimentSpec { plan.experiment.spec }

    /// What a run takes: this process has all of a run but the plan.
    private var process: Int { plan.memory.total + Memory.residentBytes }

    var text: String {
        var text = spec.resolved.yaml + "\n" + parameters.text() + "\n"
        func line(_ name: String, _ value: String) {
            text += name + String(repeating: " ", count: max(1, 24 - name.count)) + value + "\n"
        }
        let megabyte = { (bytes: Int) in NumberText.memory(megabytes: Double(bytes) / 1e6) }
        line("parameters", NumberText.grouped(plan.layout.parameterCount))
        line("operations per token", "\(NumberText.count(plan.operationsPerToken)) FLOPs, forward and backward")
        line(
            "planned memory",
            "\(megabyte(plan.memory.total)): weights \(megabyte(plan.memory.weights)), "
                + "gradients \(megabyte(plan.memory.gradients)), "
                + "optimizer \(megabyte(plan.memory.optimizer)), activations \(megabyte(plan.memory.activations)), "
                + "states and batches \(megabyte(plan.memory.states))"
        )
        line(
            "process memory",
            "about \(megabyte(process)): the plan, and \(megabyte(process - plan.memory.total)) for the program and "
                + "the text"
        )
        let compute = spec.compute
        line(
            "matrix products",
            "\(compute.productKernels.name) kernels in \(compute.precision.products.name), \(CPU.level)")
        line("vocabulary", NumberText.grouped(data.vocabulary.size))
        line(
            "tokens",
            "\(NumberText.grouped(data.tokenCount)): \(NumberText.grouped(data.training.count)) for training, "
                + "\(NumberText.grouped(data.validation.count)) for validation"
                + (data.test.map { ", \(NumberText.grouped($0.count)) for testing" } ?? "")
        )
        line(
            "batches per epoch",
            "\(NumberText.grouped(plan.batchesPerEpoch)) of \(spec.training.batchSize) x \(spec.training.context)")
        line("steps", "\(NumberText.grouped(plan.steps)), \(NumberText.decimals(plan.epochs, 2)) epochs")
        if let bytes = spec.validation.scopeBytes, bytes != data.validation.segments.bytes {
            line(
                "validation text",
                "\(NumberText.grouped(data.validation.segments.bytes)) bytes: scope.bytes "
                    + "\(NumberText.grouped(bytes)) in whole segments of 1 KiB, as far as the split goes")
        }
        if let floor = data.validation.floorBitsPerByte {
            line(
                "known floor",
                "\(NumberText.loss(floor)) bits/byte on the validation text; the entropy of its single bytes is "
                    + "\(NumberText.loss(data.unigramBitsPerByte))"
            )
        }
        return text
    }

    /// One row per layer: the prefix of parameter names without their last two parts, or the number of a layer.
    private var parameters: Table {
        var order: [String] = [], counts: [String: (Int, [String])] = [:]
        for segment in plan.layout.segments {
            let parts = segment.name.split(separator: ".")
            let isNumbered = parts.count > 2 && Int(parts[1]) != nil
            let depth = max(parts.count - (parts.count > 2 ? 2 : 1), isNumbered ? 2 : 0)
            let layer = parts.prefix(depth).joined(separator: ".")
            if counts[layer] == nil { order.append(layer) }
            let own = parts.dropFirst(layer.split(separator: ".").count).joined(separator: ".")
            counts[layer, default: (0, [])].0 += segment.count
            counts[layer, default: (0, [])].1.append(
                "\(own) \(segment.shape.sizes.map(String.init).joined(separator: "x"))")
        }
        var table = Table(columns: [
            Table.Column("layer", alignment: .left), Table.Column("parameters"),
            Table.Column("tensors", alignment: .left),
        ])
        for layer in order {
            let (count, tensors) = counts[layer] ?? (0, [])
            table.append([
                .text(layer), .init(.integer(count), text: NumberText.grouped(count)),
                .text(tensors.joined(separator: ", ")),
            ])
        }
        return table
    }

    var json: JSONValue {
        .object([
            .init("name", .string(spec.name)), .init("parameters", .integer(plan.layout.parameterCount)),
            .init("layers", parameters.json()), .init("flops_per_token", .number(plan.operationsPerToken)),
            .init(
                "memory",
                .object([
                    .init("process", .integer(process)), .init("total", .integer(plan.memory.total)),
                    .init("weights", .integer(plan.memory.weights)),
                    .init("gradients", .integer(plan.memory.gradients)),
                    .init("optimizer", .integer(plan.memory.optimizer)),
                    .init("activations", .integer(plan.memory.activations)),
                    .init("states", .integer(plan.memory.states)),
                ])), .init("products", .string(spec.compute.productKernels.name)),
            .init("vocabulary", .integer(data.vocabulary.size)),
            .init("tokens", .integer(data.tokenCount)),
            .init("train_tokens", .integer(data.training.count)),
            .init("validation_tokens", .integer(data.validation.count)),
            .init("batches_per_epoch", .integer(plan.batchesPerEpoch)), .init("steps", .integer(plan.steps)),
            .init("epochs", .number(plan.epochs)),
            .init("floor_bits_per_byte", data.validation.floorBitsPerByte.map { .number($0) } ?? .null),
        ])
    }
}
