import Wire

extension JSONView {
    /// A member in either of the spellings the API takes.
    subscript(_ camel: StaticString, _ snake: StaticString) -> JSONView? { self[camel] ?? self[snake] }

    /// The members that are in none of `known`, whatever their spelling.
    func geminiOthers(than known: Set<String>, prefix: String = "") -> [OtherField] {
        members.filter { !known.contains(GeminiNames.camel($0.name)) }
            .map { OtherField(name: prefix + $0.name, value: $0.value.fragment) }
    }
}

/// Names of Gemini's fields.
enum GeminiNames {
    /// `max_output_tokens` becomes `maxOutputTokens`.
    static func camel(_ name: String) -> String {
        guard name.contains("_") else { return name }
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }
}
