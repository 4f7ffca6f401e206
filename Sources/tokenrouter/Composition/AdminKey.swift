import Identity
import Settings

/// The key of the admin API.
struct AdminKey: Sendable {
    let digest: KeyDigest
    /// The text, if it was made just now: to be shown once and never again.
    let fresh: String?

    private static let memoryName = "admin_key_digest"

    /// The configured key; without one the key of earlier starts; at the first start a new one.
    static func establish(_ configured: Secret, memory: some ProcessMemory) async throws -> AdminKey {
        if !configured.isEmpty {
            return AdminKey(digest: KeyDigest(ofKey: configured.revealed.utf8), fresh: nil)
        }
        if let remembered = try await memory.recall(memoryName), let digest = KeyDigest(hexadecimal: remembered) {
            return AdminKey(digest: digest, fresh: nil)
        }
        let key = KeyText.administrator()
        try await memory.remember(memoryName, key.digest.hexadecimal)
        return AdminKey(digest: key.digest, fresh: key.revealed)
    }
}
