/// What `POST /moderations` answers: a category is flagged when its name is in the text.
enum Moderation {
    private static let categories = [
        "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm",
        "self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors", "violence", "violence/graphic",
    ]

    static func answer(to body: JSONTree, identifier: String) throws(RequestProblem) -> JSONTree {
        let inputs: [JSONTree]
        switch body["input"] {
        case .string(let text)?: inputs = [.string(text)]
        // Parts of one message are judged together, texts one by one.
        case .array(let elements)? where !elements.isEmpty:
            inputs = elements.contains { $0.members != nil } ? [.array(elements)] : elements
        default:
            throw RequestProblem(
                message: "Missing required parameter: 'input'.", parameter: "input", code: "missing_required_parameter")
        }
        return [
            "id": "modr-\(identifier)", "model": body["model"] ?? "omni-moderation-latest",
            "results": .array(inputs.map(result)),
        ]
    }

    private static func result(_ input: JSONTree) -> JSONTree {
        let text = (input.text ?? (input.elements ?? []).compactMap { $0["text"]?.text }.joined(separator: "\n"))
            .lowercased()
        let flags = categories.map { ($0, text.contains($0)) }
        func members(_ value: (Bool) -> JSONTree) -> JSONTree {
            .object(flags.map { JSONTree.Member($0.0, value($0.1)) })
        }
        return [
            "flagged": .bool(flags.contains { $0.1 }), "categories": members { .bool($0) },
            "category_scores": members { .number($0 ? "0.9" : "0.001") },
            "category_applied_input_types": members { _ in ["text"] },
        ]
    }
}
