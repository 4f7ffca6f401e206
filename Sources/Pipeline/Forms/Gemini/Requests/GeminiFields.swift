import NIOCore
import Wire

extension JSONView {
    /// A member in either of the spellings the API takes.
    subscript(_ camel: StaticString, _ snake: StaticString) -> JSONView? { self[camel] ?? self[snake] }

    /// The members that are in none of `known`, whatever their spelling: named in camel case.
    func geminiOthers(than known: FieldNames, prefix: String = "") -> [OtherField] {
        others(prefix: prefix, isKnown: known.containsCamelCase, name: GeminiNames.camel)
    }
}

/// Values of a request, refused by the names of their fields where they are of another kind.
extension JSONView {
    func string(named name: @autoclosure () -> String) throws(ConversationError) -> JSONText {
        guard let text else { throw .mistyped(name(), "a string") }
        return text
    }

    func nonEmptyString(named name: @autoclosure () -> String) throws(ConversationError) -> JSONText {
        guard let text, !text.isEmpty else { throw .mistyped(name(), "a non-empty string") }
        return text
    }

    func object(named name: @autoclosure () -> String) throws(ConversationError) -> JSONView {
        guard isObject else { throw .mistyped(name(), "an object") }
        return self
    }

    func list(named name: @autoclosure () -> String, of things: String) throws(ConversationError) -> [JSONView] {
        guard kind == .array else { throw .mistyped(name(), "an array of \(things)") }
        return elements
    }

    func flag(named name: @autoclosure () -> String) throws(ConversationError) -> Bool {
        guard let bool else { throw .mistyped(name(), "true or false") }
        return bool
    }

    func number(named name: @autoclosure () -> String) throws(ConversationError) -> JSONFragment {
        guard kind == .number else { throw .mistyped(name(), "a number") }
        return fragment
    }

    func whole(named name: @autoclosure () -> String) throws(ConversationError) -> Int64 {
        guard let int64 else { throw .mistyped(name(), "a whole number") }
        return int64
    }

    func count(named name: @autoclosure () -> String) throws(ConversationError) -> Int64 {
        guard let int64, int64 >= 1 else { throw .mistyped(name(), "a whole number of at least 1") }
        return int64
    }
}

/// Names of Gemini's fields.
enum GeminiNames {
    /// `max_output_tokens` becomes `maxOutputTokens`.
    static func camel(_ name: String) -> String {
        guard name.utf8.contains(UInt8(ascii: "_")) else { return name }
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }
}
