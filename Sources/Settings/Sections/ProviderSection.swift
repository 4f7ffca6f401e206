/// `providers`
struct ProviderSection {
    let log: IssueLog
    let outbound: OutboundSettings
    let exclusions: ProxyExclusions
    private var names: SeenNames

    init(log: IssueLog, outbound: OutboundSettings) {
        self.log = log
        self.outbound = outbound
        exclusions = ProxyExclusions(environment: log.environment)
        names = SeenNames(what: "provider", log: log)
    }

    mutating func read(_ reader: MappingReader) -> ProviderSettings? {
        let name = reader.requiredText("name").flatMap { log.name($0) }
        if let name { names.note(name, place: reader.place(of: "name")) }
        reader.missing("kind", fix: "one of: \(ProviderKind.allCases.map(\.rawValue).joined(separator: ", "))")
        let kind: ProviderKind? = reader.scalar("kind").flatMap { log.choice($0) }
        var allowPrivate = false
        reader.read("allow_private", into: &allowPrivate, log.flag)
        let baseURL = baseURL(reader, kind: kind, allowPrivate: allowPrivate)

        // Read all the same when something above is wrong, so that every mistake is told of at once.
        let placeholder = UpstreamURL(isTLS: true, host: "invalid", port: 443, path: "")
        var provider = ProviderSettings(
            name: name ?? "", kind: kind ?? .openAICompatible, baseURL: baseURL ?? placeholder)
        provider.allowPrivate = allowPrivate || kind == .simulator
        provider.region = reader.text("region").flatMap { log.name($0) }
        provider.keys = keys(reader, kind: kind)
        provider.headers = headers(reader, hasKeys: !provider.keys.isEmpty)
        provider.apiVersion = reader.text("api_version").flatMap { log.name($0) }
        provider.caFile = reader.text("ca_file")?.text
        provider.proxy = reader.text("proxy").flatMap(log.proxyURL)
        if exclusions.contains(provider.baseURL) { provider.proxy = nil }
        readConnections(reader, into: &provider)
        readBounds(reader, into: &provider)
        return name == nil || kind == nil || baseURL == nil ? nil : provider
    }

    private func baseURL(_ reader: MappingReader, kind: ProviderKind?, allowPrivate: Bool) -> UpstreamURL? {
        guard let written = reader.text("base_url") else {
            guard let kind else { return nil }
            if kind.defaultBaseURL == nil, !reader.place(of: "base_url").isReported(in: log) {
                log.error(
                    reader.place, "`base_url` is missing or empty: the kind \(kind.rawValue) has no address of its own",
                    fix: "base_url: https://host/v1")
            }
            return kind.defaultBaseURL
        }
        guard let url = log.upstreamURL(written) else { return nil }
        guard url.isPrivateLiteral, kind != .simulator, !allowPrivate, !outbound.names(url) else { return url }
        log.error(
            written.place, "the host is private, loopback or an oddly written address",
            fix: "add `allow_private: true` to this provider if that is meant")
        return nil
    }

    private func keys(_ reader: MappingReader, kind: ProviderKind?) -> [ProviderKeySettings] {
        if kind?.needsKeys ?? true { reader.missing("keys", fix: "keys: [{id: main, value: \"${API_KEY}\"}]") }
        var index = 0
        var ids = SeenNames(what: "key", log: log)
        let keys: [ProviderKeySettings] = reader.sections("keys") { reader in
            index += 1
            let id = reader.text("id").flatMap { log.name($0) } ?? "key\(index)"
            ids.note(id, place: reader.has("id") ? reader.place(of: "id") : reader.place)
            let value = reader.requiredText("value", fix: "set the variable it comes from").flatMap(log.credential)
            var key = ProviderKeySettings(id: id, value: value ?? Secret(""))
            reader.read("weight", into: &key.weight) { log.integer($0, in: Bounds.keyWeight) }
            key.tier = reader.text("tier").flatMap { log.name($0) }
            key.scene = reader.text("scene").flatMap { log.name($0) }
            return value == nil ? nil : key
        }
        if index == 0, reader.has("keys"), kind?.needsKeys ?? true {
            log.error(reader.place(of: "keys"), "needs at least one key", fix: "[{id: main, value: \"${API_KEY}\"}]")
        }
        return keys
    }

    /// Headers that frame the message or that the gateway writes itself.
    private static let reservedHeaders: Set<String> = [
        "host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "te", "trailer",
        "upgrade",
        "expect", "accept-encoding", "proxy-connection", "proxy-authorization", "proxy-authenticate",
    ]
    private static let credentialHeaders: Set<String> = ["authorization", "x-api-key", "api-key", "x-goog-api-key"]

    private func headers(_ reader: MappingReader, hasKeys: Bool) -> [ProviderHeader] {
        var headers: [ProviderHeader] = []
        var seen = SeenNames(what: "header", log: log)
        reader.section("headers") { section in
            for (name, value) in section.allEntries() {
                guard let text = log.scalar(value) else { continue }
                let lowered = name.lowercased()
                if !HeaderText.isName(name) {
                    log.error(value.place, "is not a header's name", fix: "letters, digits and dashes")
                } else if Self.reservedHeaders.contains(lowered) {
                    log.error(value.place, "the gateway writes this header itself", fix: "remove it")
                } else if hasKeys, Self.credentialHeaders.contains(lowered) {
                    log.error(value.place, "would stand beside the provider's key", fix: "give the key under `keys`")
                } else if !HeaderText.isValue(text.text) {
                    log.error(value.place, "a header's value must be without control characters", fix: "write one line")
                } else {
                    seen.note(lowered, place: value.place)
                    headers.append(ProviderHeader(name: name, value: Secret(text.text)))
                }
            }
        }
        return headers
    }
}

extension OutboundSettings {
    /// True where `outbound.allow` names the URL's host, with or without its port.
    func names(_ url: UpstreamURL) -> Bool {
        allow.contains { $0 == url.host || $0 == "\(url.host):\(url.port)" }
    }
}

extension Place {
    /// True where something is already said to be wrong here.
    func isReported(in log: IssueLog) -> Bool {
        log.issues.contains { $0.severity == .error && $0.key == key && $0.file == file }
    }
}
