package import FoundationEssentials
package import Identity
import Metering

extension InMemoryStore: UserStore {
    package func createUser(_ user: User, creditNanoUSD: Int64?) throws(DirectoryError) {
        guard users[user.id] == nil else { throw .conflict(field: "id") }
        guard !users.values.contains(where: { $0.email.isSame(as: user.email) }) else {
            throw .conflict(field: "email")
        }
        users[user.id] = user
        balances[user.id] = creditNanoUSD.map(NanoUSD.init(units:))
    }

    package func user(id: UUID) -> User? { users[id] }

    /// An `after` that names no user throws `conflict(field: "after")`.
    package func users(limit: Int, after: UUID?) throws(DirectoryError) -> [User] {
        try Self.page(Array(users.values), limit: limit, after: after.map { users[$0] }) { ($0.createdAt, $0.id) }
    }

    package func updateUser(id: UUID, _ change: UserChange, now: Int64) throws(DirectoryError) -> User {
        guard var user = users[id] else { throw .notFound }
        if let email = change.email,
            users.values.contains(where: { $0.id != id && $0.email.isSame(as: email) })
        {
            throw .conflict(field: "email")
        }
        user.email = change.email ?? user.email
        user.name = change.name ?? user.name
        user.plan = change.plan ?? user.plan
        user.updatedAt = now
        users[id] = user
        return user
    }

    package func deleteUser(id: UUID) throws(DirectoryError) {
        guard users.removeValue(forKey: id) != nil else { throw .notFound }
        balances[id] = nil
        keys = keys.filter { $0.value.userID != id }
    }

    /// - Parameter after: nil: from the beginning; the inner nil: the entry it named is not there.
    private static func page<Entry>(
        _ entries: [Entry], limit: Int, after: Entry??, age: (Entry) -> (Int64, UUID)
    ) throws(DirectoryError) -> [Entry] {
        var entries = entries.sorted { Self.isOlder(age($0), age($1)) }
        if let after {
            guard let after else { throw .conflict(field: "after") }
            entries.removeAll { !Self.isOlder(age(after), age($0)) }
        }
        return Array(entries.prefix(max(0, limit)))
    }

    static func isOlder(_ left: (Int64, UUID), _ right: (Int64, UUID)) -> Bool {
        if left.0 != right.0 { return left.0 < right.0 }
        return UUIDText.text(left.1).isBefore(UUIDText.text(right.1))
    }
}

extension InMemoryStore: KeyStore {
    /// Throws `conflict` with `id` or `key_hash` where a key has them already.
    package func createKey(_ key: APIKey) throws(DirectoryError) {
        guard users[key.userID] != nil else { throw .notFound }
        guard keys[key.id] == nil else { throw .conflict(field: "id") }
        try requireFree(key.digest)
        keys[key.id] = key
    }

    package func key(id: UUID) -> APIKey? { keys[id] }

    /// An `after` that names no key throws `conflict(field: "after")`.
    package func keys(user: UUID?, limit: Int, after: UUID?) throws(DirectoryError) -> [APIKey] {
        let wanted = keys.values.filter { user == nil || $0.userID == user }
        return try Self.page(wanted, limit: limit, after: after.map { keys[$0] }) { ($0.createdAt, $0.id) }
    }

    package func revokeKey(id: UUID) throws(DirectoryError) {
        guard keys[id] != nil else { throw .notFound }
        keys[id]?.isRevoked = true
    }

    /// Throws `conflict(field: "key_hash")` where another key has the digest.
    package func replaceKey(id: UUID, digest: KeyDigest, prefix: String) throws(DirectoryError) {
        guard keys[id] != nil else { throw .notFound }
        try requireFree(digest)
        keys[id]?.digest = digest
        keys[id]?.prefix = prefix
    }

    private func requireFree(_ digest: KeyDigest) throws(DirectoryError) {
        guard !keys.values.contains(where: { $0.digest == digest }) else { throw .conflict(field: "key_hash") }
    }
}

extension InMemoryStore: KeyDirectory {
    package func caller(for digest: KeyDigest) -> Caller? {
        guard let key = keys.values.first(where: { $0.digest == digest }), !key.isRevoked,
            let user = users[key.userID]
        else { return nil }
        var caller = Caller(userID: user.id, keyID: key.id, plan: user.plan)
        caller.allowedModels = key.allowedModels
        caller.scopes = key.scopes
        caller.allowedIPs = key.allowedIPs
        caller.requestsPerMinute = key.requestsPerMinute
        caller.tokensPerMinute = key.tokensPerMinute
        caller.expiresAt = key.expiresAt
        return caller.isExpired(atSeconds: now()) ? nil : caller
    }
}
