/// A chat request of any form, as far as the answer depends on it.
struct SimulatedRequest: Sendable {
    enum ToolChoice: Sendable, Equatable {
        case none
        /// Calls the tools whose names the user's last text mentions.
        case auto
        /// As `auto`, but the first tool when none is mentioned.
        case required
        case named(String)
    }

    enum ResponseFormat: Sendable, Equatable {
        case text
        case jsonObject
        case jsonSchema(JSONTree)
    }

    struct Tool: Sendable, Equatable {
        let name: String
        /// Null when the tool has none.
        let schema: JSONTree
    }

    /// As the client wrote it, directives included: answers repeat it.
    var model = ""
    /// Without directives.
    var baseModel = ""
    var directives = RequestDirectives()
    var streams = false
    var includesUsage = false
    /// nil: no limit.
    var maxTokens: Int?
    var choices = 1
    var stops: [String] = []
    var tools: [Tool] = []
    var toolChoice = ToolChoice.auto
    var allowsParallelTools = true
    var responseFormat = ResponseFormat.text
    /// The request's own parameters ask for thoughts.
    var asksThinking = false
    /// False: the thoughts are billed, but the client does not see them.
    var showsThinking = true
    /// Sealed thoughts are part of the answer.
    var sealsThinking = true
    /// The text of the last turn of the user that has one; empty when there is none.
    var lastUserText = ""
    /// The results at the end of the conversation; empty when it does not end with results.
    var toolResults: [String] = []
    /// What the vendor renders, in its order.
    var prompt: [PromptBlock] = []
    /// The request's members, for forms that repeat them in the answer.
    var echoed: [JSONTree.Member] = []
    /// What the request itself keeps apart in the cache.
    var cachePartition = ""
    /// The conversation ends, so far, with text of the user.
    private var endsWithUserText = false
}

extension SimulatedRequest {
    /// The model thinks before it answers.
    var thinks: Bool { asksThinking || isToldToThink }

    /// A directive wants thoughts, whatever the parameters say.
    var isToldToThink: Bool { directives.thinks || directives.redactsThinking || directives.reasoningTokens > 0 }

    /// Notes what the user says. Neighbouring messages are one turn, as some forms merge them; text after results of
    /// tools makes it a question again.
    mutating func hear(user text: String) {
        toolResults = []
        guard !text.isEmpty else { return }
        lastUserText = endsWithUserText ? "\(lastUserText)\n\(text)" : text
        endsWithUserText = true
    }

    mutating func hear(result text: String) {
        toolResults.append(text)
        endsWithUserText = false
    }

    /// Notes that somebody else than the user or a tool spoke.
    mutating func hearOther() {
        toolResults = []
        endsWithUserText = false
    }
}

/// Why a request is refused, for any form of error.
struct RequestProblem: Error, Equatable {
    var status = 400
    let message: String
    /// The field to blame; nil when it is the whole body.
    var parameter: String?
    /// OpenAI's `code`; nil: null.
    var code: String?
}

extension SimulatedRequest {
    /// A message costs this many tokens besides its content.
    static let messageFraming = 3
    /// An image, a sound or a file costs this much, whatever its size.
    static let mediaTokens = 256

    /// The parts that the forms with a model in the body share: the model and its directives, streaming.
    init(body: JSONTree, header: String?) throws(RequestProblem) {
        guard body.members != nil else { throw RequestProblem(message: "The body must be a JSON object.") }
        guard let model = body["model"]?.text, !model.isEmpty else {
            throw RequestProblem(message: "You must provide a model parameter.", parameter: "model")
        }
        try self.init(model: model, header: header)
        switch body["stream"] {
        case nil, .null: break
        case .bool(let flag): streams = flag
        default: throw RequestProblem(message: "'stream' must be a boolean.", parameter: "stream")
        }
    }

    /// A request that has only its model yet.
    init(model: String, header: String?) throws(RequestProblem) {
        self.model = model
        do {
            (baseModel, directives) = try RequestDirectives.parse(model: model, header: header)
        } catch {
            throw RequestProblem(message: "Unknown simulator directive '\(error.word)'.", parameter: "model")
        }
    }

    /// A limit on tokens; nil when absent or null.
    static func limit(_ name: String, in body: JSONTree, atLeast least: Int) throws(RequestProblem) -> Int? {
        guard let value = body[name], !value.isNull else { return nil }
        guard let limit = value.integer, limit >= least else {
            throw RequestProblem(message: "'\(name)' must be an integer of at least \(least).", parameter: name)
        }
        return limit
    }

    /// `messages`, which must not be empty.
    static func messages(of body: JSONTree) throws(RequestProblem) -> [JSONTree] {
        guard let messages = body["messages"]?.elements, !messages.isEmpty else {
            throw RequestProblem(
                message: "'messages' must be an array with at least one message.", parameter: "messages")
        }
        return messages
    }
}
