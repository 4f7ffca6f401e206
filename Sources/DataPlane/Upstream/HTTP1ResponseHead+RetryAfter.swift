import Telemetry

extension HTTP1ResponseHead {
    /// Seconds to wait, rounded up: of `retry-after-ms`, which is the more exact, or else of `retry-after`, be it seconds or a
    /// date (RFC 9110, section 10.2.3); nil: neither says.
    package func retryAfterSeconds(nowMilliseconds: Int64) -> Int? {
        if let span = retryAfterMilliseconds, let wait = wait(span, .milliseconds) { return wait }
        guard let span = retryAfter else { return nil }
        if let wait = wait(span, .seconds) { return wait }
        guard let date = Self.milliseconds(httpDate: string(span)) else { return nil }
        return Int(max(0, date &- nowMilliseconds) &+ 999) / 1_000
    }

    private func wait(_ span: HTTP1Span, _ unit: DurationText.Unit) -> Int? {
        withBytes(of: span) { DurationText.milliseconds($0, bareUnit: unit) }.map { Int(($0 &+ 999) / 1_000) }
    }

    /// Of `Sun, 06 Nov 1994 08:49:37 GMT`, the one spelling that may still be written (RFC 9110, section 5.6.7).
    private static func milliseconds(httpDate text: String) -> Int64? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else { return nil }
        let moment = "\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z"
        return UTCTime.microseconds(moment).map { $0 / 1_000 }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
