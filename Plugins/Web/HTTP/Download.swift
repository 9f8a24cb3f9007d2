import Crypto
import LatheComponents

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Fetches a file whose SHA-256 is known, goes on where it was cut off, and lets nobody see it before it is what it should be.
///
/// ```text
/// <folder>/<SHA-256>/<name>        the file, once it has been verified
/// <folder>/<SHA-256>/partial       what has come of it, with partial.json: where from, and its version there
/// <folder>/<SHA-256>/lock          who is fetching it
/// ```
final class Download {
    private let address: WebAddress
    private let sha256: String
    private let sizeLimit: Int
    private let client: WebClient
    private let folder: String
    private let report: (_ done: Int, _ total: Int?) throws -> Void

    /// Which version of the file a part belongs to.
    private struct Version: Codable, Equatable {
        var url: String
        /// A strong ETag, or else the time of the last change: what `If-Range` takes.
        var validator: String?
    }

    init(
        _ address: WebAddress, sha256: String, sizeLimit: Int, client: WebClient, folder: String,
        report: @escaping (_ done: Int, _ total: Int?) throws -> Void
    ) {
        self.address = address
        self.sha256 = sha256
        self.sizeLimit = sizeLimit
        self.client = client
        self.folder = folder + "/" + sha256
        self.report = report
    }

    private var partial: String { folder + "/partial" }

    /// The name that the file has at its address.
    private var name: String {
        let last = address.target.prefix { $0 != "?" }.split(separator: "/").last.map(String.init) ?? ""
        let safe = last.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        let isOurs = ["partial", "partial.json", "lock"].contains(safe)
        return safe.isEmpty || safe.hasPrefix(".") || isOurs ? "file" : String(safe.prefix(100))
    }

