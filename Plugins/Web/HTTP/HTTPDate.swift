/// HTTP dates (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT` and the two obsolete formats.
enum HTTPDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Seconds since 1970; nil if `text` is not a valid date.
    static func seconds(_ text: String) -> Int? {
        let words = text.lowercased().split { $0 == " " || $0 == "," || $0 == "-" }
        guard words.count >= 5 else { return nil }
        // asctime: `sun nov  6 08:49:37 1994`
        let isOld = words[2].allSatisfy(\.isNumber)
        let time = words[isOld ? 3 : 4].split(separator: ":").compactMap { Int($0) }
        guard let day = Int(words[isOld ? 2 : 1]), let month = months.firstIndex(of: String(words[isOld ? 1 : 2])),
            var year = Int(words[isOld ? 4 : 3]), time.count == 3, (1...31).contains(day), (0...9999).contains(year),
            (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2])
        else { return nil }
        if year < 100 { year += year < 70 ? 2000 : 1900 }
        return days(year, month + 1, day) * 86400 + time[0] * 3600 + time[1] * 60 + time[2]
    }

    /// Days from 1970-01-01 to a Gregorian date (Hinnant, days_from_civil).
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
    }

    /// The delay in seconds from `Retry-After`, which is a number or a date.
    ///
    /// - Parameter now: seconds since 1970.
    static func wait(_ retryAfter: String, now: Int) -> Int? {
        if let seconds = Int(retryAfter) { return seconds >= 0 ? seconds : nil }
        return seconds(retryAfter).map { max(0, $0 - now) }
    }
}
