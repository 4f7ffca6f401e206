import Identity

extension UpstreamURL {
    /// Why a text is no URL one may dial.
    enum TextError: Error, Equatable {
        case scheme, userInfo, host, port, path, query, characters

        /// What is wrong, without quoting: a URL may hold a secret.
        var message: String {
            switch self {
            case .scheme: "must begin with http:// or https://"
            case .userInfo: "must not carry a user or a password"
            case .host: "has no proper host"
            case .port: "has a port outside 1 to 65535"
            case .path: "has a path with empty or dot segments or a backslash"
            case .query: "must not have a query or a fragment"
            case .characters: "holds blanks, control characters or letters outside ASCII"
            }
        }
    }

    /// Takes `http(s)://host[:port][/path]` apart, strictly: what two readers could take for different hosts is refused.
    init(text: String) throws(TextError) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .characters }
        let lowered = text.lowercased()
        let isTLS = lowered.hasPrefix("https://")
        guard isTLS || lowered.hasPrefix("http://") else { throw .scheme }
        let rest = text.dropFirst(isTLS ? 8 : 7)
        let authority = rest.prefix { !"/?#\\".contains($0) }
        guard !authority.contains("@") else { throw .userInfo }
        let (host, port) = try Self.split(authority)
        let path = rest.dropFirst(authority.count)
        guard !path.contains("?"), !path.contains("#") else { throw .query }
        self.init(isTLS: isTLS, host: host, port: port ?? (isTLS ? 443 : 80), path: try Self.checked(path))
    }

    private static func split(_ authority: Substring) throws(TextError) -> (host: String, port: Int?) {
        guard let parts = HostPort.split(authority) else { throw .host }
        let host = parts.host.lowercased()
        guard HostPort.isHost(host) else { throw .host }
        guard let written = parts.port else { return (host, nil) }
        guard let port = HostPort.port(written), port > 0 else { throw .port }
        return (host, port)
    }

    private static func checked(_ path: Substring) throws(TextError) -> String {
        var path = path
        while path.last == "/" { path = path.dropLast() }
        guard !path.isEmpty else { return "" }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = segments.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.contains("\\") }
        guard path.first == "/", isPlain else { throw .path }
        return String(path)
    }

    /// As one would write it; the port only where it is not the scheme's own.
    var text: String {
        let shownHost = host.contains(":") ? "[\(host)]" : host
        let shownPort = port == (isTLS ? 443 : 80) ? "" : ":\(port)"
        return "\(isTLS ? "https" : "http")://\(shownHost)\(shownPort)\(path)"
    }

    /// True for a numeric address that is not on the public Internet, for `localhost`, and for a number that some
    /// resolvers take for an address (`127.1`, `0x7f000001`, `2130706433`). Names are judged when they are dialled.
    var isPrivateLiteral: Bool {
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        if let address = IPAddress(host) { return address.isPrivateOrLoopback }
        return HostPort.endsInNumber(host)
    }
}

/// `host:port` texts.
enum HostPort {
    /// An IPv6 address stands in brackets and comes without them; nil for anything ambiguous.
    static func split(_ text: Substring) -> (host: String, port: Substring?)? {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = String(text[text.index(after: text.startIndex)..<end])
            guard host.contains(":"), IPAddress(host) != nil else { return nil }
            let rest = text[text.index(after: end)...]
            guard !rest.isEmpty else { return (host, nil) }
            return rest.first == ":" ? (host, rest.dropFirst()) : nil
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let host = parts.first, !host.isEmpty else { return nil }
        return (String(host), parts.count == 2 ? parts[1] : nil)
    }

    /// 0…65535; nil for anything but digits.
    static func port(_ text: some StringProtocol) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(text), port <= 65535
        else { return nil }
        return port
    }

    /// A lower-case DNS name (underscores allowed, no trailing dot) or a numeric address without brackets.
    static func isHost(_ host: String) -> Bool {
        if host.contains(":") { return IPAddress(host) != nil }
        guard host.utf8.count <= 253 else { return false }
        return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            guard (1...63).contains(label.utf8.count), label.first != "-", label.last != "-" else { return false }
            return label.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
            }
        }
    }

    /// True where the last label is a number, decimal or hexadecimal: such a host is an address or a trick.
    static func endsInNumber(_ host: String) -> Bool {
        guard let last = host.split(separator: ".").last else { return false }
        if last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
        return last.hasPrefix("0x") && last.dropFirst(2).allSatisfy(\.isHexDigit)
    }
}
