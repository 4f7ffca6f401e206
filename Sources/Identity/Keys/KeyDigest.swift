internal import Crypto

/// The SHA-256 of an API key's text: what is stored, looked up and compared instead of the key.
///
/// Its hash value needs no secret seed of its own: an attacker cannot choose digests.
package struct KeyDigest: Sendable, Hashable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    private init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// The digest of a key's bytes as the client sent them.
    package init(ofKey key: some Sequence<UInt8> & Collection) {
        var hash = SHA256()
        let copied: Void? = key.withContiguousStorageIfAvailable {
            hash.update(bufferPointer: UnsafeRawBufferPointer($0))
        }
        if copied == nil { hash.update(data: Array(key)) }
        self.init(sha256: hash.finalize())
    }

    /// The digest of a key's bytes where they lie.
    package init(ofKey key: UnsafeRawBufferPointer) {
        var hash = SHA256()
        hash.update(bufferPointer: key)
        self.init(sha256: hash.finalize())
    }

    private init(sha256: SHA256.Digest) {
        words = sha256.withUnsafeBytes { bytes in
            func word(_ at: Int) -> UInt64 {
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: at * 8, as: UInt64.self))
            }
            return (word(0), word(1), word(2), word(3))
        }
    }

    /// From 64 hexadecimal digits; nil for anything else.
    package init?(hexadecimal: String) {
        let digits = Array(hexadecimal.utf8)
        // Checked one by one, for `UInt64(_:radix:)` takes a sign too.
        guard digits.count == 64, digits.allSatisfy(Self.isHexadecimalDigit) else { return nil }
        var parsed: [UInt64] = []
        for start in stride(from: 0, to: 64, by: 16) {
            guard let word = UInt64(String(decoding: digits[start..<start + 16], as: UTF8.self), radix: 16) else {
                return nil
            }
            parsed.append(word)
        }
        self.init(words: (parsed[0], parsed[1], parsed[2], parsed[3]))
    }

    private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// 64 lower-case hexadecimal digits.
    package var hexadecimal: String {
        [words.0, words.1, words.2, words.3].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Compares all 256 bits whatever they are, in constant time.
    package static func == (left: KeyDigest, right: KeyDigest) -> Bool {
        let difference =
            (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1)
            | (left.words.2 ^ right.words.2) | (left.words.3 ^ right.words.3)
        return difference == 0
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
    }
}
