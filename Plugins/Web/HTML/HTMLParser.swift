import CXML2
import LatheComponents

/// Reads HTML with libxml2, whatever is wrong with it, into an ``HTMLTree``.
struct HTMLParser {
    /// The deepest nesting; browsers stop at 512.
    static let depthLimit = 1024
    /// The most elements and runs of text.
    static let nodeLimit = 4_000_000
    /// The most attributes of an element that is longer than ``chunk``: libxml2 compares each with all before it.
    static let attributeLimit = 1000
    private static let chunk = 4096

    /// The tree of a page in UTF-8.
    ///
    /// - Throws: ``DataError`` where the page is nested deeper, or has more parts, than any that people write.
    static func parse(_ page: [UInt8], place: String) throws(DataError) -> HTMLTree {
        // NUL and other controls would end the page.
        let page = page.filter { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 || $0 == 0x0a || $0 == 0x0c || $0 == 0x0d }
        let builder = TreeBuilder()
        _ = libraryIsReady
        var handler = handler
        guard
            let context = htmlCreatePushParserCtxt(
                &handler, Unmanaged.passUnretained(builder).toOpaque(), nil, 0, nil, XML_CHAR_ENCODING_UTF8)
        else { throw DataError(place, "cannot be parsed: libxml2 has no memory") }
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

    /// How many attributes libxml2 finds in what may be the beginning of a start tag.
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

    /// What libxml2 calls. Errors are passed over, as browsers do: nothing is to be written to the terminal.
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

/// Builds the tree from libxml2's calls.
private final class TreeBuilder {
    private var tree = HTMLTree()
    private var open = [0]
    /// What is too much for a page.
    private(set) var excess: String?
    var context: htmlParserCtxtPtr?
    /// When what is pending is looked at again: each doubling, so that a long one costs no more than a few passes.
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
            return stop("is nested more than \(HTMLParser.depthLimit) elements deep; no page that people read is")
        }
        guard tree.count < HTMLParser.nodeLimit else {
            return stop("has more than \(HTMLParser.nodeLimit) elements; fetch it in parts")
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

    /// Stops where libxml2 waits for the end of an element with too many attributes. This looks at what is pending between chunks, so that the parser itself
    /// says where a tag begins.
    func checkPendingTag() {
        guard let input = context?.pointee.input, let first = input.pointee.cur, let end = input.pointee.end,
            end - first >= 2048
        else { return }
        let pending = UnsafeBufferPointer(start: first, count: end - first)
        guard pending.count >= nextCheck || pending.count < lastPending else { return }
        lastPending = pending.count
        nextCheck = pending.count * 2
        if HTMLParser.attributeCount(pending) > HTMLParser.attributeLimit {
            stop("has an element with more than \(HTMLParser.attributeLimit) attributes; no page that people read has")
        }
    }

    func finish() -> HTMLTree {
        while let node = open.popLast() { tree.close(node) }
        return tree
    }
}
