/// `storage`, `shared_state`, `messaging`: where state lives. Their URLs may hold passwords and are never quoted.
enum StorageSection {
    static func readStorage(_ reader: MappingReader, into storage: inout StorageSettings) {
        reader.read("url", into: &storage.url, reader.log.storageURL)
        reader.read("journal", into: &storage.journal, reader.log.path)
    }

    static func readSharedState(_ reader: MappingReader, into state: inout SharedStateSettings) {
        reader.read("url", into: &state.url, reader.log.sharedStateURL)
    }

    static func readMessaging(_ reader: MappingReader, into messaging: inout MessagingSettings) {
        reader.read("url", into: &messaging.url, reader.log.messagingURL)
    }
}

extension IssueLog {
    func storageURL(_ scalar: ScalarText) -> String? {
        let lowered = scalar.text.lowercased()
        if lowered.hasPrefix("postgres://") || lowered.hasPrefix("postgresql://") { return serverURL(scalar) }
        let fix = "write sqlite:PATH, such as sqlite:./data/tokenrouter.db"
        guard scalar.text.hasPrefix("sqlite:") else {
            error(scalar.place, "names a store that is not known", fix: fix)
            return nil
        }
        let path = scalar.text.dropFirst("sqlite:".count)
        guard !path.isEmpty, !path.hasPrefix("//"), !path.contains("\0") else {
            error(scalar.place, "has no proper path behind `sqlite:`", fix: fix)
            return nil
        }
        guard !path.hasPrefix(":memory:") else {
            error(scalar.place, "a database in memory loses the books with the process", fix: fix)
            return nil
        }
        return scalar.text
    }

    func sharedStateURL(_ scalar: ScalarText) -> String? {
        url(scalar, schemes: ["redis", "rediss"], fix: "write memory: or redis://host:6379/0")
    }

    func messagingURL(_ scalar: ScalarText) -> String? {
        url(scalar, schemes: ["nats", "tls"], fix: "write memory: or nats://host:4222")
    }

    func path(_ scalar: ScalarText) -> String? {
        guard !scalar.text.isEmpty, !scalar.text.contains("\0") else {
            error(scalar.place, "is not a path")
            return nil
        }
        return scalar.text
    }

    private func url(_ scalar: ScalarText, schemes: [String], fix: String) -> String? {
        if scalar.text == "memory:" || scalar.text == "memory" { return "memory:" }
        let lowered = scalar.text.lowercased()
        guard schemes.contains(where: { lowered.hasPrefix("\($0)://") }) else {
            error(scalar.place, "names a server of a kind that is not known", fix: fix)
            return nil
        }
        return serverURL(scalar)
    }

    /// `scheme://[user[:password]@]host[:port][/…]`
    private func serverURL(_ scalar: ScalarText) -> String? {
        let rest = scalar.text.unicodeScalars.drop { $0 != ":" }.dropFirst(3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let behindUser = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard let parts = HostPort.split(Substring(String(behindUser))), HostPort.isHost(parts.host.lowercased()),
            parts.port.map({ HostPort.port($0) != nil }) ?? true
        else {
            error(scalar.place, "the URL has no proper host and port")
            return nil
        }
        return scalar.text
    }
}
