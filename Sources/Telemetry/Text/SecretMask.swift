/// Replaces configured secrets in a text, so that a vendor's message that quotes our key does not hand it on.
package struct SecretMask: Sendable {
    /// Longest first, so that a secret that holds another is replaced whole.
    private let secrets: [[UInt8]]

    /// What stands in a secret's place.
    package static let mask = "***"

    /// Secrets shorter than 4 bytes are left out: they would eat ordinary text.
    package init(secrets: [String]) {
        self.secrets = Set(secrets).map { Array($0.utf8) }.filter { $0.count >= 4 }.sorted { left, right in
            left.count != right.count ? left.count > right.count : left.lexicographicallyPrecedes(right)
        }
    }

    /// The text with every occurrence of every secret, byte for byte, replaced by `***`.
    package func masked(_ text: String) -> String {
        guard !secrets.isEmpty else { return text }
        let bytes = Array(text.utf8)
        var kept: [UInt8] = []
        var position = 0
        var hasSecret = false
        while position < bytes.count {
            if let secret = secrets.first(where: { bytes[position...].starts(with: $0) }) {
                kept.append(contentsOf: Self.mask.utf8)
                position += secret.count
                hasSecret = true
            } else {
                kept.append(bytes[position])
                position += 1
            }
        }
        return hasSecret ? String(decoding: kept, as: UTF8.self) : text
    }
}
