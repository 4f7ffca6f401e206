/// Writes lines of Prometheus' text format.
struct PrometheusText {
    enum Kind: String { case counter, gauge, histogram }

    private(set) var text = ""

    /// The two lines that go before a metric's series, also when it has none.
    mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        text += name
        if !labels.isEmpty {
            text += "{"
            for (index, label) in labels.enumerated() {
                if index > 0 { text += "," }
                text += "\(label.0)=\"\(Self.escaped(label.1))\""
            }
            text += "}"
        }
        text += " \(value)\n"
    }

    /// A histogram's cumulated ranges, its sum in seconds and its count; the last range equals the count.
    mutating func histogram(_ name: String, _ labels: [(String, String)], _ histogram: Histogram) {
        let counts = histogram.counts
        var cumulated: Int64 = 0
        for (bound, count) in zip(histogram.bounds, counts) {
            cumulated &+= count
            sample("\(name)_bucket", labels + [("le", Self.decimal(bound, fractionDigits: 6))], "\(cumulated)")
        }
        cumulated &+= counts.last ?? 0
        sample("\(name)_bucket", labels + [("le", "+Inf")], "\(cumulated)")
        sample("\(name)_sum", labels, Self.decimal(histogram.sumMicroseconds, fractionDigits: 6))
        sample("\(name)_count", labels, "\(cumulated)")
    }

    /// A whole number of small units as an exact decimal, without trailing zeros: 1,500,000 with 6 digits is `1.5`.
    static func decimal(_ units: Int64, fractionDigits: Int) -> String {
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(fractionDigits + 1 - digits.count, 0)) + digits
        let whole = padded.dropLast(fractionDigits)
        var fraction = padded.suffix(fractionDigits)
        while fraction.last == "0" { fraction.removeLast() }
        return (units < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// A label's value as it stands between the quotes.
    static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return value }
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
