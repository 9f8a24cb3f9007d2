import LatheSystem
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

/// Downloads a file with a known SHA-256. Resumes interrupted downloads, and exposes the file only once it is verified.
///
/// ```text
/// <folder>/<SHA-256>/<name>        the verified file
/// <folder>/<SHA-256>/partial       the bytes so far, with partial.json: URL and version
/// <folder>/<SHA-256>/lock          held during the download
/// ```
final class Download {
    private let address: WebAddress
    private let sha256: String
    private let sizeLimit: Int
    private let client: WebClient
    private let folder: String
    private let report: (_ done: Int, _ total: Int?) throws -> Void

    /// The version of the file that a partial download belongs to.
    private struct Version: Codable, Equatable {
        var url: String
        /// A strong ETag, else the Last-Modified time: the value for `If-Range`.
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

    /// The last component of the URL, made safe as a file name.
    private var name: String {
        let last = address.target.prefix { $0 != "?" }.split(separator: "/").last.map(String.init) ?? ""
        let safe = last.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        let isOurs = ["partial", "partial.json", "lock"].contains(safe)
        return safe.isEmpty || safe.hasPrefix(".") || isOurs ? "file" : String(safe.prefix(100))
    }

    /// The path of the verified file, which is downloaded if necessary.
    ///
    /// - Parameter prepare: derives the usable file from the download and returns its path; runs under the lock.
    /// - Throws: `DataError` if the file cannot be downloaded or written, or its SHA-256 differs; also whatever
    ///   `report` throws.
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
            // It was verified before, so it was changed on disk since.
            unlink(path)
        }
        let resumed = try fetch()
        var found = try hash(partial)
        if found != sha256, resumed {
            // The partial download may mix versions of the file.
            unlink(partial)
            _ = try fetch()
            found = try hash(partial)
        }
        guard found == sha256 else {
            unlink(partial)
            unlink(partial + ".json")
            throw DataError(
                address.description,
                "has SHA-256 \(found) instead of \(sha256): the file has changed; "
                    + "if that is intended, update sha256")
        }
        guard rename(partial, path) == 0 else { throw cannotKeep(path) }
        unlink(partial + ".json")
        return try prepare(path)
    }

    private func cannotKeep(_ path: String) -> DataError {
        DataError(
            path,
            "cannot be written: \(String(cString: strerror(errno))); set LATHE_CACHE to another folder"
        )
    }

    /// Downloads the missing bytes.
    ///
    /// - Returns: whether a partial download was resumed.
    private func fetch() throws -> Bool {
        var isResumed = false
        var failures = 0
        while true {
            let before = size(partial)
            do {
                try attempt(&isResumed)
                return isResumed
            } catch let failure as HTTPTransfer.Failure {
                // Attempts that make progress do not count as failures.
                failures = size(partial) > before ? 1 : failures + 1
                guard failure.isTransient, failure.hasBegun, failures <= client.manners.retries else {
                    throw DataError(
                        address.description,
                        "\(failure.reason); \(size(partial)) bytes have arrived: run again to resume from there")
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
                                url: current.description, reason: "answers \(head.status); check the URL")
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
            // The server has no such range: the partial file is either complete or of another version.
            if isUseless, try hash(partial) != sha256 {
                unlink(partial)
                throw HTTPTransfer.Failure(
                    reason: "answers \(head.status) to a request for the rest of the file", isTransient: true,
                    hasBegun: true)
            }
        } catch let failure as HTTPTransfer.Failure { interruption = failure }
        fsync(descriptor)
        if let interruption { throw interruption }
    }

    private func excess(_ size: Int) -> WebFailure {
        WebFailure(
            url: address.description, reason: "has at least \(size) bytes; raise size_limit (\(sizeLimit))")
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

/// A `Content-Range` header: `bytes 100-199/1000`.
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
