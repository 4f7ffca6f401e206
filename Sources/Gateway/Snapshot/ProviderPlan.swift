package import Metering
package import Pipeline
package import Settings

/// How to reach one upstream host: what two providers must share for their connections to be interchangeable.
package final class UpstreamEndpoint: Sendable, Hashable {
    package let url: UpstreamURL
    package let proxy: UpstreamURL?
    package let caFile: String?
    /// False: addresses in private, loopback or link-local ranges are refused after the name is resolved.
    package let allowsPrivate: Bool
    package let connectTimeout: Duration
    package let idleTimeout: Duration
    /// Per event loop; 0: no cap.
    package let maximumConnections: Int

    package init(_ provider: ProviderSettings, allowsPrivate: Bool) {
        url = provider.baseURL
        proxy = provider.proxy
        caFile = provider.caFile
        self.allowsPrivate = allowsPrivate
        connectTimeout = provider.timeouts.connect
        idleTimeout = provider.pool.idleTimeout
        maximumConnections = provider.pool.maxConnections
    }

    package static func == (left: UpstreamEndpoint, right: UpstreamEndpoint) -> Bool {
        left === right
            || (left.url.host == right.url.host && left.url.port == right.url.port && left.url.isTLS == right.url.isTLS
                && left.proxy == right.proxy && left.caFile == right.caFile
                && left.allowsPrivate == right.allowsPrivate)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(url.host)
        hasher.combine(url.port)
        hasher.combine(url.isTLS)
    }
}

/// A provider as the hot path needs it: everything that can be worked out at load, worked out.
package final class ProviderPlan: Sendable {
    package let settings: ProviderSettings
    package let endpoint: UpstreamEndpoint
    package let dialect: Dialect
    package let health: ProviderHealth
    /// The last segment of the base URL's path; empty: there is none.
    let baseSegment: String
    let connectNanoseconds: Int64
    let firstByteNanoseconds: Int64

    init(settings: ProviderSettings, endpoint: UpstreamEndpoint, dialect: Dialect, health: ProviderHealth) {
        self.settings = settings
        self.endpoint = endpoint
        self.dialect = dialect
        self.health = health
        baseSegment = settings.baseURL.path.split(separator: "/").last.map(String.init) ?? ""
        connectNanoseconds = settings.timeouts.connect.nanoseconds
        firstByteNanoseconds = settings.timeouts.firstByte.nanoseconds
    }
}

/// One target with one of its provider's keys: what an attempt goes to.
package final class Candidate: Sendable {
    package let provider: ProviderPlan
    /// What the vendor is asked for; nil: the name the client asked for, less the wildcard's prefix.
    package let upstreamModel: String?
    package let keyID: String
    /// nil: none is known, or the model's name is only known with the request.
    package let price: Price?
    /// The request head's unchanging part: from behind the path on, every header but `content-length`, no blank line.
    package let requestHeaders: [UInt8]
    /// Path before the adapter's suffix.
    package let basePath: String
    /// Candidates of one target share it.
    package let target: Int
    /// Into the snapshot's `labels`.
    package let label: Int
    /// The prompt cache it is in front of: the same for the same provider, key and model in every process.
    let slot: UInt64
    /// Its part of the model's calls, and of its target's.
    let weight: Int
    let keyWeight: Int
    /// Other keys serve the same target.
    let sharesTarget: Bool
    /// Keeps what a vendor is told of tenants from being traced to them.
    let tenantSalt: UInt64

    init(
        provider: ProviderPlan, upstreamModel: String?, keyID: String, price: Price?, requestHeaders: [UInt8],
        target: Int, label: Int, slot: UInt64, weight: Int, keyWeight: Int, sharesTarget: Bool,
        tenantSalt: UInt64
    ) {
        self.provider = provider
        self.upstreamModel = upstreamModel
        self.keyID = keyID
        self.price = price
        self.requestHeaders = requestHeaders
        basePath = provider.settings.baseURL.path
        self.target = target
        self.label = label
        self.slot = slot
        self.weight = weight
        self.keyWeight = keyWeight
        self.sharesTarget = sharesTarget
        self.tenantSalt = tenantSalt
    }

    package var providerName: String { provider.settings.name }
}
