import Gateway
import Identity
import NIOCore
import Pipeline

/// What the gateway reads from a client's HTTP/1.1 head.
extension HTTP1RequestHead {
    /// The path for messages; cut to 256 bytes.
    var shortPath: String { String(string(path).prefix(256)) }

    func withPathBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withBytes(of: path, body)
    }

    /// The key, wherever it stands; two different ones are a conflict.
    var credential: Credential {
        var found: KeyDigest?
        var isConflicting = false
        func take(_ bytes: UnsafeRawBufferPointer) {
            guard !bytes.isEmpty else { return }
            let digest = KeyDigest(ofKey: bytes)
            if let found, found != digest { isConflicting = true }
            found = digest
        }
        if let authorization {
            withBytes(of: authorization) { value in
                if let token = BearerToken.token(in: value) { take(token) }
            }
        }
        if let apiKey { withBytes(of: apiKey) { take($0) } }
        if let googleAPIKey { withBytes(of: googleAPIKey) { take($0) } }
        if let key = googleQueryKey { Array(key.utf8).withUnsafeBytes { take($0) } }
        if isConflicting { return .conflicting }
        return found.map { .key($0) } ?? .none
    }
}

extension HTTP1RequestHead {
    /// `?key=` of Gemini's paths; nil: there is none, or the path is another form's.
    private var googleQueryKey: String? {
        guard let query else { return nil }
        let isGoogle = withPathBytes { path in
            GeminiPath(path) != nil || String(decoding: path.prefix(8), as: UTF8.self) == "/v1beta/"
        }
        return isGoogle ? QueryKey.key(in: string(query)) : nil
    }

    /// What the head says besides its endpoint; nil: nothing.
    func detail(_ endpoint: Endpoint) -> RequestDetail? {
        if endpoint == .chatCompletions, !hasVendorFields { return nil }
        let vendorHeaders =
            hasVendorFields
            ? ClientHeaders(
                anthropicVersion: value(of: "anthropic-version"), anthropicBeta: values(of: "anthropic-beta"),
                openAIBeta: values(of: "openai-beta")) : nil
        return withPathBytes { path in
            RequestDetail.of(
                endpoint: endpoint, path: path, query: { query.map { string($0) } },
                contentType: { contentType.map { string($0) } }, headers: vendorHeaders,
                hasGoogleKey: googleAPIKey != nil)
        }
    }
}

/// A key in a query.
enum QueryKey {
    /// The value of `key`, percent-decoded; nil: there is none.
    static func key(in query: String) -> String? {
        for pair in query.split(separator: "&") where pair.hasPrefix("key=") {
            return PercentDecoding.decoded(pair.dropFirst(4))
        }
        return nil
    }
}

/// `Bearer` credentials (RFC 6750).
enum BearerToken {
    /// The bytes behind `Bearer `, whatever its case; nil for another scheme.
    static func token(in value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let scheme: StaticString = "bearer "
        let length = scheme.utf8CodeUnitCount
        guard value.count > length else { return nil }
        let matches = scheme.withUTF8Buffer { expected in
            expected.indices.allSatisfy { (value[$0] | 0x20) == (expected[$0] | 0x20) }
        }
        guard matches else { return nil }
        var rest = UnsafeRawBufferPointer(rebasing: value[length...])
        while rest.first == UInt8(ascii: " ") { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst()) }
        return rest
    }
}

/// `X-Forwarded-For` from proxies that are believed.
enum ForwardedFor {
    /// The last address that no trusted proxy wrote of itself; the peer where it is not trusted.
    static func client(peer: String, header: String, trusted: [CIDR]) -> String {
        func isTrusted(_ address: String) -> Bool { trusted.contains { $0.contains(address) } }
        guard isTrusted(peer) else { return peer }
        var client = peer
        for part in header.split(separator: ",").reversed() {
            client = String(part.drop { $0 == " " }.prefix { $0 != " " })
            if !isTrusted(client) { return client }
        }
        return client
    }
}
