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
        let fix = "write memory: or redis://:password@host:6379/0"
        guard let url = url(scalar, schemes: ["redis", "rediss"], fix: fix) else { return nil }
        guard url == "memory:" || Self.isRedis(url) else {
            error(scalar.place, "the URL has a user without a password, no number of a database, or too much", fix: fix)
            return nil
        }
        return url
    }

    /// Of `scheme://authority[/database]` with a good host: whether the rest is good too.
    private static func isRedis(_ url: String) -> Bool {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count > 2, !url.contains("?"), !url.contains("#") else { return false }
        let login = parts[2].lastIndex(of: "@").map { parts[2][..<$0] }
        let hasPassword = login.map { $0.contains(":") && !$0.hasSuffix(":") } ?? true
        let database = parts.count == 4 ? parts[3] : ""
        let isNumber = database.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return hasPassword && isNumber && (database.isEmpty || UInt32(database) != nil)
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
