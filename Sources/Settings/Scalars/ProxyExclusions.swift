import Identity

/// The environment's `no_proxy` (or `NO_PROXY`): hosts that are dialled directly.
///
/// Entries are parted by commas or blanks: `*`, a name (it and all below it; a leading dot or `*.` changes nothing), a
/// numeric address, a CIDR; a name or address may carry a port. The lower-case variable goes first, as curl has it.
struct ProxyExclusions {
    private let entries: [String]

    init(environment: [String: String]) {
        let text = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        entries = text.lowercased().split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    func contains(_ url: UpstreamURL) -> Bool {
        entries.contains { Self.matches($0, url) }
    }

    private static func matches(_ entry: String, _ url: UpstreamURL) -> Bool {
        if entry == "*" { return true }
        if let range = CIDR(entry) { return range.contains(url.host) }
        guard let parts = HostPort.split(entry[...]) else { return false }
        if let port = parts.port, HostPort.port(port) != url.port { return false }
        if let address = IPAddress(parts.host) { return IPAddress(url.host) == address }
        let name = parts.host.drop { $0 == "*" || $0 == "." }
        return !name.isEmpty && (url.host == name || url.host.hasSuffix(".\(name)"))
    }
}
