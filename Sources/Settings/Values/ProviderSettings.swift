/// What kind of vendor stands behind a provider: it picks the adapter and the well-known base URL.
package enum ProviderKind: String, Sendable, CaseIterable {
    case openai
    case anthropic
    case gemini
    case deepseek
    case qwen
    case doubao
    case azureOpenAI = "azure-openai"
    case openAICompatible = "openai-compatible"
    case photoroom
    case claid
    case httpJob = "http-job"
    case simulator
}

/// One upstream vendor account, or one server of one's own.
package struct ProviderSettings: Sendable, Equatable {
    package var name: String
    package var kind: ProviderKind
    /// Checked: `http` or `https`, a host, no query. With its version segment, without a trailing slash.
    package var baseURL: UpstreamURL
    package var region: String?
    /// Empty only for `simulator`.
    package var keys: [ProviderKeySettings] = []
    package var timeouts = ProviderTimeouts()
    package var pool = ProviderPoolSettings()
    /// Added to each request, in the order of the file.
    package var headers: [ProviderHeader] = []
    package var apiVersion: String?
    /// `http://host:port` of a CONNECT proxy; nil: direct. `NO_PROXY` has already been applied.
    package var proxy: UpstreamURL?
    /// A PEM file of roots trusted besides the system's.
    package var caFile: String?
    package var limits: ProviderLimits?
    package var breaker = BreakerSettings()
    package var health: ProviderHealthSettings?
    package var allowPrivate = false

    package init(name: String, kind: ProviderKind, baseURL: UpstreamURL) {
        self.name = name
        self.kind = kind
        self.baseURL = baseURL
    }
}

/// A URL taken apart once, at load.
package struct UpstreamURL: Sendable, Hashable {
    package var isTLS: Bool
    /// A name or a numeric address, IPv6 without brackets, lower case.
    package var host: String
    package var port: Int
    /// Empty or beginning with `/`, without a trailing `/`.
    package var path: String

    package init(isTLS: Bool, host: String, port: Int, path: String) {
        self.isTLS = isTLS
        self.host = host
        self.port = port
        self.path = path
    }
}

/// One of a provider's API keys.
package struct ProviderKeySettings: Sendable, Equatable {
    package var id: String
    package var value: Secret
    package var weight = 1
    package var tier: String?
    package var scene: String?

    package init(id: String, value: Secret) {
        self.id = id
        self.value = value
    }
}

/// A header that a provider wants with each request.
package struct ProviderHeader: Sendable, Equatable {
    package var name: String
    package var value: Secret

    package init(name: String, value: Secret) {
        self.name = name
        self.value = value
    }
}

package struct ProviderTimeouts: Sendable, Equatable {
    /// TCP, proxy and TLS handshakes together.
    package var connect = Duration.seconds(5)
    /// From the request's last byte to the response head.
    package var firstByte = Duration.seconds(120)

    package init() {}
}

package struct ProviderPoolSettings: Sendable, Equatable {
    /// Per event loop; 0: no cap.
    package var maxConnections = 0
    package var idleTimeout = Duration.seconds(90)

    package init() {}
}

/// nil members: no limit.
package struct ProviderLimits: Sendable, Equatable {
    package var requestsPerSecond: Int?
    package var tokensPerDay: Int?
    package var concurrency: Int?

    package init() {}
}

/// When a circuit breaker opens and how it closes again.
package struct BreakerSettings: Sendable, Equatable {
    package var window = Duration.seconds(10)
    package var buckets = 10
    /// 0…1; opens when more than this share of a window's requests failed.
    package var failureRatio = 0.5
    package var minimumRequests = 20
    /// The first open period; doubles up to `openForMax`.
    package var openFor = Duration.seconds(1)
    package var openForMax = Duration.seconds(30)
    package var halfOpenSuccesses = 3

    package init() {}
}

package struct ProviderHealthSettings: Sendable, Equatable {
    package var path: String
    package var interval = Duration.seconds(10)
    package var timeout = Duration.milliseconds(500)

    package init(path: String) {
        self.path = path
    }
}
