import NIOCore
import Wire

/// Members of a chat request, each of the kind the form says: of another kind, the request is refused by the member's name.
extension JSONView {
    func flag(_ name: StaticString, _ path: String = "") throws(ConversationError) -> Bool? {
        guard let value = self[name] else { return nil }
        guard let flag = value.bool else { throw .mistyped(path + "\(name)", "true, false or null") }
        return flag
    }

    func number(_ name: StaticString) throws(ConversationError) -> JSONFragment? {
        guard let value = self[name] else { return nil }
        guard value.kind == .number else { throw .mistyped("\(name)", "a number") }
        return value.fragment
    }

    /// A whole number of at least `least`.
    func count(_ name: StaticString, least: Int64, _ path: String = "") throws(ConversationError) -> Int64? {
        guard let value = self[name] else { return nil }
        guard let count = value.int64, count >= least else {
            throw .mistyped(path + "\(name)", "a whole number of at least \(least)")
        }
        return count
    }

    func string(_ name: StaticString, _ path: String = "") throws(ConversationError) -> JSONText? {
        guard let value = self[name] else { return nil }
        guard let text = value.text else { throw .mistyped(path + "\(name)", "a string") }
        return text
    }

    /// An array's strings; none where there is no array.
    func strings(_ name: StaticString, _ path: String = "") throws(ConversationError) -> [JSONText] {
        guard let value = self[name] else { return [] }
        let elements = value.elements
        let texts = elements.compactMap(\.text)
        guard value.kind == .array, texts.count == elements.count else {
            throw .mistyped(path + "\(name)", "an array of strings")
        }
        return texts
    }

    func object(_ name: StaticString, _ path: String = "") throws(ConversationError) -> JSONView? {
        guard let value = self[name] else { return nil }
        guard value.isObject else { throw .mistyped(path + "\(name)", "an object") }
        return value
    }

    /// An array's values, each an object; none where there is no array.
    func objects(_ name: StaticString, _ path: String = "") throws(ConversationError) -> [JSONView] {
        guard let value = self[name] else { return [] }
        guard value.kind == .array else { throw .mistyped(path + "\(name)", "an array of objects") }
        let elements = value.elements
        if let place = elements.firstIndex(where: { !$0.isObject }) {
            throw .mistyped("\(path)\(name)[\(place)]", "an object")
        }
        return elements
    }

    var hasElements: Bool {
        kind == .array && index.count > node + 1 && index.span(node + 1).upperBound <= span.upperBound
    }

    /// An object's members whose names are none of `known`, nulls left out.
    func unknown(_ known: [StaticString]) -> [(name: String, value: JSONView)] {
        body.withUnsafeReadableBytes { bytes in
            var found: [(name: String, value: JSONView)] = []
            for (key, value) in index.members(of: node) where index.kind(of: value) != .null {
                guard !known.contains(where: { index.stringEquals(key, $0, in: bytes) }),
                    let name = index.string(key, in: bytes)
                else { continue }
                found.append((name, at(value)))
            }
            return found
        }
    }

    /// OpenAI's `prompt_cache_breakpoint`, or Qwen's `cache_control`.
    var chatCacheMark: CacheMark? {
        if let breakpoint = self["prompt_cache_breakpoint"] { return CacheMark(timeToLive: breakpoint["ttl"]?.text) }
        return self["cache_control"].map { CacheMark(timeToLive: $0["ttl"]?.text) }
    }
}

extension ConversationError {
    static func missing(_ name: String, _ what: String = "") -> ConversationError {
        ConversationError("'\(name)' is required\(what.isEmpty ? "" : ", " + what).", param: name)
    }
}
