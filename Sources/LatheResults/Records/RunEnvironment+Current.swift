import LatheSystem

extension MachineRecord {
    /// - Parameter simdLevel: the level that the kernels selected.
    public static func current(simdLevel: String) -> MachineRecord {
        MachineRecord(
            host: Machine.hostName, processor: Machine.processor, cores: Cores.count, simdLevel: simdLevel,
            system: Machine.system, memoryMegabytes: Memory.total.map { $0 >> 20 })
    }
}

extension LinearAlgebraRecord {
    /// Reads `OPENBLAS_CORETYPE` from the environment.
    public static func current(
        products: String, library: String?, kernel: String?, threads: Int, precision: String
    ) -> LinearAlgebraRecord {
        LinearAlgebraRecord(
            products: products, library: library, kernel: kernel, threads: threads,
            coreType: library == nil ? nil : Environment.value("OPENBLAS_CORETYPE"), precision: precision)
    }
}
