import CXML2
import LatheComponents

/// Parses HTML, however malformed, with libxml2 into an ``HTMLTree``.
struct HTMLParser {
    /// Maximum nesting depth, as in browsers. libxml2 may scan all open elements at each end tag.
    static let depthLimit = 512
    /// Maximum number of elements and runs of text.
    static let nodeLimit = 4_000_000
    /// Maximum number of attributes of a tag longer than ``chunk``: libxml2 compares each attribute with all earlier
    /// ones.
    static let attributeLimit = 1000
    private static let chunk = 4096

    /// - Parameter page: UTF-8.
    /// - Throws: ``DataError`` if the page exceeds one of the limits above.
    static func parse(_ page: [UInt8], place: String) throws(DataError) -> HTMLTree {
        let page = readable(page)
        let builder = TreeBuilder()
        _ = libraryIsReady
        var handler = handler
        guard
            let context = htmlCreatePushParserCtxt(
                &handler, Unmanaged.passUnretained(builder).toOpaque(), nil, 0, nil, XML_CHAR_ENCODING_UTF8)
        else { throw DataError(place, "cannot be parsed: libxml2 is out of memory") }
        defer { htmlFreeParserCtxt(context) }
        builder.context = context
        let options =
            HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NONET.rawValue | HTML_PARSE_IGNORE_ENC.rawValue
        htmlCtxtUseOptions(context, Int32(options))
        page.withUnsafeBytes { bytes in
            var rest = bytes.bindMemory(to: CChar.self)[...]
            while !rest.isEmpty, builder.excess == nil {
                let piece = UnsafeBufferPointer(rebasing: rest.prefix(chunk))
                htmlParseChunk(context, piece.baseAddress, Int32(piece.count), 0)
                rest = rest.dropFirst(chunk)
                builder.checkPendingTag()
            }
            if builder.excess == nil { htmlParseChunk(context, nil, 0, 1) }
        }
        withExtendedLifetime(builder) {}
        if let excess = builder.excess { throw DataError(place, excess) }
        return builder.finish()
    }

    private static let libraryIsReady: Bool = {
        xmlInitParser()
        return true
    }()

    /// Removes what would end the page for libxml2 but not for a browser: NUL and other control characters, `</body>`
    /// and `</html>`. Decodes character references; what would then be markup stays a reference, by its number.
    private static func readable(_ page: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(page.count)
        var at = 0, tag = TagState()
        while at < page.count {
            let byte = page[at]
            if byte == 0x26 {
                let (characters, end) = HTMLEntities.decode(page, at: at, inTag: tag.isInside) ?? ([byte], at + 1)
                switch characters {
                case [0x22], [0x26], [0x27], [0x3c], [0x3e]: result.append(contentsOf: "&#\(characters[0]);".utf8)
                default: result.append(contentsOf: characters.filter { $0 >= 0x20 || $0 == 0x09 || $0 == 0x0a })
                }
                at = end
                continue
            }
            at += 1
            tag.pass(byte, next: at < page.count ? page[at] : 0)
            if byte < 0x20, byte != 0x09, byte != 0x0a, byte != 0x0c, byte != 0x0d { continue }
            if byte == 0x3c, at + 5 < page.count, page[at] == 0x2f {
                let name = page[(at + 1)...(at + 4)].map { $0 | 0x20 }
                if name.elementsEqual("body".utf8) || name.elementsEqual("html".utf8),
                    let end = page[at...].prefix(64).firstIndex(of: 0x3e)
                {
                    at = end + 1
                    continue
                }
            }
            result.append(byte)
        }
        return result
    }

    /// Whether a place is inside a tag, where attributes are.
    private struct TagState {
        private(set) var isInside = false
        private var quote: UInt8?

        mutating func pass(_ byte: UInt8, next: UInt8) {
            if !isInside {
                isInside = byte == 0x3c && ((next | 0x20) &- 0x61 < 26)
            } else if let quote {
                if byte == quote { self.quote = nil }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
            } else if byte == 0x3e {
                isInside = false
            }
        }
    }

