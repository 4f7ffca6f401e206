import Wire

/// Where the members of a whole answer, or of a chunk, stand; nil: absent or null.
struct ChatAnswerNodes {
    private(set) var id: Int?
    private(set) var model: Int?
    private(set) var created: Int?
    private(set) var choices: Int?
    private(set) var usage: Int?
    private(set) var serviceTier: Int?
    private var error: Int?
    private var object: Int?
    private var message: Int?
    private var code: Int?

    init(_ nodes: ChatNodes) {
        for (key, value) in nodes.members(0) {
            switch key {
            case .id: id = value
            case .model: model = value
            case .created: created = value
            case .choices: choices = value
            case .usage: usage = value
            case .serviceTier: serviceTier = value
            case .error: error = value
            case .object: object = value
            case .message: message = value
            case .code: code = value
            default: break
            }
        }
    }

    /// An error stands in an answer's place: OpenAI's `error`, the bare ones of older vLLM (`"object":"error"`), and
    /// DashScope's `code` with its `message`.
    func isError(_ nodes: ChatNodes) -> Bool {
        if error != nil { return true }
        guard usage == nil, choices.map(nodes.isEmpty) ?? true else { return false }
        if let object, nodes.means(object, "error") { return true }
        return code != nil && nodes.text(message) != nil
    }
}

/// Where the members of a choice stand; nil: absent or null.
struct ChatChoiceNodes {
    /// As given; nil: none was, or no whole number.
    private(set) var index: Int64?
    /// A chunk's `delta`; a whole answer's `message`, which some servers send in chunks too.
    private(set) var message: Int?
    private(set) var finishReason: Int?
    private(set) var logprobs: Int?
    private var error: Int?

    init(_ choice: Int, _ nodes: ChatNodes) {
        var whole: Int?
        for (key, value) in nodes.members(choice) {
            switch key {
            case .index: index = nodes.number(value)
            case .delta: message = value
            case .message: whole = value
            case .finishReason: finishReason = value
            case .logprobs: logprobs = value
            case .error: error = value
            default: break
            }
        }
        message = message ?? whole
    }

    /// The choice alone failed: routers of many vendors say it so.
    func isError(_ nodes: ChatNodes) -> Bool {
        error != nil || finishReason.map { nodes.means($0, "error") } == true
    }
}
