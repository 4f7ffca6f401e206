/// A count of tokens made from text alone, for an answer whose vendor reported none; add the pieces as they come.
///
/// A quarter token for each ASCII byte, half a token for each two-byte character (accents, Cyrillic, Greek), one for
/// each three-byte one (CJK), two for each longer one (emoji): the usual densities of byte-pair vocabularies of 100,000
/// words and more. Expect ±25 % on English prose and code, up to ±50 % on other text; digits and long identifiers come
/// out low. Rows made from it are marked as estimated.
package struct UsageEstimate: Sendable, Equatable {
    private var quarterTokens: Int64 = 0

    package init() {}

    /// Counts UTF-8 text, which may be cut anywhere: a character counts with its first byte.
    package mutating func add(utf8 bytes: UnsafeRawBufferPointer) {
        var quarters: Int64 = 0
        for byte in bytes { quarters &+= Self.quarters(firstByte: byte) }
        quarterTokens = quarterTokens.addingReportingOverflow(quarters).overflow ? .max : quarterTokens &+ quarters
    }

    package mutating func add(_ text: some StringProtocol) {
        var quarters: Int64 = 0
        for byte in text.utf8 { quarters &+= Self.quarters(firstByte: byte) }
        quarterTokens = quarterTokens.addingReportingOverflow(quarters).overflow ? .max : quarterTokens &+ quarters
    }

    /// Rounded up; 0 only when nothing was added.
    package var tokens: Int64 { quarterTokens / 4 + (quarterTokens % 4 > 0 ? 1 : 0) }

    /// A guess from a text's size alone: a token for every four bytes, rounded up. As good as counting for ASCII; for
    /// CJK it comes out a quarter low. For reservations, and where the text is gone.
    package static func tokens(utf8Bytes count: Int) -> Int64 {
        let bytes = Int64(max(0, count))
        return bytes / 4 + (bytes % 4 > 0 ? 1 : 0)
    }

    private static func quarters(firstByte byte: UInt8) -> Int64 {
        switch byte {
        case 0x00...0x7F: 1
        case 0x80...0xBF: 0
        case 0xC0...0xDF: 2
        case 0xE0...0xEF: 4
        default: 8
        }
    }
}
