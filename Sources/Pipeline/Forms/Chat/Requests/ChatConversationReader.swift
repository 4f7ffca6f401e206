package import NIOCore
package import Wire

/// Reads a Chat Completions request (package openai 3.52.0, read 2026-11).
package enum ChatConversationReader {
    /// - Parameters:
    ///   - path: says nothing in this form.
    ///   - index: scratch.
    package static func read(
        _ body: ByteBuffer, path: PathParameters?, index: inout JSONIndex
    ) throws(ConversationError) -> Conversation {
        guard let root = JSONView(body, index: &index), root.isObject, let model = root["model"]?.string else {
            throw ConversationError("'model' must be a non-empty string that names a model.", param: "model")
        }
        var conversation = Conversation(form: .openAIChat, model: model, isStream: root["stream"]?.bool ?? false)
        conversation.tools = try ChatToolsReader.read(root)
        conversation.toolChoice = try ChatToolsReader.readChoice(root)
        conversation.allowsParallelToolCalls = root["parallel_tool_calls"]?.bool
        guard let messages = root["messages"] else {
            throw ConversationError("'messages' must be a non-empty array of message objects.", param: "messages")
        }
        for (position, message) in messages.elements.enumerated() {
            try read(message, position, into: &conversation)
        }
        ChatSettingsReader.read(root, into: &conversation)
        conversation.others += root.others(than: known)
        return conversation
    }

    private static let known: Set<String> = [
        "model", "messages", "stream", "stream_options", "tools", "tool_choice", "parallel_tool_calls", "functions",
        "function_call", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "seed",
        "frequency_penalty", "presence_penalty", "logit_bias", "logprobs", "top_logprobs", "n", "stop",
        "response_format", "reasoning_effort", "verbosity", "modalities", "audio", "service_tier", "metadata", "user",
        "safety_identifier", "prompt_cache_key", "store", "moderation",
    ]

    private static func read(
        _ message: JSONView, _ position: Int, into conversation: inout Conversation
    ) throws(ConversationError) {
        let reader = ChatMessageReader(position: position)
        switch message["role"]?.string {
        case "system" where conversation.messages.isEmpty, "developer" where conversation.messages.isEmpty:
            let role: Instruction.Role = message["role"]?.means("developer") == true ? .developer : .system
            for part in try reader.parts(of: message) {
                guard case .text(let text) = part.content else { continue }
                conversation.instructions.append(Instruction(role: role, text: text, cacheMark: part.cacheMark))
            }
        case "system": conversation.messages.append(try reader.message(.system, message))
        case "developer": conversation.messages.append(try reader.message(.developer, message))
        case "user": conversation.messages.append(try reader.message(.user, message))
        case "assistant": conversation.messages.append(try reader.assistant(message))
        case "tool", "function": conversation.messages.append(try reader.toolResult(message))
        default:
            throw ConversationError(
                "'messages[\(position)].role' must be system, developer, user, assistant or tool.",
                param: "messages[\(position)].role")
        }
    }
}
