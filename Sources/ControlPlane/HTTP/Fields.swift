internal import FoundationEssentials
internal import Metering
internal import Telemetry

/// Reads a JSON object's members one by one, and at the end refuses those nobody asked for.
///
/// A member that is null counts as absent.
struct Fields {
    private let members: [JSONMember]
    private var known: [String] = []

    init(_ members: [JSONMember]) { self.members = members }

    /// Refuses members that were not read, by name.
    func finish() throws(APIError) {
        guard let stranger = members.first(where: { !known.contains($0.name) }) else { return }
        let name = String(stranger.name.prefix(64))
        let list = known.isEmpty ? "none is" : known.joined(separator: ", ")
        throw .invalid("The field '\(name)' is not known here; known: \(list).", param: name)
    }

    /// Refuses an object in which no known member stands.
    func requireAny() throws(APIError) {
        guard !members.contains(where: { known.contains($0.name) && $0.value != .null }) else { return }
        throw .invalid("Nothing to change. Give at least one of: \(known.joined(separator: ", ")).")
    }

    private mutating func take(_ name: String) -> JSONValue? {
        known.append(name)
        guard let value = members.first(where: { $0.name == name })?.value, value != .null else { return nil }
        return value
    }

    static func missing(_ name: String) -> APIError { .invalid("The field '\(name)' is missing.", param: name) }

    private static func wrong(_ name: String, _ value: JSONValue, _ expected: String) -> APIError {
        .invalid("'\(name)' must be \(expected), not \(value.kind).", param: name)
    }
}

extension Fields {
    /// A text of 1 to `maximum` bytes that is not blank and has no control characters.
    mutating func text(_ name: String, maximum: Int = 200) throws(APIError) -> String? {
        guard let value = take(name) else { return nil }
        guard case .string(let text) = value else { throw Self.wrong(name, value, "a string") }
        return try Self.checked(text, name, maximum: maximum)
    }

    mutating func requiredText(_ name: String, maximum: Int = 200) throws(APIError) -> String {
        guard let text = try text(name, maximum: maximum) else { throw Self.missing(name) }
        return text
    }

    /// A list of such texts with at least one in it; `hint` says what leaving it out means.
    mutating func texts(_ name: String, hint: String) throws(APIError) -> [String]? {
        guard let value = take(name) else { return nil }
        guard case .array(let items) = value else { throw Self.wrong(name, value, "an array of strings") }
        guard !items.isEmpty else { throw .invalid("'\(name)' is empty. \(hint)", param: name) }
        guard items.count <= 1_000 else { throw .invalid("'\(name)' has more than 1000 entries.", param: name) }
        var texts: [String] = []
        for (index, item) in items.enumerated() {
            guard case .string(let text) = item else { throw Self.wrong("\(name)[\(index)]", item, "a string") }
            texts.append(try Self.checked(text, "\(name)[\(index)]", maximum: 200))
        }
        return texts
    }

    mutating func bool(_ name: String) throws(APIError) -> Bool? {
        guard let value = take(name) else { return nil }
        guard case .bool(let flag) = value else { throw Self.wrong(name, value, "true or false") }
        return flag
    }

    /// A whole number of at least 1.
    mutating func count(_ name: String) throws(APIError) -> Int? {
        guard let value = take(name) else { return nil }
        guard case .number(let spelling) = value else { throw Self.wrong(name, value, "a whole number") }
        guard let number = JSONNumber.integer(spelling), number >= 1, number <= 1_000_000_000_000 else {
            throw .invalid("'\(name)' must be a whole number from 1 to 1000000000000.", param: name)
        }
        return number
    }

    /// A moment in RFC 3339, in whole seconds since 1970.
    mutating func moment(_ name: String) throws(APIError) -> Int64? {
        guard let value = take(name) else { return nil }
        guard case .string(let text) = value, let microseconds = UTCTime.microseconds(text) else {
            throw .invalid("'\(name)' must be an RFC 3339 moment such as 2027-01-31T00:00:00Z.", param: name)
        }
        return microseconds / 1_000_000
    }

    /// An amount of USD that is not negative.
    mutating func money(_ name: String) throws(APIError) -> NanoUSD? {
        guard let text = try decimal(name) else { return nil }
        do throws(MoneyError) {
            let amount = try NanoUSD(decimal: text)
            guard amount >= .zero else { throw .negative }
            return amount
        } catch {
            throw Self.badMoney(error, name, digits: 9)
        }
    }

    /// USD per million tokens, as pico-USD a token.
    mutating func price(_ name: String) throws(APIError) -> Int64? {
        guard let text = try decimal(name) else { return nil }
        do {
            return try Price.picoUSDPerToken(perMillion: text)
        } catch {
            throw Self.badMoney(error, name, digits: 6)
        }
    }

    /// A decimal from a string or a number's spelling, without an exponent.
    private mutating func decimal(_ name: String) throws(APIError) -> String? {
        guard let value = take(name) else { return nil }
        switch value {
        case .string(let text): return text
        case .number(let spelling):
            guard let plain = JSONNumber.plainDecimal(spelling) else { throw Self.badMoney(.overflow, name, digits: 9) }
            return plain
        case .null, .bool, .array, .object: throw Self.wrong(name, value, "a decimal string or a number")
        }
    }

    private static func badMoney(_ error: MoneyError, _ name: String, digits: Int) -> APIError {
        switch error {
        case .negative: .invalid("'\(name)' must not be negative.", param: name)
        case .tooPrecise: .invalid("'\(name)' has more than \(digits) digits behind the point.", param: name)
        case .overflow: .invalid("'\(name)' is out of range.", param: name)
        case .notDecimal: .invalid("'\(name)' must be a decimal number of USD such as \"12.50\".", param: name)
        }
    }

    private static func checked(_ text: String, _ name: String, maximum: Int) throws(APIError) -> String {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw .invalid("'\(name)' must not be empty.", param: name)
        }
        guard text.utf8.count <= maximum else {
            throw .invalid("'\(name)' is longer than \(maximum) bytes.", param: name)
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) else {
            throw .invalid("'\(name)' must not hold control characters.", param: name)
        }
        return text
    }
}
