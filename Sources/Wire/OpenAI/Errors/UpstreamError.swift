/// An upstream's error in its own words; nil where it said nothing. Texts are cut to `maximumTextBytes`.
///
/// What it says may hold the vendor's or the gateway's secrets: mask it before a client sees it.
package struct UpstreamError: Sendable, Equatable, Error {
    /// Longer texts are cut at a character's start.
    package static let maximumTextBytes = 1_024

    package var message: String?
    package var type: String?
    /// Numbers are given as their digits.
    package var code: String?
    package var param: String?
    /// Seconds to wait, where the body says so (`retryDelay` of Google's RetryInfo, rounded up); nil: it does not.
    package var retryAfterSeconds: Int?

    package init(message: String? = nil, type: String? = nil, code: String? = nil, param: String? = nil) {
        self.message = message
        self.type = type
        self.code = code
        self.param = param
    }
}
