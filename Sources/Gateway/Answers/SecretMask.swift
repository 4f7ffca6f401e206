/// Hides configured secrets in texts that come from upstream and go to clients.
package struct SecretMask: Sendable {
    /// Longest first, so that a secret that contains another is masked whole.
    private let secrets: [String]

    /// Texts shorter than 6 characters are left out: masking them would tear ordinary words.
    package init(secrets: [String]) {
        self.secrets = Set(secrets).filter { $0.utf8.count >= 6 }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// The text with each secret replaced by `***`.
    package func masked(_ text: String) -> String {
        var result = text
        for secret in secrets where result.contains(secret) {
            result = result.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
        }
        return result
    }

    /// The bytes with each secret replaced by asterisks of the same length; nil where none is in them.
    package func masked(_ bytes: [UInt8]) -> [UInt8]? {
        guard !secrets.isEmpty else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard secrets.contains(where: { text.contains($0) }) else { return nil }
        return Array(masked(text).utf8)
    }
}
