public import LatheSystem

/// A session of a run, and what its bits depend on besides the spec.
public struct SessionRecord: Codable, Sendable, Equatable {
    public var time: Timestamp
    /// As in ``MachineRecord/simdLevel``; nil in the records of old runs, as are the others.
    public var simdLevel: String?
    /// As in ``LinearAlgebraRecord/precision``.
    public var precision: String?
    /// As in ``LinearAlgebraRecord/products``.
    public var products: String?

    public init(time: Timestamp, simdLevel: String? = nil, precision: String? = nil, products: String? = nil) {
        self.time = time
        self.simdLevel = simdLevel
        self.precision = precision
        self.products = products
    }

    enum CodingKeys: String, CodingKey {
        case time, precision, products
        case simdLevel = "simd_level"
    }

    /// Old records hold the time alone.
    public init(from decoder: any Decoder) throws {
        if let time = try? decoder.singleValueContainer().decode(Timestamp.self) {
            self.init(time: time)
            return
        }
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            time: try values.decode(Timestamp.self, forKey: .time),
            simdLevel: try values.decodeIfPresent(String.self, forKey: .simdLevel),
            precision: try values.decodeIfPresent(String.self, forKey: .precision),
            products: try values.decodeIfPresent(String.self, forKey: .products))
    }
}

extension RunRecord {
    /// Why a session that starts now cannot continue the run bit for bit; empty if it can. Bits are equal on one kind
    /// of machine: with the same vector instructions, precision and product kernels.
    public func departures(of session: SessionRecord) -> [String] {
        let level = machine?.simdLevel ?? ""
        let choices = [
            ("SIMD level", level.isEmpty ? nil : level, session.simdLevel, "differ in the last bits"),
            ("products in", blas?.precision, session.precision, "differ"),
            ("product kernels", blas?.products, session.products, "differ in the last bits"),
        ]
        return choices.compactMap { name, then, now, effect in
            guard let then, let now, then != now else { return nil }
            return "the run was started with \(name) \(then), this session has \(now): results will \(effect)"
        }
    }
}
