/// Text of a URL's path or query.
package enum PercentDecoding {
    /// The text with `%XX` decoded; nil where an escape is broken or the result is no UTF-8.
    package static func decoded(_ text: Substring) -> String? {
        guard text.contains("%") else { return String(text) }
        var decoded: [UInt8] = []
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = bytes.next().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }),
                let low = bytes.next().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue })
            else { return nil }
            decoded.append(UInt8(truncatingIfNeeded: high << 4 | low))
        }
        return String(validating: decoded, as: UTF8.self)
    }
}
