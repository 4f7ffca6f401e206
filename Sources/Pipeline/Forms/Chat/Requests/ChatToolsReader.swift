import Wire

/// Reads the tools of a chat request and which of them must be called.
enum ChatToolsReader {
    private static let functionMembers: [StaticString] = [
        "name", "description", "parameters", "strict", "cache_control",
    ]

    static func read(_ root: JSONView, into conversation: inout Conversation) throws(ConversationError) {
        for (position, tool) in try root.objects("tools").enumerated() {
            conversation.tools.append(try read(tool, "tools[\(position)]."))
        }
        for (position, function) in try root.objects("functions").enumerated() {
            conversation.tools.append(try read(function: function, "functions[\(position)].", mark: nil))
            // The form's own answer to `functions` is one call at most.
            conversation.usesDeprecatedFunctions = true
        }
        conversation.toolChoice = try choice(root)
        conversation.allowsParallelToolCalls = try root.flag("parallel_tool_calls")
    }

    private static func read(_ tool: JSONView, _ path: String) throws(ConversationError) -> ToolDefinition {
        guard let type = try tool.string("type", path) else {
            throw .missing("\(path)type", "a string such as \"function\"")
        }
        let mark = tool.chatCacheMark
        if type.means("function") {
            guard let function = try tool.object("function", path) else {
                throw .missing("\(path)function", "an object")
            }
            var definition = try read(function: function, "\(path)function.", mark: mark)
            definition.others += others(
                tool, ["type", "function", "cache_control", "prompt_cache_breakpoint"], "tools.")
            return definition
        }
        guard type.means("custom") else {
            return ToolDefinition(.hosted(tool.fragment, type: type.string), name: tool["name"]?.text ?? .empty)
        }
        guard let custom = try tool.object("custom", path), let name = try custom.string("name", "\(path)custom."),
            !name.isEmpty
        else { throw .missing("\(path)custom.name", "a string") }
        return ToolDefinition(
            .custom(format: try custom.object("format", "\(path)custom.")?.fragment), name: name,
            description: try custom.string("description", "\(path)custom."), cacheMark: mark,
            others: others(custom, ["name", "description", "format"], "tools.custom."))
    }

    private static func read(
        function: JSONView, _ path: String, mark: CacheMark?
    ) throws(ConversationError) -> ToolDefinition {
        guard let name = try function.string("name", path), !name.isEmpty else {
            throw .missing("\(path)name", "a string")
        }
        return ToolDefinition(
            .function(parameters: try function.object("parameters", path)?.fragment), name: name,
            description: try function.string("description", path), isStrict: try function.flag("strict", path),
            cacheMark: mark ?? function.chatCacheMark, others: others(function, functionMembers, "tools.function."))
    }

    private static func others(_ object: JSONView, _ known: [StaticString], _ path: String) -> [OtherField] {
        object.unknown(known).map { OtherField(name: path + $0.name, value: $0.value.fragment) }
    }

    /// `function_call` is the deprecated form's `tool_choice`.
    private static func choice(_ root: JSONView) throws(ConversationError) -> ToolChoice? {
        let isDeprecated = root["tool_choice"] == nil
        guard let choice = root["tool_choice"] ?? root["function_call"] else { return nil }
        if choice.means("auto") { return .auto }
        if choice.means("none") { return ToolChoice.none }
        if choice.means("required"), !isDeprecated { return .required }
        guard choice.isObject else {
            throw .mistyped(
                isDeprecated ? "function_call" : "tool_choice",
                isDeprecated
                    ? "auto, none, or an object that names a function"
                    : "auto, none, required, or an object that names a tool")
        }
        if let allowed = choice["allowed_tools"] ?? (choice["type"]?.means("allowed_tools") == true ? choice : nil) {
            let names = (allowed["tools"]?.elements ?? []).compactMap(name)
            return .subset(names: names, mustCall: allowed["mode"]?.means("required") == true)
        }
        if let name = name(choice) { return .tool(name: name) }
        return .other(choice.fragment)
    }

    /// The name in `{"type":"function","function":{"name"}}`, or one level up, as Responses and the deprecated form have it.
    private static func name(_ choice: JSONView) -> JSONText? {
        (choice["function"] ?? choice["custom"] ?? choice)["name"]?.text
    }
}
