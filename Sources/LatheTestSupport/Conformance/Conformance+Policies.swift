import LatheComponents
import LatheGraph

extension Conformance {
    /// Checks every schedule: its multipliers are finite, from 0 to 1, above 0 somewhere, and a pure function of the
    /// step.
    public func scheduleFailures() -> [ConformanceFailure] {
        check(ScheduleSlot.self) { subject, findings in
            for steps in [1, 2, 3, 10, 101, 1000] {
                let shape = BatchShape(rows: 2, context: 8)
                let context = ExperimentContext(shape: shape, steps: steps, loaderName: "any", rowsContinue: true)
                if try subject.isRefused(in: context) { continue }
                let multipliers = (0..<steps).map { subject.product.multiplier(step: $0, steps: steps) }
                for (step, value) in multipliers.enumerated() {
                    findings.require(
                        value.isFinite && value >= 0 && value <= 1, "multipliers are from 0 to 1",
                        "\(value) at step \(step) of \(steps)")
                }
                findings.require(
                    multipliers.contains { $0 > 0 }, "some step of a run learns", "all \(steps) multipliers are 0")
                let again = (0..<steps).reversed().map { subject.product.multiplier(step: $0, steps: steps) }
                findings.require(
                    again.reversed() == multipliers, "is a pure function of the step",
                    "another order gave different values"
                )
            }
        }
    }

    /// Checks every clipping policy: scales are finite and from 0 to 1, clamps are above 0, and small gradients are
    /// left alone.
    public func clippingFailures() -> [ConformanceFailure] {
        check(ClippingSlot.self) { subject, findings in
            let norms: [[Double]] = [[0], [0, 0, 0], [1e-12, 1e-9], [0.3, 1, 7], [1e20, 1, 0], [1e150, 1e150]]
            for norms in norms {
                let limits = self.limits(subject.product, norms)
                for limit in limits {
                    findings.require(
                        limit.scale.isFinite && limit.scale >= 0 && limit.scale <= 1, "scales are from 0 to 1",
                        "\(limit.scale) for norms \(norms)")
                    findings.require(limit.clamp > 0, "clamps are above 0", "\(limit.clamp) for norms \(norms)")
                    if (norms.max() ?? 0) < 1e-6 {
                        findings.require(
                            limit.scale == 1 && limit.clamp > 1e-6, "small gradients are left alone",
                            "scale \(limit.scale) and clamp \(limit.clamp) for norms \(norms)")
                    }
                }
                let again = self.limits(subject.product, norms)
                findings.require(
                    zip(limits, again).allSatisfy { $0.scale == $1.scale && $0.clamp == $1.clamp },
                    "is a pure function of the norms", "two calls differ for norms \(norms)")
            }
        }
    }

    private func limits(_ policy: any ClippingPolicy, _ norms: [Double]) -> [GradientLimit] {
        var limits = Array(repeating: GradientLimit(), count: norms.count)
        norms.withUnsafeBufferPointer { norms in
            limits.withUnsafeMutableBufferPointer { policy.limit(norms: norms, limits: $0) }
        }
        return limits
    }

    /// Checks every stopping policy: it does not stop while the loss falls, and is a pure function of the history.
    public func stoppingFailures() -> [ConformanceFailure] {
        check(StoppingSlot.self) { subject, findings in
            let falling = (0..<40).map { ValidationPoint(step: 10 * $0, loss: 40 - Double($0)) }
            for count in 0...falling.count {
                let reason = subject.product.reasonToStop(after: Array(falling.prefix(count)))
                findings.require(
                    reason == nil, "does not stop while the loss falls",
                    "stopped after \(count) validations: \(reason ?? "")"
                )
            }
            let rising = (0..<40).map { ValidationPoint(step: 10 * $0, loss: 2 + Double($0)) }
            let reason = subject.product.reasonToStop(after: rising)
            findings.require(reason != "", "gives a reason when it stops", "the reason is empty")
            findings.require(
                subject.product.reasonToStop(after: rising) == reason, "is a pure function of the history",
                "two calls differ")
        }
    }
}
