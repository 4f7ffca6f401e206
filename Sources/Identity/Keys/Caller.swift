package import FoundationEssentials

/// Who makes a call: the owner of an API key and what the key may do.
package struct Caller: Sendable, Equatable {
    package var userID: UUID
    package var keyID: UUID
    package var plan: String
    /// Model names this key may use, each literal or a prefix followed by `*`; nil: all.
    package var allowedModels: [String]?
    package var scopes: [String]
    /// CIDRs; nil: any address.
    package var allowedIPs: [String]?
    package var requestsPerMinute: Int?
    package var tokensPerMinute: Int?
    /// Seconds since 1970; nil: never. The caller is refused from then on, whatever a cache holds.
    package var expiresAt: Int64?

    package init(userID: UUID, keyID: UUID, plan: String) {
        self.userID = userID
        self.keyID = keyID
        self.plan = plan
        scopes = []
    }
}
