/// What clients of each form call what stands within a message or a tool.
extension RequestForm {
    /// What a client of this form calls the thoughts in its history.
    var reasoningName: String {
        switch self {
        case .openAIChat: "messages.reasoning_content"
        case .openAIResponses: "input.reasoning"
        case .anthropicMessages: "messages.thinking"
        case .geminiGenerate: "contents.thought"
        }
    }

    /// What says that a tool's result is an error. OpenAI's forms have nothing that does.
    var resultErrorName: String {
        switch self {
        case .openAIChat, .openAIResponses, .anthropicMessages: messageField("is_error")
        case .geminiGenerate: "contents.functionResponse.response.error"
        }
    }

    /// The sources of a text in the history.
    var citationsName: String {
        switch self {
        case .openAIChat, .openAIResponses: messageField("annotations")
        case .anthropicMessages, .geminiGenerate: messageField("citations")
        }
    }

    /// A member of messages.
    func messageField(_ member: String) -> String {
        "\(ConversationField.messages.name(in: self)).\(member)"
    }

    /// A member of a function's definition.
    func functionField(_ member: String) -> String {
        switch self {
        case .openAIChat: "tools.function." + member
        case .openAIResponses, .anthropicMessages: "tools." + member
        case .geminiGenerate: "tools.functionDeclarations." + member
        }
    }
}
