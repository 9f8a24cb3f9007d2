import Foundation
import LatheKernels
import LatheResults
import Testing

@Suite(.enabled(if: OpenBLAS.installed != nil, "OpenBLAS is not installed"))
struct ProductsTests {
    /// Large enough for products that are not a few rows only.
    private static let openBLAS = ["compute.products=openblas", "model.width=64"]

    @Test func openBLASLearnsTheSame() throws {
        let sandbox = try Sandbox()
        let own = try sandbox.run("gpt.yaml", "compute.products=own", "model.width=64")
        let other = try sandbox.run("gpt.yaml", Self.openBLAS[0], Self.openBLAS[1])
        #expect(try own.readRecord().identity != other.readRecord().identity)
        let record = try #require(try other.readRecord().blas)
        #expect(record.products == "openblas")
        #expect(record.library?.hasPrefix("OpenBLAS") == true && record.kernel != nil)
        #expect(try own.readRecord().blas?.products == "own" && own.readRecord().blas?.library == nil)
        #expect(try own.trainLosses != other.trainLosses)
        for (a, b) in zip(try own.trainLosses, try other.trainLosses) { #expect(abs(a - b) < 1e-3 * a) }
        #expect(try sandbox.done("check", "gpt.yaml", Self.openBLAS[0]).output.contains("openblas kernels in fp32"))
    }

    @Test func openBLASResumesBitForBit() throws {
        let undisturbed = try Sandbox()
        let whole = try undisturbed.run(
            "gpt.yaml", Self.openBLAS[0], Self.openBLAS[1], "checkpoints={every: 7, keep: 20}")
        let sandbox = try Sandbox()
        let run = try sandbox.run("gpt.yaml", Self.openBLAS[0], Self.openBLAS[1], "checkpoints={every: 7, keep: 20}")
        // As if killed behind the first checkpoint.
        let steps = try run.checkpointSteps()
        try #require(steps.count > 1)
        for step in steps.dropFirst() { try FileManager.default.removeItem(atPath: run.checkpoint(step: step)) }
        try? FileManager.default.removeItem(atPath: run.path + "/summary.json")
        try run.updateRecord { $0.status = .running }
        try sandbox.done("resume", "last")
        try sandbox.expectSame(run, as: whole)
    }

    @Test func bf16IsRefused() throws {
        let outcome = try Sandbox().lathe("check", "gpt.yaml", "compute={products: openblas, precision: bf16}")
        #expect(outcome.code == 2)
        if ProductPrecision.bfloat16.isAvailable {
            #expect(outcome.errors.contains("openblas multiplies in fp32 only; set compute.products to auto"))
        }
    }

    /// OpenBLAS's threads, started at load, did not end where memory is limited.
    @Test(.timeLimit(.minutes(1))) func startsInLittleMemory() throws {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", "ulimit -v 200000; \(Lathe.path) --version"]
        shell.standardOutput = FileHandle.nullDevice
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
    }
}