    /// The number of attributes that libxml2 would find in the start of a tag.
    fileprivate static func attributeCount(_ tag: UnsafeBufferPointer<UInt8>) -> Int {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d }
        func begins(_ byte: UInt8) -> Bool {
            (0x61...0x7a).contains(byte | 0x20) || byte == 0x5f || byte == 0x3a || byte == 0x2e
        }
        func continues(_ byte: UInt8) -> Bool { begins(byte) || (0x30...0x39).contains(byte) || byte == 0x2d }
        var at = 1, count = 0
        func skip(_ condition: (UInt8) -> Bool) { while at < tag.count, condition(tag[at]) { at += 1 } }
        guard tag.count > 1, tag[0] == 0x3c, begins(tag[1]) else { return 0 }
        skip(continues)
        while true {
            skip(isBlank)
            guard at < tag.count, tag[at] != 0x3e else { return count }
            guard begins(tag[at]) else {
                at += 1
                skip { !isBlank($0) && $0 != 0x3e && $0 != 0x2f }
                continue
            }
            count += 1
            skip(continues)
            skip(isBlank)
            guard at < tag.count, tag[at] == 0x3d else { continue }
            at += 1
            skip(isBlank)
            guard at < tag.count else { return count }
            if tag[at] == 0x22 || tag[at] == 0x27 {
                let quote = tag[at]
                at += 1
                skip { $0 != quote }
                at += 1
            } else {
                skip { !isBlank($0) && $0 != 0x3e }
            }
        }
    }

    /// The SAX callbacks. Errors are ignored, as in browsers; libxml2 must not write to the terminal.
    private static var handler: htmlSAXHandler {
        var handler = htmlSAXHandler()
        handler.startElement = { data, name, attributes in
            TreeBuilder.at(data)?.open(name, attributes)
        }
        handler.endElement = { data, _ in TreeBuilder.at(data)?.close() }
        handler.characters = { data, bytes, count in TreeBuilder.at(data)?.append(bytes, count) }
        handler.ignorableWhitespace = { data, bytes, count in TreeBuilder.at(data)?.append(bytes, count) }
        handler.cdataBlock = { data, bytes, count in TreeBuilder.at(data)?.append(bytes, count) }
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.serror = { _, _ in }
        return handler
    }
}

private final class TreeBuilder {
    private var tree = HTMLTree()
    private var open = [0]
    /// Why the page was rejected.
    private(set) var excess: String?
    var context: htmlParserCtxtPtr?
    /// When to check the pending input again. It doubles each time, so that long input costs only a few passes.
    private var nextCheck = 0
    private var lastPending = 0

    static func at(_ data: UnsafeMutableRawPointer?) -> TreeBuilder? {
        data.map { Unmanaged<TreeBuilder>.fromOpaque($0).takeUnretainedValue() }
    }

    private func stop(_ reason: String) {
        excess = excess ?? reason
        xmlStopParser(context)
    }

    func open(_ name: UnsafePointer<xmlChar>?, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?) {
        guard excess == nil, let name else { return }
        guard open.count <= HTMLParser.depthLimit else {
            return stop("is nested more than \(HTMLParser.depthLimit) elements deep, the limit for a page")
        }
        guard tree.count < HTMLParser.nodeLimit else {
            return stop("has more than \(HTMLParser.nodeLimit) elements, the limit for a page")
        }
        let node = tree.open(String(cString: name), parent: open[open.count - 1])
        open.append(node)
        guard var pair = attributes else { return }
        while let key = pair[0] {
            if let attribute = HTMLAttribute(name: String(cString: key)) {
                tree.add(attribute, pair[1].map { String(cString: $0) } ?? "")
            }
            pair += 2
        }
    }

    func close() {
        guard open.count > 1, let node = open.popLast() else { return }
        tree.close(node)
    }

    func append(_ bytes: UnsafePointer<xmlChar>?, _ count: Int32) {
        guard excess == nil, let bytes, count > 0 else { return }
        tree.append(UnsafeBufferPointer(start: bytes, count: Int(count)), parent: open[open.count - 1])
    }

    /// Stops if libxml2 is waiting for the end of a tag with too many attributes. The pending input is checked between
    /// chunks, so that the parser itself determines where a tag begins.
    func checkPendingTag() {
        guard let input = context?.pointee.input, let first = input.pointee.cur, let end = input.pointee.end,
            end - first >= 2048
        else { return }
        let pending = UnsafeBufferPointer(start: first, count: end - first)
        guard pending.count >= nextCheck || pending.count < lastPending else { return }
        lastPending = pending.count
        nextCheck = pending.count * 2
        if HTMLParser.attributeCount(pending) > HTMLParser.attributeLimit {
            stop("has an element with more than \(HTMLParser.attributeLimit) attributes, the limit for a page")
        }
    }

    func finish() -> HTMLTree {
        while let node = open.popLast() { tree.close(node) }
        return tree
    }
}
