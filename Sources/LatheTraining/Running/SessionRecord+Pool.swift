public import LatheKernels
public import LatheResults
public import LatheSystem

extension SessionRecord {
    /// A session that computes with a pool.
    public init(_ pool: ThreadPool, time: Timestamp) {
        self.init(
            time: time, simdLevel: "\(CPU.level)", precision: pool.precision.name, products: pool.products.name)
    }
}
