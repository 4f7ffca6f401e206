/// How fast the simulator answers.
package struct Pace: Sendable, Equatable {
    /// Time until the first token, drawn evenly between the bounds for each request.
    package var latency: ClosedRange<Duration>
    /// Time between two tokens.
    package var tokenInterval: Duration

    /// Without waiting, unless told otherwise.
    package init(latency: ClosedRange<Duration> = .zero ... .zero, tokenInterval: Duration = .zero) {
        self.latency = latency
        self.tokenInterval = tokenInterval
    }

    /// `200ms`, `1.5s`, or two of them as bounds: `50ms..400ms`. Nil when it is neither.
    package static func latency(_ text: String) -> ClosedRange<Duration>? {
        guard let dots = text.firstRange(of: "..") else { return duration(text).map { $0...$0 } }
        guard let low = duration(String(text[..<dots.lowerBound])),
            let high = duration(String(text[dots.upperBound...])), low <= high
        else { return nil }
        return low...high
    }

    /// A number from 0 to 86400 seconds with `us`, `ms`, `s` or `m`; a bare number is milliseconds. Nil otherwise.
    package static func duration(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let amount = Double(digits), amount.isFinite, amount >= 0 else { return nil }
        let seconds: Double
        switch text[digits.endIndex...] {
        case "us": seconds = amount / 1_000_000
        case "ms", "": seconds = amount / 1000
        case "s": seconds = amount
        case "m": seconds = amount * 60
        default: return nil
        }
        return seconds <= 86400 ? .microseconds(Int64(seconds * 1_000_000)) : nil
    }
}
