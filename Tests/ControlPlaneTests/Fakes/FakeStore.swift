import FoundationEssentials
import Identity
import Metering
import Synchronization

/// Every store of the control plane in memory, and what a test wants of it.
final class FakeStore: UserStore, KeyStore, AccountStore, PriceStore, RequestStore {
    struct State {
        var users: [User] = []
        var keys: [APIKey] = []
        var balances: [UUID: NanoUSD] = [:]
        var credits: [String: (user: UUID, amount: NanoUSD)] = [:]
        var prices: [PriceEntry] = []
        var records: [UsageRecord] = []
        var sums: [UsageSum] = []
        /// Every call throws `unavailable`.
        var isDown = false
        var lastQuery: RequestQuery?
        var lastMissQuery: CacheMissQuery?
        var lastUsage: (dimensions: [UsageDimension], from: Int64?, to: Int64?)?
    }

    let state = Mutex(State())

    private func directory<Value>(_ body: (inout sending State) throws(DirectoryError) -> sending Value)
        throws(DirectoryError) -> Value
    {
        try state.withLock { (state) throws(DirectoryError) in
            if state.isDown { throw .unavailable("the disk is on fire") }
            return try body(&state)
        }
    }

    private func store<Value>(_ body: (inout sending State) throws(StoreError) -> sending Value) throws(StoreError)
        -> Value
    {
        try state.withLock { (state) throws(StoreError) in
            if state.isDown { throw .unavailable("the disk is on fire") }
            return try body(&state)
        }
    }

    func createUser(_ user: User, creditNanoUSD: Int64?) async throws(DirectoryError) {
        try directory { (state) throws(DirectoryError) in
            if state.users.contains(where: { $0.email == user.email }) { throw .conflict(field: "email") }
            state.users.append(user)
            if let creditNanoUSD { state.balances[user.id] = NanoUSD(units: creditNanoUSD) }
        }
    }

    func user(id: UUID) async throws(DirectoryError) -> User? {
        try directory { (state) throws(DirectoryError) in state.users.first { $0.id == id } }
    }

    func users(limit: Int, after: UUID?) async throws(DirectoryError) -> [User] {
        try directory { (state) throws(DirectoryError) in
            let start = after.flatMap { id in state.users.firstIndex { $0.id == id } }.map { $0 + 1 } ?? 0
            return Array(state.users[start...].prefix(limit))
        }
    }

    func updateUser(id: UUID, _ change: UserChange, now: Int64) async throws(DirectoryError) -> User {
        try directory { (state) throws(DirectoryError) in
            guard let index = state.users.firstIndex(where: { $0.id == id }) else { throw .notFound }
            if let email = change.email, state.users.contains(where: { $0.email == email && $0.id != id }) {
                throw .conflict(field: "email")
            }
            state.users[index].email = change.email ?? state.users[index].email
            state.users[index].name = change.name ?? state.users[index].name
            state.users[index].plan = change.plan ?? state.users[index].plan
            state.users[index].updatedAt = now
            return state.users[index]
        }
    }

    func deleteUser(id: UUID) async throws(DirectoryError) {
        try directory { (state) throws(DirectoryError) in
            guard state.users.contains(where: { $0.id == id }) else { throw .notFound }
            state.users.removeAll { $0.id == id }
        }
    }

    func createKey(_ key: APIKey) async throws(DirectoryError) {
        try directory { (state) throws(DirectoryError) in
            guard state.users.contains(where: { $0.id == key.userID }) else { throw .notFound }
            state.keys.append(key)
        }
    }

    func key(id: UUID) async throws(DirectoryError) -> APIKey? {
        try directory { (state) throws(DirectoryError) in state.keys.first { $0.id == id } }
    }

    func keys(user: UUID?, limit: Int, after: UUID?) async throws(DirectoryError) -> [APIKey] {
        try directory { (state) throws(DirectoryError) in
            let keys = state.keys.filter { user == nil || $0.userID == user }
            let start = after.flatMap { id in keys.firstIndex { $0.id == id } }.map { $0 + 1 } ?? 0
            return Array(keys[start...].prefix(limit))
        }
    }

    func revokeKey(id: UUID) async throws(DirectoryError) {
        try directory { (state) throws(DirectoryError) in
            guard let index = state.keys.firstIndex(where: { $0.id == id }) else { throw .notFound }
            state.keys[index].isRevoked = true
        }
    }

    func replaceKey(id: UUID, digest: KeyDigest, prefix: String) async throws(DirectoryError) {
        try directory { (state) throws(DirectoryError) in
            guard let index = state.keys.firstIndex(where: { $0.id == id }) else { throw .notFound }
            state.keys[index].digest = digest
            state.keys[index].prefix = prefix
        }
    }

    func balance(user: UUID) async throws(StoreError) -> NanoUSD? {
        try store { (state) throws(StoreError) in
            guard state.users.contains(where: { $0.id == user }) else { throw .notFound }
            return state.balances[user]
        }
    }

    func credit(user: UUID, amount: NanoUSD, note: String, idempotencyKey: String) async throws(StoreError) -> NanoUSD {
        try store { (state) throws(StoreError) in
            guard state.users.contains(where: { $0.id == user }) else { throw .notFound }
            if let known = state.credits[idempotencyKey] {
                guard known.user == user, known.amount == amount else { throw .conflict(field: "Idempotency-Key") }
                return state.balances[user] ?? .zero
            }
            state.credits[idempotencyKey] = (user, amount)
            let balance = (state.balances[user] ?? .zero).saturatingAdding(amount)
            state.balances[user] = balance
            return balance
        }
    }

    func prices() async throws(StoreError) -> [PriceEntry] {
        try store { (state) throws(StoreError) in state.prices }
    }

    func putPrice(_ entry: PriceEntry) async throws(StoreError) {
        try store { (state) throws(StoreError) in
            state.prices.removeAll { $0.model == entry.model && $0.provider == entry.provider }
            state.prices.append(entry)
        }
    }

    func requests(_ query: RequestQuery) async throws(StoreError) -> RequestPage {
        try store { (state) throws(StoreError) in
            state.lastQuery = query
            return RequestPage(
                records: Array(state.records.prefix(query.limit)),
                next: state.records.count > query.limit ? "cursor" : nil)
        }
    }

    func request(id: UUID) async throws(StoreError) -> UsageRecord? {
        try store { (state) throws(StoreError) in state.records.first { $0.id == id } }
    }

    func cacheMisses(_ query: CacheMissQuery) async throws(StoreError) -> CacheMissPage {
        try store { (state) throws(StoreError) in
            state.lastMissQuery = query
            let missed = state.records.filter { $0.cacheMiss != nil }
            let sums = missed.compactMap(\.cacheMiss).map {
                CacheMissSum(cause: $0.cause, count: 1, missedTokens: $0.missedTokens, lost: $0.lost)
            }
            return CacheMissPage(entries: missed, next: nil, sums: sums)
        }
    }

    func usage(groupBy: [UsageDimension], from: Int64?, to: Int64?) async throws(StoreError) -> [UsageSum] {
        try store { (state) throws(StoreError) in
            state.lastUsage = (groupBy, from, to)
            return state.sums
        }
    }
}