    /// The path of the file, fetched if it is not there.
    ///
    /// - Parameter prepare: makes what is used out of the file, and says where that is, while nobody else does.
    /// - Throws: `DataError` where it cannot be had, kept, or is not what its SHA-256 says; whatever `report` throws.
    func run(_ prepare: (String) throws -> String) throws -> String {
        let path = folder + "/" + name
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw cannotKeep(folder)
        }
        let lock = open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard lock >= 0 else { throw cannotKeep(folder + "/lock") }
        defer { close(lock) }
        while flock(lock, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw cannotKeep(folder + "/lock") }
            try report(0, nil)
            usleep(100_000)
        }
        if access(path, F_OK) == 0 {
            if try hash(path) == sha256 { return try prepare(path) }
            // It was verified once: the disk, or somebody, has changed it.
            unlink(path)
        }
        let resumed = try fetch()
        var found = try hash(partial)
        if found != sha256, resumed {
            // The parts may be of different versions of the file.
            unlink(partial)
            _ = try fetch()
            found = try hash(partial)
        }
        guard found == sha256 else {
            unlink(partial)
            unlink(partial + ".json")
            throw DataError(
                address.description,
                "has the SHA-256 \(found), where \(sha256) is expected; it is another file than it was. If that is right, give its SHA-256"
            )
        }
        guard rename(partial, path) == 0 else { throw cannotKeep(path) }
        unlink(partial + ".json")
        return try prepare(path)
    }

    private func cannotKeep(_ path: String) -> DataError {
        DataError(
            path,
            "cannot be written: \(String(cString: strerror(errno))); LATHE_CACHE names another folder for what is fetched"
        )
    }

    /// Fetches what is missing of the file.
    ///
    /// - Returns: whether there was a part of it from before.
    private func fetch() throws -> Bool {
        var isResumed = false
        var failures = 0
        while true {
            let before = size(partial)
            do {
                try attempt(&isResumed)
                return isResumed
            } catch let failure as HTTPTransfer.Failure {
                // As long as something comes, going on is worth it.
                failures = size(partial) > before ? 1 : failures + 1
                guard failure.isTransient, failure.hasBegun, failures <= client.manners.retries else {
                    throw DataError(
                        address.description,
                        "\(failure.reason); \(size(partial)) bytes have come: run again to go on from there")
                }
            } catch let failure as WebFailure {
                throw DataError(failure.url, failure.reason)
            }
        }
    }

    private func attempt(_ isResumed: inout Bool) throws {
        let known = wholeFile(partial + ".json").flatMap { try? JSONDecoder().decode(Version.self, from: Data($0)) }
        var start = known?.url == address.description ? size(partial) : 0
        if start > 0 { isResumed = true }
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw cannotKeep(partial) }
        defer { close(descriptor) }
        var total: Int?
        var done = start
        var interruption: HTTPTransfer.Failure?
        var isUseless = false
        do {
            let (_, head) = try client.follow(address) { current in
                var headers = ["Accept-Encoding: identity"]
                if start > 0 {
                    headers.append("Range: bytes=\(start)-")
                    if let validator = known?.validator { headers.append("If-Range: \(validator)") }
                }
                return WebClient.Exchange(
                    headers: headers, allowsCompression: false, handlesInterruption: true,
                    decide: { head in
                        guard head.status == 200 || head.status == 206 || head.status == 416 else {
                            throw WebFailure(
                                url: current.description, reason: "answers \(head.status); check the address")
                        }
                        let range = head.status == 206 ? ContentRange(head["content-range"] ?? "") : nil
                        if head.status == 200 { start = 0 }
                        guard head.status == 200 || range?.start == start else {
                            isUseless = true
                            return .stop
                        }
                        done = start
                        total = range?.total ?? (head.status == 200 ? head.contentLength : nil)
                        if let total, total > self.sizeLimit { throw self.excess(total) }
                        try self.begin(descriptor, at: start, head)
                        return .receive
                    },
                    receive: { part in
                        try self.append(part, to: descriptor)
                        done += part.count
                        if done > self.sizeLimit { throw self.excess(done) }
                        try self.report(done, total)
                    })
            }
            // There is no such part: what is here is whole, or of another version.
            if isUseless, try hash(partial) != sha256 {
                unlink(partial)
                throw HTTPTransfer.Failure(
                    reason: "answers \(head.status) where the rest of the file is asked for", isTransient: true,
                    hasBegun: true)
            }
        } catch let failure as HTTPTransfer.Failure { interruption = failure }
        fsync(descriptor)
        if let interruption { throw interruption }
    }

    private func excess(_ size: Int) -> WebFailure {
        WebFailure(
            url: address.description, reason: "has \(size) bytes or more, above size_limit (\(sizeLimit)); raise it")
    }

    private func begin(_ descriptor: Int32, at start: Int, _ head: HTTPHead) throws {
        guard ftruncate(descriptor, off_t(start)) == 0, lseek(descriptor, off_t(start), SEEK_SET) == start else {
            throw cannotKeep(partial)
        }
        let etag = head["etag"].flatMap { $0.hasPrefix("W/") ? nil : $0 }
        let version = Version(url: address.description, validator: etag ?? head["last-modified"])
        if let json = try? JSONEncoder().encode(version) { try replaceFile(partial + ".json", with: Array(json)) }
    }

    private func append(_ part: UnsafeRawBufferPointer, to descriptor: Int32) throws(DataError) {
        var rest = part[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let written = write(descriptor, piece.baseAddress, piece.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw cannotKeep(partial) }
            rest = rest.dropFirst(written)
        }
    }

    private func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// The SHA-256 of a file.
    private func hash(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw cannotKeep(path) }
        defer { close(descriptor) }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let got = read(descriptor, &buffer, buffer.count)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw cannotKeep(path) }
            if got == 0 { return hexadecimal(hash.finalize()) }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<got])) }
            try client.tick()
        }
    }
}

/// `bytes 100-199/1000`
private struct ContentRange {
    let start: Int
    let total: Int?

    init?(_ text: String) {
        let words = text.split { $0 == " " || $0 == "-" || $0 == "/" }
        guard words.count == 4, words[0].lowercased() == "bytes", let start = Int(words[1]) else { return nil }
        self.start = start
        total = Int(words[3])
    }
}
