import FoundationEssentials
import Identity
import Metering
import Stores
import Synchronization
import Testing

/// Every port of the main store at once.
typealias MainStore = AccountStore & KeyDirectory & KeyStore & PriceStore & ProcessMemory & RequestStore & UsageStore
    & UserStore

/// The stores that must behave alike.
enum Backend: String, CaseIterable, CustomTestStringConvertible {
    case memory, sqlite

    var testDescription: String { rawValue }

    /// An empty store.
    func make(now: @escaping @Sendable () -> Int64 = { 1_800_000_000 }) throws -> any MainStore {
        switch self {
        case .memory: InMemoryStore(now: now)
        case .sqlite: try SQLiteStore.temporary(now: now)
        }
    }
}

/// A clock that stands until it is moved.
final class StandingClock: Sendable {
    private let seconds: Mutex<Int64>

    init(_ seconds: Int64) { self.seconds = Mutex(seconds) }

    var now: @Sendable () -> Int64 { { self.seconds.withLock { $0 } } }

    func move(to time: Int64) { seconds.withLock { $0 = time } }
}

/// Texts that stores have choked on before.
enum HostileText {
    static let all: [String] = [
        "", "\0", "a\0b", "'; DROP TABLE users; --", "\"quoted\"", "%_\\", "\u{FFFD}\u{1F600}", "e\u{301}", "\u{E9}",
        "?1 :a @b $c", String(repeating: "x", count: 1_000_000),
    ]
}

enum Sample {
    static func id(_ number: UInt8) -> UUID {
        UUID(uuid: (number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xAB, 0xCD, 0xEF, 13, 14, number))
    }

    static func user(_ number: UInt8 = 1, email: String? = nil, createdAt: Int64 = 100) -> User {
        User(
            id: id(number), email: email ?? "user\(number)@example.com", name: "User \(number)", plan: "free",
            createdAt: createdAt, updatedAt: createdAt)
    }

    static func digest(_ text: String) -> KeyDigest { KeyDigest(ofKey: text.utf8) }

    static func key(_ number: UInt8, user: UInt8 = 1, createdAt: Int64 = 100) -> APIKey {
        APIKey(
            id: id(number), userID: id(user), name: "key \(number)", digest: digest("key \(number)"),
            prefix: "sk-tr-\(number)", createdAt: createdAt)
    }

    static func record(_ number: UInt8, user: UInt8 = 1, at time: Int64 = 1_700_000_000_000_000) -> UsageRecord {
        UsageRecord(id: id(number), userID: id(user), apiKeyID: id(200), model: "gpt-4o", createdAtMicroseconds: time)
    }

    /// Every member has a value of its own.
    static func fullRecord(_ number: UInt8, user: UInt8 = 1) -> UsageRecord {
        var record = record(number, user: user)
        record.clientRequestID = "client-1"
        record.provider = "openai"
        record.upstreamModel = "gpt-4o-2024-08-06"
        record.usage = usage(1)
        record.cost = NanoUSD(units: 127_000)
        record.vendorCost = NanoUSD(units: 101_000)
        record.latencyMicroseconds = 812_345
        record.timeToFirstTokenMicroseconds = 90_001
        record.status = .cancelled
        record.httpStatus = 499
        record.isEstimated = true
        record.isStream = true
        record.errorCode = "client_gone"
        record.prefixHash = 0xFEDC_BA98_7654_3210
        record.vendorUsage = #"{"prompt_tokens":10}"#
        record.attempts = [
            AttemptRecord(
                provider: "azure", upstreamModel: "gpt-4o", providerKeyID: "k1", httpStatus: 503,
                latencyMicroseconds: 10_000, errorType: "http_503"),
            AttemptRecord(
                provider: "openai", upstreamModel: "gpt-4o-2024-08-06", providerKeyID: "k2", httpStatus: 200,
                latencyMicroseconds: 800_000, usage: usage(20), vendorCost: NanoUSD(units: 101_000)),
        ]
        return record
    }

    static func usage(_ first: Int64) -> TokenUsage {
        var usage = TokenUsage()
        usage.uncachedInput = first
        usage.cacheRead = first + 1
        usage.cacheWrite5m = first + 2
        usage.cacheWrite1h = first + 3
        usage.visibleOutput = first + 4
        usage.reasoning = first + 5
        usage.audio = first + 6
        usage.image = first + 7
        return usage
    }
}
