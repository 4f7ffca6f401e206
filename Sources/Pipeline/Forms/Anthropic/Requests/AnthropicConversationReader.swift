package import NIOCore
package import Wire

/// Reads a Messages request (package anthropic 2.11.0, read 2026-11).
package enum AnthropicConversationReader {
    /// - Parameters:
    ///   - path: says nothing in this form.
    ///   - isIndexed: `index` holds the body's index already.
    ///   - index: scratch.
    package static func read(
        _ body: ByteBuffer, path: PathParameters?, isCount: Bool = false, isIndexed: Bool = false,
        index: inout JSONIndex
    ) throws(ConversationError) -> Conversation {
        guard let root = JSONView(body, isIndexed: isIndexed, index: &index), root.isObject, let model = root["model"]?.string else {
            throw ConversationError("'model' must be a non-empty string that names a model.", param: "model")
        }
        guard root["thread"] == nil else {
            throw ConversationError(
                "thread_unsupported_request: this model's target keeps no threads. Send the whole history in 'messages'.",
                param: "thread")
        }
        var conversation = Conversation(
            form: .anthropicMessages, model: model, isStream: root["stream"]?.bool ?? false)
        conversation.tools = try readTools(root["tools"])
        try readToolChoice(root["tool_choice"], into: &conversation)
        conversation.instructions = readSystem(root["system"])
        guard let messages = root["messages"] else {
            throw ConversationError("'messages' must be a non-empty array of message objects.", param: "messages")
        }
        for (position, message) in messages.elements.enumerated() {
            conversation.messages.append(try AnthropicMessageReader(position: position).read(message))
        }
        AnthropicSettingsReader.read(root, into: &conversation)
        conversation.others += root.others(than: known)
        return conversation
    }

    private static let known: FieldNames = [
        "model", "messages", "system", "tools", "tool_choice", "stream", "max_tokens", "temperature", "top_p", "top_k",
        "stop_sequences", "thinking", "output_config", "metadata", "service_tier", "cache_control",
    ]

    private static let knownOfTool: FieldNames = [
        "type", "name", "description", "input_schema", "strict", "cache_control",
    ]

    private static func readSystem(_ system: JSONView?) -> [Instruction] {
        guard let system else { return [] }
        if let text = system.text { return text.isEmpty ? [] : [Instruction(text: text)] }
        return system.elements.compactMap { block in
            block["text"]?.text.map { Instruction(text: $0, cacheMark: block.cacheMark) }
        }
    }

    private static func readTools(_ tools: JSONView?) throws(ConversationError) -> [ToolDefinition] {
        let tools = tools?.elements ?? []
        var result: [ToolDefinition] = []
        result.reserveCapacity(tools.count)
        for (position, tool) in tools.enumerated() {
            if let type = tool["type"]?.string, type != "custom" {
                let name = tool["name"]?.text ?? JSONText.empty
                result.append(
                    ToolDefinition(.hosted(tool.fragment, type: type), name: name, cacheMark: tool.cacheMark))
                continue
            }
            guard let name = tool["name"]?.text, !name.isEmpty else {
                throw ConversationError("'tools[\(position)].name' is required, a string.", param: "tools[\(position)].name")
            }
            result.append(
                ToolDefinition(
                    .function(parameters: tool["input_schema"]?.fragment), name: name,
                    description: tool["description"]?.text, isStrict: tool["strict"]?.bool, cacheMark: tool.cacheMark,
                    others: tool.others(than: knownOfTool, prefix: "tools.")))
        }
        return result
    }

    private static func readToolChoice(
        _ choice: JSONView?, into conversation: inout Conversation
    ) throws(ConversationError) {
        guard let choice else { return }
        if choice["disable_parallel_tool_use"]?.bool == true { conversation.allowsParallelToolCalls = false }
        guard let type = choice["type"] else {
            throw ConversationError("'tool_choice.type' is required.", param: "tool_choice.type")
        }
        if type.means("auto") {
            conversation.toolChoice = .auto
        } else if type.means("any") {
            conversation.toolChoice = .required
        } else if type.means("none") {
            conversation.toolChoice = ToolChoice.none
        } else if type.means("tool"), let name = choice["name"]?.text {
            conversation.toolChoice = .tool(name: name)
        } else {
            throw ConversationError(
                "'tool_choice' must be of type auto, any, none, or tool with a 'name'.", param: "tool_choice")
        }
    }
}

extension JSONView {
    /// Anthropic's `cache_control`.
    var cacheMark: CacheMark? {
        self["cache_control"].map { CacheMark(timeToLive: $0["ttl"]?.text) }
    }
}
