/// Where a listener binds: a numeric address or a name, and a port; port 0 asks the kernel for a free one.
package struct ListenAddress: Sendable, Equatable {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// The listeners and the bounds of one process.
package struct ServerSettings: Sendable, Equatable {
    package var listen = ListenAddress(host: "127.0.0.1", port: 8080)
    package var control = ListenAddress(host: "127.0.0.1", port: 8081)
    /// A request body past it is answered 413.
    package var maxRequestBytes = 33_554_432
    /// A unary upstream body past it is answered 502.
    package var maxResponseBytes = 67_108_864
    /// Exchanges in flight; one more is answered 503 with `retry-after`.
    package var maxConcurrency = 20_000
    /// A whole unary exchange; streams are bound by `idleTimeout`.
    package var requestTimeout = Duration.seconds(600)
    /// Silence on a connection or a stream.
    package var idleTimeout = Duration.seconds(120)
    /// What running exchanges get to finish after SIGTERM.
    package var drainTimeout = Duration.seconds(30)
    /// CIDRs whose `X-Forwarded-For` counts.
    package var trustedProxies: [String] = []
    package var tls: ServerTLSSettings?

    package init() {}
}

/// The listener's certificate; paths to PEM files.
package struct ServerTLSSettings: Sendable, Equatable {
    package var certificate: String
    package var key: String
    /// Roots that client certificates must chain to; nil asks for none.
    package var clientCA: String?

    package init(certificate: String, key: String, clientCA: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientCA = clientCA
    }
}

/// The main store and the journal in front of it.
package struct StorageSettings: Sendable, Equatable {
    package var url = "sqlite:./data/tokenrouter.db"
    /// nil: `<database file>.journal.d` beside a SQLite file.
    package var journal: String?

    package init() {}
}

/// State shared by instances.
package struct SharedStateSettings: Sendable, Equatable {
    /// `memory:`, each instance for itself, or `redis://[[user]:password@]host[:port][/database]`.
    package var url = "memory:"

    package init() {}
}

/// The message bus between instances; only `memory:` is built.
package struct MessagingSettings: Sendable, Equatable {
    package var url = "memory:"

    package init() {}
}

/// Hosts that may be dialled besides the providers' own.
package struct OutboundSettings: Sendable, Equatable {
    /// `host` or `host:port`.
    package var allow: [String] = []

    package init() {}
}

/// Who may come in.
package struct AuthSettings: Sendable, Equatable {
    /// Empty: one is made at first start, printed once, stored hashed.
    package var adminKey = Secret("")
    /// A revoked key dies no later than this everywhere.
    package var cacheTTL = Duration.seconds(5)
    package var jwtIssuers: [JWTIssuerSettings] = []

    package init() {}
}

/// One issuer of JSON web tokens.
package struct JWTIssuerSettings: Sendable, Equatable {
    package var issuer: String
    package var jwksURL: String?
    package var audience: String?
    package var algorithms: [String] = []
    package var requiredScope: String?
    package var secret: Secret?
    /// Our name of a claim (`tenant`, `tenant_type`, `roles`, `scopes`) to the issuer's.
    package var claims: [String: String] = [:]

    package init(issuer: String) {
        self.issuer = issuer
    }
}

/// A text that must not be shown: its description is a mask.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The text itself; never log it.
    package let revealed: String

    package init(_ text: String) {
        revealed = text
    }

    package var isEmpty: Bool { revealed.isEmpty }
    package var description: String { revealed.isEmpty ? "" : "***" }
    package var debugDescription: String { description }
}
