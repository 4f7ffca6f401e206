import Wire

/// Reads the tools of a chat request and which of them must be called.
enum ChatToolsReader {
    static func read(_ root: JSONView) throws(ConversationError) -> [ToolDefinition] {
        var tools: [ToolDefinition] = []
        for (position, tool) in (root["tools"]?.elements ?? []).enumerated() {
            tools.append(try read(tool, "tools[\(position)]"))
        }
        for (position, function) in (root["functions"]?.elements ?? []).enumerated() {
            tools.append(try read(function: function, "functions[\(position)]", mark: nil))
        }
        return tools
    }

    private static func read(_ tool: JSONView, _ name: String) throws(ConversationError) -> ToolDefinition {
        guard let type = tool["type"]?.string else {
            throw ConversationError("'\(name).type' is required.", param: "\(name).type")
        }
        switch type {
        case "function":
            guard let function = tool["function"] else {
                throw ConversationError("'\(name).function' is required.", param: "\(name).function")
            }
            return try read(function: function, "\(name).function", mark: tool.chatCacheMark)
        case "custom":
            guard let custom = tool["custom"], let toolName = custom["name"]?.text else {
                throw ConversationError("'\(name).custom.name' is required.", param: "\(name).custom.name")
            }
            return ToolDefinition(
                .custom(format: custom["format"]?.fragment), name: toolName, description: custom["description"]?.text,
                cacheMark: tool.chatCacheMark)
        default: return ToolDefinition(.hosted(tool.fragment, type: type), name: tool["name"]?.text ?? .empty)
        }
    }

    private static func read(
        function: JSONView, _ name: String, mark: CacheMark?
    ) throws(ConversationError) -> ToolDefinition {
        guard let functionName = function["name"]?.text, !functionName.isEmpty else {
            throw ConversationError("'\(name).name' is required, a string.", param: "\(name).name")
        }
        return ToolDefinition(
            .function(parameters: function["parameters"]?.fragment), name: functionName,
            description: function["description"]?.text, isStrict: function["strict"]?.bool, cacheMark: mark,
            others: function.others(
                than: ["name", "description", "parameters", "strict", "cache_control"], prefix: "tools.function."))
    }

    static func readChoice(_ root: JSONView) throws(ConversationError) -> ToolChoice? {
        guard let choice = root["tool_choice"] ?? root["function_call"] else { return nil }
        switch choice.string {
        case "auto"?: return .auto
        case "none"?: return ToolChoice.none
        case "required"?: return .required
        case .some:
            throw ConversationError(
                "'tool_choice' must be auto, none, required, or an object that names a tool.", param: "tool_choice")
        case nil: break
        }
        if let name = (choice["function"] ?? choice["custom"] ?? choice)["name"]?.text { return .tool(name: name) }
        if let allowed = choice["allowed_tools"] {
            let names = (allowed["tools"]?.elements ?? []).compactMap {
                ($0["function"] ?? $0["custom"] ?? $0)["name"]?.text
            }
            return .subset(names: names, mustCall: allowed["mode"]?.means("required") == true)
        }
        return .other(choice.fragment)
    }
}
