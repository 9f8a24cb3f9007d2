import LatheSystem
import LatheComponents

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
        try keeping { () throws(FileError) in try DurableFolder.create(folder) }
        var lock: FileLock?
        while true {
            try keeping { () throws(FileError) in lock = try FileLock(folder + "/lock") }
            if lock != nil { break }
            try report(0, nil)
            pause(seconds: 0.1)
        }
        defer { withExtendedLifetime(lock) {} }
        if Path.exists(path) {
            if try hash(path) == sha256 { return try prepare(path) }
            // It was verified before, so it was changed on disk since.
            DurableFile.discard(path)
        }
        let resumed = try fetch()
        var found = try hash(partial)
        if found != sha256, resumed {
            // The partial download may mix versions of the file.
            DurableFile.discard(partial)
            _ = try fetch()
            found = try hash(partial)
        }
        guard found == sha256 else {
            DurableFile.discard(partial)
            DurableFile.discard(partial + ".json")
            throw DataError(
                address.description,
                "has SHA-256 \(found) instead of \(sha256): the file has changed; "
                    + "if that is intended, update sha256")
        }
        try keeping { () throws(FileError) in try DurableFile.move(partial, to: path) }
        DurableFile.discard(partial + ".json")
        return try prepare(path)
    }

    /// Runs an operation on the files of the download; a failure says what to do.
    private func keeping<Value>(_ body: () throws(FileError) -> Value) throws(DataError) -> Value {
        do throws(FileError) { return try body() } catch {
            throw DataError(
                error.path, "cannot be written: \(error.reason); set LATHE_CACHE to another folder")
        }
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
        let known = DurableFile.bytes(partial + ".json").flatMap { try? JSONCoding.value(Version.self, from: $0) }
        var start = known?.url == address.description ? size(partial) : 0
        if start > 0 { isResumed = true }
        let file = try keeping { () throws(FileError) in try OpenFile(partial, .update) }
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
                        try self.begin(file, at: start, head)
                        return .receive
                    },
                    receive: { part in
                        try self.keeping { () throws(FileError) in try file.write(part) }
                        done += part.count
                        if done > self.sizeLimit { throw self.excess(done) }
                        try self.report(done, total)
                    })
            }
            // The server has no such range: the partial file is either complete or of another version.
            if isUseless, try hash(partial) != sha256 {
                DurableFile.discard(partial)
                throw HTTPTransfer.Failure(
                    reason: "answers \(head.status) to a request for the rest of the file", isTransient: true,
                    hasBegun: true)
            }
        } catch let failure as HTTPTransfer.Failure { interruption = failure }
        try? file.sync()
        if let interruption { throw interruption }
    }

    private func excess(_ size: Int) -> WebFailure {
        WebFailure(
            url: address.description, reason: "has at least \(size) bytes; raise size_limit (\(sizeLimit))")
    }

    private func begin(_ file: OpenFile, at start: Int, _ head: HTTPHead) throws {
        try keeping { () throws(FileError) in try file.truncate(to: start) }
        let etag = head["etag"].flatMap { $0.hasPrefix("W/") ? nil : $0 }
        let version = Version(url: address.description, validator: etag ?? head["last-modified"])
        if let json = try? JSONCoding.bytes(version, .compact) { try replaceFile(partial + ".json", with: json) }
    }

    private func size(_ path: String) -> Int { (try? FileStatus(path))?.size ?? 0 }

    private func hash(_ path: String) throws -> String {
        let file = try keeping { () throws(FileError) in try OpenFile(path) }
        var hash = SHA256()
        while try keeping({ () throws(FileError) in try hash.update(from: file) }) > 0 { try client.tick() }
        return hexadecimal(hash.finalize())
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
