#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A time in UTC with millisecond precision; in records `2026-03-01T09:30:00.250Z` (ISO 8601).
public struct Timestamp: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
    public var milliseconds: Int

    public init(milliseconds: Int) { self.milliseconds = milliseconds }

    public static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000)
    }

    public func seconds(since earlier: Timestamp) -> Double { Double(milliseconds - earlier.milliseconds) / 1000 }

    /// Parses `yyyy-mm-ddThh:mm:ss`, with or without a fraction, ending in `Z`; nil for anything else.
    public init?(_ text: String) {
        var digits = text.utf8[...]
        guard digits.popLast() == UInt8(ascii: "Z") else { return nil }
        func number(_ count: Int, then separator: Unicode.Scalar?) -> Int? {
            let field = digits.prefix(count)
            guard field.count == count, field.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            digits = digits.dropFirst(count)
            if let separator { guard digits.popFirst() == UInt8(ascii: separator) else { return nil } }
            return Int(String(decoding: field, as: UTF8.self))
        }
        guard let year = number(4, then: "-"), let month = number(2, then: "-"), let day = number(2, then: "T"),
            let hour = number(2, then: ":"), let minute = number(2, then: ":"), let second = number(2, then: nil),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var thousandths = 0
        if let point = digits.popFirst() {
            guard point == UInt8(ascii: "."), !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            thousandths = Int((String(decoding: digits, as: UTF8.self) + "00").prefix(3))!
        }
        let days = Self.days(year: year, month: month, day: day)
        milliseconds = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + thousandths
    }

    /// `2026-03-01T09:30:00.250Z`
    public var description: String {
        let (date, time) = fields
        let thousandths = Self.padded(milliseconds - 1000 * Self.floorDivide(milliseconds, 1000), 3)
        return "\(Self.padded(date.year, 4))-\(Self.padded(date.month, 2))-\(Self.padded(date.day, 2))"
            + "T\(Self.padded(time.hour, 2)):\(Self.padded(time.minute, 2)):\(Self.padded(time.second, 2))"
            + ".\(thousandths)Z"
    }

    /// `20260301-093000`, for the names of run folders: sorts by time, in every time zone.
    public var folderText: String {
        let (date, time) = fields
        return Self.padded(date.year, 4) + Self.padded(date.month, 2) + Self.padded(date.day, 2) + "-"
            + Self.padded(time.hour, 2) + Self.padded(time.minute, 2) + Self.padded(time.second, 2)
    }

    /// `2026-03-01 09:30`, for tables.
    public var tableText: String {
        let text = description
        return String(text.prefix(10) + " " + text.dropFirst(11).prefix(5))
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let timestamp = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not a time such as 2026-03-01T09:30:00Z")
        }
        self = timestamp
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    private typealias Fields = (date: (year: Int, month: Int, day: Int), time: (hour: Int, minute: Int, second: Int))

    private var fields: Fields {
        let seconds = Self.floorDivide(milliseconds, 1000)
        let days = Self.floorDivide(seconds, 86400)
        let rest = seconds - days * 86400
        return (Self.date(days: days), (rest / 3600, rest / 60 % 60, rest % 60))
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    private static func floorDivide(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }

    /// Days from 1970-01-01 to a Gregorian date. Years are counted from March, so that the leap day is the last day;
    /// 400 years have 146,097 days, and 0000-03-01 is 719,468 days before 1970-01-01.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The inverse of `days`.
    private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
