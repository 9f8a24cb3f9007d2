/// A number parsed from text: YAML 1.2 syntax, plus `_` between digits.
///
/// The declared field decides which Swift type it becomes, not its notation: `1e3` is an integer if the field is one.
struct NumberText {
    private var isNegative = false
    /// The digits before and after the point, without leading zeros. Hexadecimal and octal numbers are converted.
    private var digits = ""
    /// `digits` is multiplied by ten to this power.
    private var exponent = 0
    /// Digits, point and exponent without `_`, for the standard library's correctly rounded parser.
    private var decimal = ""

    /// Nil if the text is not a finite number.
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

    var isZero: Bool { digits.isEmpty }
    var isWhole: Bool { isZero || exponent >= 0 }

    /// Nil if the number is not whole or does not fit.
    func integer<I: FixedWidthInteger>(_: I.Type) -> I? {
        if isZero { return 0 }
        guard isWhole, digits.count + exponent <= 20 else { return nil }
        return I((isNegative ? "-" : "") + digits + String(repeating: "0", count: exponent))
    }

    /// The nearest floating-point number; nil on overflow, or if a nonzero number rounds to zero.
    func floating<F: BinaryFloatingPoint & LosslessStringConvertible>(_: F.Type) -> F? {
        guard let value = F(decimal), value.isFinite, isZero || value != 0 else { return nil }
        return isNegative ? -value : value
    }
}

/// The shortest digits that read back as the same value and that YAML 1.1, YAML 1.2 and JSON all parse as a number.
///
/// YAML 1.1 requires a decimal point and a sign in the exponent: `1.0e-5`, where Swift prints `1e-05`.
func numberText<F: BinaryFloatingPoint & CustomStringConvertible>(_ value: F) -> String {
    let text = value.description
    guard let e = text.firstIndex(of: "e") else { return text }
    let mantissa = text[..<e]
    let exponent = text[text.index(after: e)...]
    let sign = exponent.first == "-" ? "-" : "+"
    let power = exponent.drop { $0 == "-" || $0 == "+" || $0 == "0" }
    return mantissa + (mantissa.contains(".") ? "" : ".0") + "e" + sign + power
}
