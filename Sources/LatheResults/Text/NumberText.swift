import LatheSystem

/// Formats numbers for people, everywhere in the program.
public enum NumberText {
    /// A fixed number of decimals: `1.2340`. Values that are not finite become `nan`, `inf`, `-inf`.
    public static func decimals(_ value: Double, _ count: Int) -> String {
        guard value.isFinite else { return notFinite(value) }
        let text = formatted("%.*f", Int32(count), value)
        // Rounding may leave a negative zero.
        return text.hasPrefix("-") && !text.contains(where: { $0 >= "1" && $0 <= "9" })
            ? String(text.dropFirst()) : text
    }

    /// For losses and similar metrics: four decimals, or scientific notation from 10,000 and below 0.001.
    public static func loss(_ value: Double) -> String {
        guard value.isFinite else { return notFinite(value) }
        let size = abs(value)
        return size >= 10_000 || (size > 0 && size < 0.001) ? formatted("%.3e", value) : decimals(value, 4)
    }

    /// With its sign: `+0.0512`, `-0.0031`.
    public static func signed(_ value: Double) -> String {
        let text = loss(value)
        return value > 0 ? "+" + text : text
    }

    /// Up to four significant digits, without trailing zeros: `0.001`, `1.5e-05`, `12.25`.
    public static func short(_ value: Double) -> String {
        value.isFinite ? formatted("%.4g", value) : notFinite(value)
    }

    /// With a suffix: `950`, `12.3k`, `4.56M`, `1.23G`.
    public static func count(_ value: Double) -> String {
        guard value.isFinite else { return notFinite(value) }
        var scaled = value
        for suffix in ["", "k", "M", "G", "T", "P"] {
            if abs(scaled) < 999.5 || suffix == "P" {
                if suffix.isEmpty { return decimals(scaled, scaled == scaled.rounded() ? 0 : 1) }
                return decimals(scaled, abs(scaled) < 9.995 ? 2 : abs(scaled) < 99.95 ? 1 : 0) + suffix
            }
            scaled /= 1000
        }
        return decimals(value, 0)
    }

    /// For axis ticks: `0.05`, `1500`, `20k`, `1.5M`, `1e+12`.
    public static func axis(_ value: Double) -> String {
        let size = abs(value)
        if size >= 9_999.5, size < 9.995e11 {
            let (divisor, suffix): (Double, String) =
                size < 999_950 ? (1e3, "k") : size < 999_950_000 ? (1e6, "M") : (1e9, "G")
            return short(value / divisor) + suffix
        }
        return short(value)
    }

    /// With thousands separators: `1,505,326`.
    public static func grouped(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return value < 0 ? "-" + text : text
    }

    /// `350ms`, `4.2s`, `2m13s`, `3h05m`, `2d04h`.
    public static func duration(seconds: Double) -> String {
        guard seconds.isFinite else { return notFinite(seconds) }
        guard seconds >= 0 else { return "-" + duration(seconds: -seconds) }
        if seconds < 0.9995 { return decimals(seconds * 1000, 0) + "ms" }
        if seconds < 9.95 { return decimals(seconds, 1) + "s" }
        guard seconds < 1e12 else { return short(seconds / 86_400) + "d" }
        let whole = Int(seconds.rounded())
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return switch whole {
        case ..<60: "\(whole)s"
        case ..<3600: "\(whole / 60)m\(two(whole % 60))s"
        case ..<86_400: "\(whole / 3600)h\(two(whole / 60 % 60))m"
        default: "\(whole / 86_400)d\(two(whole / 3600 % 24))h"
        }
    }

    /// `512 MB`, `1.50 GB` (units of 2²⁰ and 2³⁰ bytes).
    public static func memory(mebibytes: Double) -> String { memory(megabytes: mebibytes * 1.048576) }

    public static func memory(megabytes: Double) -> String {
        megabytes < 1023.5 ? decimals(megabytes, 0) + " MB" : decimals(megabytes / 1024, 2) + " GB"
    }

    /// A fraction of 1 as a percentage: `87.5%`.
    public static func percent(_ share: Double) -> String { decimals(share * 100, 1) + (share.isFinite ? "%" : "") }

    private static func notFinite(_ value: Double) -> String {
        value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
    }
}
