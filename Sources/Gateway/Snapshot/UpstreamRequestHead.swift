internal import Pipeline
internal import Settings

/// The part of an upstream request's head that is the same for every request with one key: worked out once, at load.
enum UpstreamRequestHead {
    /// ` HTTP/1.1`, then every header but `content-type`, `content-length` and `accept`, each line ended; no blank line.
    ///
    /// Settings has refused names and values that could break a line.
    static func headers(for provider: ProviderPlan, key: ProviderKeySettings) -> [UInt8] {
        var text = " HTTP/1.1\r\n"
        for (name, value) in fields(for: provider, key: key) { text += "\(name): \(value)\r\n" }
        return Array(text.utf8)
    }

    /// The same as pairs, names in lower case, for HTTP/2; `host` first.
    static func fields(for provider: ProviderPlan, key: ProviderKeySettings) -> [(name: String, value: String)] {
        var fields = [
            ("host", authority(of: provider.settings.baseURL)), ("user-agent", "tokenrouter"),
        ]
        if !key.value.isEmpty {
            switch provider.dialect.authorization {
            case .bearer: fields.append(("authorization", "Bearer \(key.value.revealed)"))
            case .header(let name): fields.append((name, key.value.revealed))
            }
        }
        for header in provider.settings.headers {
            let name = header.name.lowercased()
            fields.removeAll { $0.0 == name && name != "host" }
            if name != "host" { fields.append((name, header.value.revealed)) }
        }
        return fields.map { (name: $0.0, value: $0.1) }
    }

    /// `host` or `host:port`, IPv6 in brackets; the scheme's own port is left out.
    static func authority(of url: UpstreamURL) -> String {
        let host = url.host.contains(":") ? "[\(url.host)]" : url.host
        return url.port == (url.isTLS ? 443 : 80) ? host : "\(host):\(url.port)"
    }
}
