package import NIOCore
package import Wire

/// Reads a `generateContent` request (package google-genai 3.4.0, read 2026-11).
package enum GeminiConversationReader {
    /// - Parameters:
    ///   - path: the model, and whether the answer streams.
    ///   - index: scratch.
    package static func read(
        _ body: ByteBuffer, path: PathParameters?, index: inout JSONIndex
    ) throws(ConversationError) -> Conversation {
        guard let root = JSONView(body, index: &index), root.isObject, let path else {
            throw ConversationError("The request body must be a JSON object.")
        }
        var conversation = Conversation(form: .geminiGenerate, model: path.model, isStream: path.isStream)
        conversation.instructions = (root["systemInstruction", "system_instruction"]?["parts"]?.elements ?? [])
            .compactMap { part in part["text"]?.text.map { Instruction(text: $0) } }
        try readTools(root["tools"], into: &conversation)
        readChoice(root["toolConfig", "tool_config"], into: &conversation)
        guard let contents = root["contents"] else {
            throw ConversationError("'contents' must be a non-empty array of content objects.", param: "contents")
        }
        var messages = GeminiMessageReader()
        for (position, content) in contents.elements.enumerated() {
            conversation.messages.append(try messages.read(content, position))
        }
        GeminiSettingsReader.read(root, into: &conversation)
        conversation.others += root.geminiOthers(than: [
            "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "serviceTier",
            "store", "model",
        ])
        return conversation
    }

    private static func readTools(
        _ tools: JSONView?, into conversation: inout Conversation
    ) throws(ConversationError) {
        for (place, tool) in (tools?.elements ?? []).enumerated() {
            for (name, value) in tool.members {
                guard GeminiNames.camel(name) == "functionDeclarations" else {
                    conversation.tools.append(ToolDefinition(.hosted(value.fragment, type: name), name: .empty))
                    continue
                }
                for (position, function) in value.elements.enumerated() {
                    guard let functionName = function["name"]?.text, !functionName.isEmpty else {
                        let field = "tools[\(place)].functionDeclarations[\(position)].name"
                        throw ConversationError("'\(field)' is required, a string.", param: field)
                    }
                    let schema =
                        function["parametersJsonSchema", "parameters_json_schema"]?.fragment
                        ?? function["parameters"].map(GeminiSchema.jsonSchema)
                    conversation.tools.append(
                        ToolDefinition(
                            .function(parameters: schema), name: functionName,
                            description: function["description"]?.text,
                            others: function.geminiOthers(
                                than: ["name", "description", "parameters", "parametersJsonSchema"],
                                prefix: "tools.functionDeclarations.")))
                }
            }
        }
    }

    private static func readChoice(_ config: JSONView?, into conversation: inout Conversation) {
        guard let config else { return }
        conversation.others += config.geminiOthers(than: ["functionCallingConfig"], prefix: "toolConfig.")
        guard let calling = config["functionCallingConfig", "function_calling_config"] else { return }
        let names =
            calling["allowedFunctionNames", "allowed_function_names"]?.elements.compactMap(\.text) ?? []
        switch calling["mode"]?.string {
        case "NONE": conversation.toolChoice = ToolChoice.none
        case "ANY":
            conversation.toolChoice =
                names.isEmpty
                ? .required : names.count == 1 ? .tool(name: names[0]) : .subset(names: names, mustCall: true)
        case "VALIDATED" where !names.isEmpty: conversation.toolChoice = .subset(names: names, mustCall: false)
        default: conversation.toolChoice = .auto
        }
    }
}
