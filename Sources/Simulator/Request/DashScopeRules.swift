/// A request of DashScope's own API: `{model, input, parameters}`. The vendor passes over much that it does not know; here it is
/// refused, so that what goes into the wrong place is found.
struct DashScopeBody: Sendable {
    let input: JSONTree
    let parameters: JSONTree

    /// - Parameters:
    ///   - inputs: the names that `input` may have.
    ///   - parameters: the names that `parameters` may have.
    init(_ body: JSONTree, inputs: Set<String>, parameters names: Set<String>) throws(RequestProblem) {
        try Self.check(body, ["model", "input", "parameters"], at: "")
        guard let input = body["input"], input.members != nil else { throw .inDashScope("Field required: input") }
        self.input = input
        parameters = body["parameters"] ?? .object([])
        guard parameters.members != nil else { throw .inDashScope("parameters must be an object") }
        try Self.check(input, inputs, at: "input.")
        try Self.check(parameters, names, at: "parameters.")
    }

    private static func check(_ tree: JSONTree, _ known: Set<String>, at path: String) throws(RequestProblem) {
        for member in tree.members ?? [] where !known.contains(member.name) {
            throw .inDashScope("\(path)\(member.name) is not known here")
        }
    }

    /// A whole number of `parameters`; nil: it is not there.
    func number(_ name: String, in range: ClosedRange<Int>) throws(RequestProblem) -> Int? {
        guard let value = parameters[name] else { return nil }
        guard let number = value.integer, range.contains(number) else {
            throw .inDashScope("\(name) must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func checkFlag(_ name: String) throws(RequestProblem) {
        if let value = parameters[name], value.flag == nil { throw .inDashScope("\(name) must be true or false") }
    }

    /// A text of `input` that must be there.
    func text(_ name: String) throws(RequestProblem) -> String {
        guard let text = input[name]?.text, !text.isEmpty else { throw .inDashScope("Field required: input.\(name)") }
        return text
    }

    /// How fast a text is spoken: from half to twice as fast as usual.
    static func checkRate(_ value: JSONTree?) throws(RequestProblem) {
        guard let value else { return }
        guard case .number(let digits) = value, let rate = Double(digits), (0.5...2).contains(rate) else {
            throw .inDashScope("the rate must be from 0.5 to 2")
        }
    }
}

extension RequestProblem {
    static func inDashScope(_ message: String) -> RequestProblem {
        RequestProblem(message: "<400> InternalError.Algo.InvalidParameter: \(message).")
    }
}
