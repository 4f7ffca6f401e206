import FoundationEssentials

/// Where a Redis server is and how to log in: `redis://[[user]:password@]host[:port][/database]`.
package struct RedisURL: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    /// A name or a numeric address, without brackets.
    package let host: String
    package let port: UInt16
    /// nil: the server's default user.
    package let user: String?
    /// nil: nobody logs in.
    package let password: String?
    package let database: UInt32

    /// The text and what it holds may be secret: an error names the part, never the text.
    package enum TextError: Error, Equatable, CustomStringConvertible {
        /// `rediss:`, TLS.
        case tls
        case scheme
        case host
        case port
        case database
        /// A user without a password.
        case user
        /// A query or a fragment: nothing of the kind is known, and leaving it out would hide that.
        case excess

        package var description: String {
            switch self {
            case .tls: "TLS to Redis (rediss:) is not built"
            case .scheme: "the Redis URL does not begin with redis://"
            case .host: "the Redis URL has no proper host"
            case .port: "the Redis URL has no proper port"
            case .database: "the Redis URL's path is not the number of a database"
            case .user: "the Redis URL has a user without a password"
            case .excess: "the Redis URL has a query or a fragment"
            }
        }
    }

    package init(_ text: String) throws(TextError) {
        guard let parts = URLComponents(string: text) else { throw .host }
        switch parts.scheme?.lowercased() {
        case "redis": break
        case "rediss": throw .tls
        default: throw .scheme
        }
        guard parts.query == nil, parts.fragment == nil else { throw .excess }
        host = try Self.host(parts.host ?? "")
        guard let port = UInt16(exactly: parts.port ?? 6379), port > 0 else { throw .port }
        self.port = port
        user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        password = parts.password.flatMap { $0.isEmpty ? nil : $0 }
        guard user == nil || password != nil else { throw .user }
        database = try Self.database(parts.path)
    }

    private static func host(_ text: String) throws(TextError) -> String {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let bare = isBracketed ? String(text.dropFirst().dropLast()) : text
        // It goes to C, where a zero would end it.
        guard !bare.isEmpty, bare.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .host }
        return bare
    }

    private static func database(_ path: String) throws(TextError) -> UInt32 {
        let number = path.dropFirst()
        guard !number.isEmpty else { return 0 }
        guard number.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let database = UInt32(number) else {
            throw .database
        }
        return database
    }

    package var description: String { "redis://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)" }
    package var debugDescription: String { description }
}
