import Foundation
import Identity
import Settings
import Stores

/// What a person must see at start, on standard output: keys that are shown once, addresses, a first request.
struct Welcome: Sendable {
    let options: ServeOptions
    let configuration: Configuration
    let storage: Storage
    let adminKey: AdminKey

    private static let email = "you@localhost"
    private static let keyName = "made at start"

    func print(dataPort: Int, controlPort: Int) async throws {
        var lines: [String] = []
        let scheme = configuration.server.tls == nil ? "http" : "https"
        let data = "\(scheme)://\(shown(configuration.server.listen.host)):\(dataPort)"
        let control = "http://\(shown(configuration.server.control.host)):\(controlPort)"
        if let fresh = adminKey.fresh {
            lines += ["Admin key (shown this once): \(fresh)"]
        }
        lines += ["Gateway:       \(data)", "Control plane: \(control)  (portal, /admin, /metrics)"]
        if options.welcomes {
            let key = try await freshKey()
            lines += ["Gateway key:   \(key)", "", "A first request:", "", firstRequest(to: data, key: key), ""]
        }
        StandardOutput.write(lines.joined(separator: "\n") + "\n")
    }

    /// `0.0.0.0` is where to listen, not where to go.
    private func shown(_ host: String) -> String {
        if host == "0.0.0.0" || host == "::" { return "127.0.0.1" }
        return host.contains(":") ? "[\(host)]" : host
    }

    private func firstRequest(to address: String, key: String) -> String {
        let model = configuration.models.first { !$0.name.hasSuffix("*") }?.name ?? "chat"
        return """
            curl \(address)/v1/chat/completions \\
              -H "Authorization: Bearer \(key)" -H "Content-Type: application/json" \\
              -d '{"model": "\(model)", "messages": [{"role": "user", "content": "Hello!"}]}'
            """
    }

    /// A key for the person at this machine; the one of the last start stops working.
    private func freshKey() async throws -> String {
        let store = storage.store
        let now = Int64(Date().timeIntervalSince1970)
        let user = try await localUser(now: now)
        for old in try await store.keys(user: user, limit: 1_000, after: nil) where old.name == Self.keyName && !old.isRevoked {
            try await store.revokeKey(id: old.id)
        }
        let key = KeyText.customer()
        try await store.createKey(
            APIKey(
                id: UUID(), userID: user, name: Self.keyName, digest: key.digest, prefix: key.prefix, createdAt: now))
        return key.revealed
    }

    private func localUser(now: Int64) async throws -> UUID {
        let store = storage.store
        var after: UUID?
        while true {
            let page = try await store.users(limit: 1_000, after: after)
            if let known = page.first(where: { $0.email == Self.email }) { return known.id }
            guard page.count == 1_000, let last = page.last else { break }
            after = last.id
        }
        let user = User(
            id: UUID(), email: Self.email, name: "You", plan: "enterprise", createdAt: now, updatedAt: now)
        try await store.createUser(user, creditNanoUSD: nil)
        return user.id
    }
}

/// Standard output for people; logs go to standard error.
enum StandardOutput {
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}

/// What a command warns of.
enum StandardError {
    static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
