import CNettle

/// SHA-256 (FIPS 180-4), by nettle, which uses the processor's own instructions where it has them.
public struct SHA256: Sendable {
    private var context = sha256_ctx()

    public init() { nettle_sha256_init(&context) }

    public mutating func update(bufferPointer bytes: UnsafeRawBufferPointer) {
        nettle_sha256_update(&context, bytes.count, bytes.bindMemory(to: UInt8.self).baseAddress)
    }

    public mutating func update(data bytes: some Sequence<UInt8>) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { update(bufferPointer: UnsafeRawBufferPointer($0)) }
        if isDone == nil { Array(bytes).withUnsafeBytes { update(bufferPointer: $0) } }
    }

    /// Takes the next bytes of a file, up to a mebibyte; returns how many, 0 at its end.
    public mutating func update(from file: OpenFile) throws(FileError) -> Int {
        try withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 64) { buffer in
            Result { () throws(FileError) in
                let count = try file.readSome(into: buffer)
                update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                return count
            }
        }.get()
    }

    /// The digest of all bytes so far, 32 of them. More may follow.
    public func finalize() -> [UInt8] {
        var copy = context
        return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_SIZE)) { digest, count in
            count = Int(SHA256_DIGEST_SIZE)
            nettle_sha256_digest(&copy, count, digest.baseAddress)
        }
    }

    public static func hash(data bytes: some Sequence<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: bytes)
        return hash.finalize()
    }

    /// The digest in hexadecimal.
    public static func hexadecimal(of bytes: some Sequence<UInt8>) -> String {
        LatheSystem.hexadecimal(hash(data: bytes))
    }
}

public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
