import Identity

/// Readers of addresses and URLs; messages never quote a URL, for it may hold a password.
extension IssueLog {
    func upstreamURL(_ scalar: ScalarText) -> UpstreamURL? {
        do throws(UpstreamURL.TextError) {
            return try UpstreamURL(text: scalar.text)
        } catch {
            self.error(scalar.place, "the URL \(error.message)", fix: "https://host/path")
            return nil
        }
    }

    /// `http://host:port`, or `host:port` as some write it.
    func proxyURL(_ scalar: ScalarText) -> UpstreamURL? {
        let text = scalar.text.contains("://") ? scalar.text : "http://\(scalar.text)"
        do throws(UpstreamURL.TextError) {
            let url = try UpstreamURL(text: text)
            guard !url.isTLS, url.path.isEmpty else { throw url.isTLS ? .scheme : .path }
            return url
        } catch {
            let message = error == .scheme ? "must begin with http://" : error.message
            self.error(scalar.place, "the proxy's URL \(message)", fix: "http://host:port")
            return nil
        }
    }

    /// A URL whose host is not dialled on the hot path and that may have a query: JWKS, OTLP, webhooks.
    func webURL(_ scalar: ScalarText) -> String? {
        let withoutQuery = String(scalar.text.prefix { $0 != "?" })
        do throws(UpstreamURL.TextError) {
            _ = try UpstreamURL(text: withoutQuery)
        } catch {
            self.error(scalar.place, "the URL \(error.message)", fix: "https://host/path")
            return nil
        }
        return scalar.text
    }

    func listenAddress(_ scalar: ScalarText) -> ListenAddress? {
        guard let parts = HostPort.split(scalar.text[...]), let written = parts.port,
            HostPort.isHost(parts.host.lowercased())
        else {
            error(
                scalar.place, "\(scalar.quoted)is not host:port",
                fix: "127.0.0.1:8080, or 0.0.0.0:8080 for every address")
            return nil
        }
        guard let port = HostPort.port(written) else {
            error(scalar.place, "\(scalar.quoted)has a port outside 0 to 65535")
            return nil
        }
        return ListenAddress(host: parts.host, port: port)
    }

    /// `host` or `host:port`, lower case; an IPv6 address comes without brackets.
    func allowedHost(_ scalar: ScalarText) -> String? {
        let text = scalar.text.lowercased()
        if IPAddress(text) != nil { return text }
        guard !text.contains("/"), let parts = HostPort.split(text[...]), HostPort.isHost(parts.host) else {
            error(
                scalar.place, "\(scalar.quoted)is neither host nor host:port", fix: "no scheme, no path: id.example.com"
            )
            return nil
        }
        guard let written = parts.port else { return parts.host }
        guard let port = HostPort.port(written), port > 0 else {
            error(scalar.place, "\(scalar.quoted)has a port outside 1 to 65535")
            return nil
        }
        return "\(parts.host):\(port)"
    }

    func addressRange(_ scalar: ScalarText) -> String? {
        guard CIDR(scalar.text) != nil else {
            error(scalar.place, "\(scalar.quoted)is not an address range", fix: "10.0.0.0/8, or one address")
            return nil
        }
        return scalar.text
    }
}

/// Readers of names and header texts.
extension IssueLog {
    /// Printable text without blanks: names that end up in logs, metrics and URLs.
    func name(_ scalar: ScalarText, limit: Int = 128) -> String? {
        let isPlain = scalar.text.unicodeScalars.allSatisfy { $0.value > 0x20 && !(0x7F...0xA0).contains($0.value) }
        guard isPlain, scalar.text.utf8.count <= limit else {
            error(scalar.place, "must be at most \(limit) bytes without blanks and control characters")
            return nil
        }
        return scalar.text
    }

    /// A text that goes into a header, such as a key; never quoted.
    func credential(_ scalar: ScalarText) -> Secret? {
        guard scalar.text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            error(
                scalar.place, "holds blanks, control characters or letters outside ASCII",
                fix: "look for a line break or quotes around the key")
            return nil
        }
        return Secret(scalar.text)
    }
}
