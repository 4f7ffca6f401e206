package import NIOCore
package import Wire

/// Reads a Chat Completions request (package openai 3.52.0, read 2026-11), with what vendors of the form add to it where
/// other forms can say the same: thoughts in the history, and how much to think.
package enum ChatConversationReader {
    /// - Parameters:
    ///   - path: says nothing in this form.
    ///   - isIndexed: `index` holds the body's index already.
    ///   - index: scratch otherwise; holds it afterwards.
    package static func read(
        _ body: ByteBuffer, path: PathParameters?, isIndexed: Bool = false, index: inout JSONIndex
    ) throws(ConversationError) -> Conversation {
        guard let root = JSONView(body, isIndexed: isIndexed, index: &index), root.isObject else {
            throw ConversationError("The request body must be a JSON object.")
        }
        guard let model = root["model"]?.string, !model.isEmpty else {
            throw ConversationError("'model' must be a non-empty string that names a model.", param: "model")
        }
        var conversation = Conversation(
            form: .openAIChat, model: model, isStream: try root.flag("stream") ?? false)
        try ChatToolsReader.read(root, into: &conversation)
        try readMessages(root, into: &conversation)
        try ChatSettingsReader.read(root, into: &conversation)
        for (name, value) in root.unknown(members) { conversation.note(name, value) }
        return conversation
    }

    private static let members: [StaticString] = [
        "model", "messages", "stream", "stream_options", "tools", "tool_choice", "parallel_tool_calls", "functions",
        "function_call", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "seed",
        "frequency_penalty", "presence_penalty", "logit_bias", "logprobs", "top_logprobs", "n", "stop",
        "response_format", "reasoning_effort", "reasoning", "thinking", "enable_thinking", "thinking_budget",
        "verbosity",
        "modalities", "audio", "service_tier", "metadata", "user", "safety_identifier", "prompt_cache_key", "store",
        "moderation",
    ]

    private static func readMessages(
        _ root: JSONView, into conversation: inout Conversation
    ) throws(ConversationError) {
        guard let messages = root["messages"], messages.kind == .array, messages.hasElements else {
            throw ConversationError("'messages' must be a non-empty array of message objects.", param: "messages")
        }
        var reader = ChatMessageReader()
        for message in messages.elements { try reader.read(message, into: &conversation) }
    }
}

extension Conversation {
    /// A member that the model has no place for: once for each name.
    mutating func note(_ name: String, _ value: JSONView) {
        guard !others.contains(where: { $0.name == name }) else { return }
        others.append(OtherField(name: name, value: value.fragment))
    }
}
