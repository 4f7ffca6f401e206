/// What of a client's request a target did not get as it was said (`x-tokenrouter-fidelity`).
///
/// Names are the client's own, in its form's spelling, with the path of nested ones (`tools[2].input_examples` is said as
/// `tools.input_examples`: once, however many there are). In the order found; none twice.
package struct FidelityReport: Sendable, Equatable {
    /// The target cannot carry it, and the answer is made without it.
    package private(set) var dropped: [String] = []
    /// Carried in other words, which mean nearly the same.
    package private(set) var rewritten: [String] = []

    package init() {}

    package var isEmpty: Bool { dropped.isEmpty && rewritten.isEmpty }

    package mutating func drop(_ name: String) {
        if !dropped.contains(name) { dropped.append(name) }
    }

    package mutating func rewrite(_ name: String) {
        if !rewritten.contains(name) { rewritten.append(name) }
    }

    package mutating func drop(_ field: ConversationField, of form: RequestForm) { drop(field.name(in: form)) }

    package mutating func rewrite(_ field: ConversationField, of form: RequestForm) { rewrite(field.name(in: form)) }
}
