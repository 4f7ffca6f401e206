/// A freshly made key, in the one moment its text exists here: shown once, stored as a digest.
///
/// 256 random bits in 43 characters of the URL-safe base64 alphabet, behind a prefix that scanners for leaked secrets
/// can tell. Its description is a mask, so that it cannot slip into a log.
package struct KeyText: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The text itself; never log it.
    package let revealed: String

    /// A customer's key, `sk-tr-…`, from the system's cryptographic random numbers.
    package static func customer() -> KeyText {
        var generator = SystemRandomNumberGenerator()
        return KeyText(prefix: "sk-tr-", using: &generator)
    }

    /// An administrator's key, `tr-admin-…`, from the system's cryptographic random numbers.
    package static func administrator() -> KeyText {
        var generator = SystemRandomNumberGenerator()
        return KeyText(prefix: "tr-admin-", using: &generator)
    }

    init(prefix: String, using generator: inout some RandomNumberGenerator) {
        revealed = prefix + Self.base64URL((0..<4).map { _ in generator.next() as UInt64 })
    }

    /// The first 8 characters, for people to tell keys apart.
    package var prefix: String { String(revealed.prefix(8)) }

    package var digest: KeyDigest { KeyDigest(ofKey: revealed.utf8) }

    package var description: String { prefix + "…" }
    package var debugDescription: String { description }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Six bits a character, the first bits first; zeros fill the last character up. No padding.
    private static func base64URL(_ words: [UInt64]) -> String {
        let bitCount = words.count * 64
        let characters = stride(from: 0, to: bitCount, by: 6).map { start in
            var index = 0
            for bit in start..<start + 6 {
                let isSet = bit < bitCount && words[bit / 64] >> UInt64(63 - bit % 64) & 1 == 1
                index = index << 1 | (isSet ? 1 : 0)
            }
            return alphabet[index]
        }
        return String(decoding: characters, as: UTF8.self)
    }
}
