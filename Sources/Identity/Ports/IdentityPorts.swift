package import FoundationEssentials

/// What a directory can answer with instead of data. "Not there" is nil, never an error.
package enum DirectoryError: Error, Equatable {
    /// The store does not answer; the text is for the log, not for clients.
    case unavailable(String)
    /// A uniqueness rule was hurt; the field's name (`email`).
    case conflict(field: String)
    case notFound
}

/// A customer.
package struct User: Sendable, Equatable {
    package var id: UUID
    package var email: String
    package var name: String
    package var plan: String
    /// Seconds since 1970.
    package var createdAt: Int64
    package var updatedAt: Int64

    package init(id: UUID, email: String, name: String, plan: String, createdAt: Int64, updatedAt: Int64) {
        self.id = id
        self.email = email
        self.name = name
        self.plan = plan
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// An API key as it is stored: its digest, never its text.
package struct APIKey: Sendable, Equatable {
    package var id: UUID
    package var userID: UUID
    package var name: String
    package var digest: KeyDigest
    /// The first 8 characters, for people to tell keys apart.
    package var prefix: String
    package var isRevoked: Bool
    package var allowedModels: [String]?
    package var scopes: [String]
    package var allowedIPs: [String]?
    package var requestsPerMinute: Int?
    package var tokensPerMinute: Int?
    /// Nano-USD; nil: no budget.
    package var budgetNanoUSD: Int64?
    /// Seconds since 1970; nil: never.
    package var expiresAt: Int64?
    package var createdAt: Int64

    package init(id: UUID, userID: UUID, name: String, digest: KeyDigest, prefix: String, createdAt: Int64) {
        self.id = id
        self.userID = userID
        self.name = name
        self.digest = digest
        self.prefix = prefix
        self.createdAt = createdAt
        isRevoked = false
        scopes = []
    }
}

/// Finding who a key belongs to.
package protocol KeyDirectory: Sendable {
    /// nil: unknown, revoked or expired, or its user is gone.
    func caller(for digest: KeyDigest) async throws(DirectoryError) -> Caller?
}

/// Changes to one user; nil members stay as they are.
package struct UserChange: Sendable, Equatable {
    package var email: String?
    package var name: String?
    package var plan: String?

    package init() {}
}

/// Customers, for the admin API.
package protocol UserStore: Sendable {
    /// `creditNanoUSD` nil: the user has no balance limit; a number: prepaid. Throws `conflict(field: "email")`.
    func createUser(_ user: User, creditNanoUSD: Int64?) async throws(DirectoryError)
    func user(id: UUID) async throws(DirectoryError) -> User?
    /// Oldest first, `after` exclusive; at most `limit`.
    func users(limit: Int, after: UUID?) async throws(DirectoryError) -> [User]
    /// The changed user; throws `notFound`.
    func updateUser(id: UUID, _ change: UserChange, now: Int64) async throws(DirectoryError) -> User
    /// Takes the user's keys away too; the rows of what was used stay. Throws `notFound`.
    func deleteUser(id: UUID) async throws(DirectoryError)
}

/// API keys, for the admin API.
package protocol KeyStore: Sendable {
    /// Throws `notFound` when the user is unknown.
    func createKey(_ key: APIKey) async throws(DirectoryError)
    func key(id: UUID) async throws(DirectoryError) -> APIKey?
    /// Oldest first; nil `user`: of all users.
    func keys(user: UUID?, limit: Int, after: UUID?) async throws(DirectoryError) -> [APIKey]
    /// Throws `notFound`.
    func revokeKey(id: UUID) async throws(DirectoryError)
    /// Puts a new digest and prefix in the place of the old: the old text stops working. Throws `notFound`.
    func replaceKey(id: UUID, digest: KeyDigest, prefix: String) async throws(DirectoryError)
}

/// Small texts the process must remember between starts, such as the admin key's digest.
package protocol ProcessMemory: Sendable {
    func recall(_ name: String) async throws(DirectoryError) -> String?
    func remember(_ name: String, _ value: String) async throws(DirectoryError)
}
