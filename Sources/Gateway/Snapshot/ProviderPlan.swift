package import Metering
package import Pipeline
package import Settings

/// How to reach one upstream host: what two providers must share for their connections to be interchangeable.
package struct UpstreamEndpoint: Sendable, Hashable {
    package var url: UpstreamURL
    package var proxy: UpstreamURL?
    package var caFile: String?
    /// False: addresses in private, loopback or link-local ranges are refused after the name is resolved.
    package var allowsPrivate: Bool
    package var connectTimeout: Duration
    package var idleTimeout: Duration
    /// Per event loop; 0: no cap.
    package var maximumConnections: Int

    package static func == (left: UpstreamEndpoint, right: UpstreamEndpoint) -> Bool {
        left.url.host == right.url.host && left.url.port == right.url.port && left.url.isTLS == right.url.isTLS
            && left.proxy == right.proxy && left.caFile == right.caFile && left.allowsPrivate == right.allowsPrivate
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(url.host)
        hasher.combine(url.port)
        hasher.combine(url.isTLS)
    }
}

/// A provider as the hot path needs it: everything that can be worked out at load, worked out.
package struct ProviderPlan: Sendable {
    package var settings: ProviderSettings
    package var endpoint: UpstreamEndpoint
    package var dialect: Dialect
    package var health: ProviderHealth
}

/// One target with one of its provider's keys: what an attempt goes to.
package struct Candidate: Sendable {
    /// Into `GatewaySnapshot.providers`.
    package var provider: Int
    package var providerName: String
    /// What the vendor is asked for; nil: the name the client asked for, less the wildcard's prefix.
    package var upstreamModel: String?
    package var keyID: String
    /// nil: none is known, or the model's name is only known with the request.
    package var price: Price?
    /// The request head's unchanging part: from the path's end on, every header but `content-length`, without the blank line.
    package var requestHeaders: [UInt8]
    /// Path before the adapter's suffix.
    package var basePath: String
    /// Candidates of one target share it.
    package var target: Int
    /// Into the metrics and answer headers of the data plane.
    package var label: Int
}
