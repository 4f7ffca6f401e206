internal import FoundationEssentials
internal import Telemetry

/// Reads a query's parameters one by one, and at the end refuses those nobody asked for.
///
/// A parameter without a value counts as absent.
struct Query {
    private let parameters: [RequestTarget.Parameter]
    private var known: [String] = []

    /// Throws when a name stands twice.
    init(_ parameters: [RequestTarget.Parameter]) throws(APIError) {
        var names: Set<String> = []
        for parameter in parameters where !names.insert(parameter.name).inserted {
            throw .invalid("The parameter '\(parameter.name.prefix(64))' stands twice.", param: parameter.name)
        }
        self.parameters = parameters
    }

    /// Refuses parameters that were not read, by name.
    func finish() throws(APIError) {
        guard let stranger = parameters.first(where: { !known.contains($0.name) }) else { return }
        let name = String(stranger.name.prefix(64))
        let list = known.isEmpty ? "none is" : known.joined(separator: ", ")
        throw .invalid("The parameter '\(name)' is not known here; known: \(list).", param: name)
    }

    mutating func text(_ name: String) throws(APIError) -> String? {
        known.append(name)
        guard let value = parameters.first(where: { $0.name == name })?.value, !value.isEmpty else { return nil }
        guard value.utf8.count <= 500 else { throw .invalid("'\(name)' is longer than 500 bytes.", param: name) }
        return value
    }

    mutating func id(_ name: String) throws(APIError) -> UUID? {
        guard let text = try text(name) else { return nil }
        guard let id = UUID(uuidString: text) else { throw .invalid("'\(name)' must be an id.", param: name) }
        return id
    }

    /// How many items a page has: 1 to 1000, 100 unless said.
    mutating func limit() throws(APIError) -> Int {
        guard let text = try text("limit") else { return 100 }
        guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let limit = Int(text), (1...1_000).contains(limit)
        else {
            throw .invalid("'limit' must be a whole number from 1 to 1000.", param: "limit")
        }
        return limit
    }

    /// Microseconds since 1970 of an RFC 3339 moment or of a day, which stands for its beginning in UTC.
    mutating func moment(_ name: String) throws(APIError) -> Int64? {
        guard let text = try text(name) else { return nil }
        // An offset's plus sign, where it was sent unencoded, has become a space.
        let spellings = [text, text + "T00:00:00Z", String(text.dropLast(6)) + "+" + text.suffix(5)]
        for spelling in spellings {
            if let microseconds = UTCTime.microseconds(spelling) { return microseconds }
        }
        throw .invalid("'\(name)' must be an RFC 3339 moment such as 2027-01-31T00:00:00Z, or a day.", param: name)
    }
}
