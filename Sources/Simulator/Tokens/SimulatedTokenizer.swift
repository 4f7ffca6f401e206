/// The simulator's stated way of counting: a token is as many whole scalars as fit into four bytes of UTF-8, at least
/// one. So ASCII costs a token per four characters and an ideograph one each. Each text is counted by itself.
package enum SimulatedTokenizer {
    /// Bytes of UTF-8 that fit into one token.
    package static let bytesPerToken = 4

    /// Tokens of the text; 0 only for an empty one.
    package static func count(_ text: String) -> Int {
        var count = 0
        forEachToken(of: text) { _ in count += 1 }
        return count
    }

    /// The tokens in order; joined they are the text.
    package static func tokens(of text: String) -> [String] {
        var tokens: [String] = []
        forEachToken(of: text) { tokens.append(String(text[$0])) }
        return tokens
    }

    /// The first `limit` tokens of the text.
    package static func prefix(of text: String, tokens limit: Int) -> String {
        var remaining = limit
        var end = text.startIndex
        forEachToken(of: text) { range in
            guard remaining > 0 else { return }
            remaining -= 1
            end = range.upperBound
        }
        return String(text[..<end])
    }

    static func forEachToken(of text: String, _ body: (Range<String.Index>) -> Void) {
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        var index = start
        var bytes = 0
        while index < scalars.endIndex {
            let length = UTF8.width(scalars[index])
            if bytes > 0, bytes + length > bytesPerToken {
                body(start..<index)
                start = index
                bytes = 0
            }
            bytes += length
            index = scalars.index(after: index)
        }
        if bytes > 0 { body(start..<index) }
    }
}
