public import LatheComponents
import LatheSystem

/// A file of little-endian token ids without a header.
public enum TokenFile {
    /// Two bytes hold ids of up to 65,536 tokens.
    public static func width(vocabularySize: Int) -> TokenSequence.Width { vocabularySize <= 65_536 ? .two : .four }

    /// Maps a file of ids.
    ///
    /// - Parameter isChecked: whether its ids are known to be below `vocabularySize`; if not, every id is checked.
    /// - Throws: ``DataError`` with the file and the byte of an id out of range or cut short.
    public static func open(
        _ path: String, width: TokenSequence.Width, vocabularySize: Int, isChecked: Bool = false
    ) throws(DataError) -> TokenSequence {
        let file = try MappedFile(data: path)
        let count = file.bytes.count / width.rawValue
        guard count * width.rawValue == file.bytes.count else {
            throw DataError(
                path, byteOffset: count * width.rawValue,
                "the file ends within an id: \(file.bytes.count) bytes is not a whole number of "
                    + "\(width.rawValue)-byte ids"
            )
        }
        let raw = UnsafeRawPointer(file.bytes.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped)
        if !isChecked, let bad = firstIndex(in: raw, count, width, notBelow: vocabularySize) {
            let id =
                width == .two
                ? Int(raw.load(fromByteOffset: 2 * bad, as: UInt16.self))
                : Int(raw.load(fromByteOffset: 4 * bad, as: UInt32.self))
            throw DataError(
                path, byteOffset: bad * width.rawValue,
                "id \(id) of token \(bad) is not below the vocabulary size \(vocabularySize); the file belongs to "
                    + "another tokenizer, or is damaged"
            )
        }
        return TokenSequence(base: raw, count: count, width: width, owner: file)  // keeps the file alive
    }

    /// Checks the largest id of each block first, because the compiler vectorizes that.
    private static func firstIndex(
        in raw: UnsafeRawPointer, _ count: Int, _ width: TokenSequence.Width, notBelow limit: Int
    ) -> Int? {
        func search<ID: FixedWidthInteger & UnsignedInteger>(_ type: ID.Type) -> Int? {
            guard limit <= Int(ID.max) else { return nil }
            let bound = ID(limit)
            let ids = UnsafeBufferPointer(start: raw.assumingMemoryBound(to: type), count: count)
            var start = 0
            while start < count {
                let end = min(start + 4096, count)
                var largest: ID = 0
                for i in start..<end { largest = max(largest, ID(littleEndian: ids[i])) }
                if largest >= bound { return (start..<end).first { ID(littleEndian: ids[$0]) >= bound } }
                start = end
            }
            return nil
        }
        return width == .two ? search(UInt16.self) : search(UInt32.self)
    }
}
