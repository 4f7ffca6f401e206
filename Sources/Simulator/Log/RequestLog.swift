import Synchronization

/// The last requests, for tests that look at what reached the vendor. Secrets are shown by their last characters only.
final class RequestLog: Sendable {
    struct Entry: Sendable {
        /// Counted from 1 since the start, not since the log was cleared.
        var number = 0
        let method: String
        let path: String
        let headers: [(name: String, value: String)]
        let body: String
    }

    private struct State {
        var entries: [Entry] = []
        var bytes = 0
        var count = 0
    }

    static let mostEntries = 100
    /// The bodies kept at most; the oldest requests go first.
    static let mostBytes = 67_108_864
    private static let secrets: Set<String> = [
        "authorization", "proxy-authorization", "x-api-key", "x-goog-api-key", "api-key", "cookie",
    ]

    private let state = Mutex(State())

    func add(_ entry: Entry) {
        state.withLock { state in
            state.count += 1
            var entry = entry
            entry.number = state.count
            state.entries.append(entry)
            state.bytes += entry.body.utf8.count
            while let oldest = state.entries.first,
                state.entries.count > Self.mostEntries || (state.bytes > Self.mostBytes && state.entries.count > 1)
            {
                state.bytes -= oldest.body.utf8.count
                state.entries.removeFirst()
            }
        }
    }

    func clear() {
        state.withLock {
            $0.entries = []
            $0.bytes = 0
        }
    }

    /// Oldest first.
    var entries: [Entry] { state.withLock { $0.entries } }

    var tree: JSONTree {
        let requests = entries.map { entry -> JSONTree in
            let headers = entry.headers.map { header in
                let isSecret = Self.secrets.contains(header.name)
                return JSONTree.Member(header.name, .string(isSecret ? Self.masked(header.value) : header.value))
            }
            return [
                "number": .int(entry.number), "method": .string(entry.method), "path": .string(entry.path),
                "headers": .object(headers), "body": .string(entry.body),
            ]
        }
        return ["requests": .array(requests)]
    }

    /// The path with the value of `key` in its query masked.
    static func masked(path: String) -> String {
        let halves = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return path }
        let pairs = halves[1].split(separator: "&", omittingEmptySubsequences: false).map { pair in
            pair.hasPrefix("key=") ? "key=\(masked(String(pair.dropFirst(4))))" : String(pair)
        }
        return "\(halves[0])?\(pairs.joined(separator: "&"))"
    }

    /// `Bearer …wxyz`; nothing of a secret that has no more than eight characters.
    static func masked(_ value: String) -> String {
        let words = value.split(separator: " ", maxSplits: 1)
        let scheme = words.count == 2 ? "\(words[0]) " : ""
        guard let secret = words.last, secret.count > 8 else { return scheme + "…" }
        return scheme + "…" + secret.suffix(4)
    }
}
