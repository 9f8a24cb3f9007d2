/// A number as somebody wrote it, taken apart: YAML 1.2's numbers, `_` between digits allowed.
///
/// Which Swift type it becomes is decided by the field that declares it, never by its look: `1e3` is a whole number where
/// one is declared.
struct NumberText {
    private var isNegative = false
    /// The digits before and after the point, without leading zeros; a hexadecimal or octal number has been converted.
    private var digits = ""
    /// The power of ten that `digits` is multiplied by.
    private var exponent = 0
    /// Digits, point and exponent without `_`, for the standard library's correctly rounded conversion.
    private var decimal = ""

    /// Nil when the text is no finite number.
    init?(_ text: String) {
        var rest = Substring(text)
        if let sign = rest.first, sign == "-" || sign == "+" {
            isNegative = sign == "-"
            rest = rest.dropFirst()
        }
        guard rest.utf8.count <= 400, rest.first?.isASCII == true, rest.first != "_", rest.last != "_" else {
            return nil
        }
        for (prefix, radix) in [("0x", 16), ("0o", 8)] where rest.hasPrefix(prefix) {
            guard rest.dropFirst(2).first != "-", rest.dropFirst(2).first != "+",
                let value = UInt64(rest.dropFirst(2), radix: radix)
            else { return nil }
            digits = value == 0 ? "" : String(value)
            decimal = String(value)
            return
        }
        let mantissa = rest.prefix { $0 != "e" && $0 != "E" }
        let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { return nil }
        let whole = parts[0].filter { $0 != "_" }
        let fraction = parts.count == 2 ? parts[1].filter { $0 != "_" } : ""
        let isDigit = { (character: Character) in character.isASCII && character.isNumber }
        guard !(whole + fraction).isEmpty, (whole + fraction).allSatisfy(isDigit) else { return nil }
        if mantissa.endIndex < rest.endIndex {
            var power = rest[mantissa.endIndex...].dropFirst()
            let sign = power.first == "-" ? -1 : 1
            if power.first == "-" || power.first == "+" { power = power.dropFirst() }
            guard !power.isEmpty, power.count <= 9, power.allSatisfy(isDigit), let value = Int(power) else {
                return nil
            }
            exponent = sign * value
        }
        decimal = (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : "." + fraction) + "e\(exponent)"
        exponent -= fraction.count
        digits = String((whole + fraction).drop { $0 == "0" })
        while digits.last == "0" {
            digits.removeLast()
            exponent += 1
        }
    }

    /// Whether the number is zero.
    var isZero: Bool { digits.isEmpty }
    /// Whether the number is whole.
    var isWhole: Bool { isZero || exponent >= 0 }

    /// The number as an integer; nil when it is not whole or does not fit.
    func integer<I: FixedWidthInteger>(_: I.Type) -> I? {
        if isZero { return 0 }
        guard isWhole, digits.count + exponent <= 20 else { return nil }
        return I((isNegative ? "-" : "") + digits + String(repeating: "0", count: exponent))
    }

    /// The nearest floating-point number; nil when that is infinite, or is zero and the number is not.
    func floating<F: BinaryFloatingPoint & LosslessStringConvertible>(_: F.Type) -> F? {
        guard let value = F(decimal), value.isFinite, isZero || value != 0 else { return nil }
        return isNegative ? -value : value
    }
}

/// The shortest digits that read back as the same value, as both YAML 1.1, YAML 1.2 and JSON take for a number.
///
/// YAML 1.1 wants a decimal point and a sign in front of an exponent: `1.0e-5`, where Swift writes `1e-05`.
func numberText<F: BinaryFloatingPoint & CustomStringConvertible>(_ value: F) -> String {
    let text = value.description
    guard let e = text.firstIndex(of: "e") else { return text }
    let mantissa = text[..<e]
    let exponent = text[text.index(after: e)...]
    let sign = exponent.first == "-" ? "-" : "+"
    let power = exponent.drop { $0 == "-" || $0 == "+" || $0 == "0" }
    return mantissa + (mantissa.contains(".") ? "" : ".0") + "e" + sign + power
}
