import NIOCore
import Wire

extension ResponsesRequestParser {
    mutating func readTools(_ value: Int) throws(ConversationError) {
        guard text.kind(value) == .array else { throw .mistyped("tools", "an array of objects") }
        for (position, tool) in text.index.elements(of: value).enumerated() {
            func path() -> String { "tools[\(position)]" }
            conversation.tools.append(try self.tool(try object(tool, path()), path()))
        }
    }

    private func tool(_ tool: Int, _ path: @autoclosure () -> String) throws(ConversationError) -> ToolDefinition {
        guard let type = text.member("type", of: tool), text.kind(type) == .string else {
            throw .mistyped("\(path()).type", "a string such as \"function\"")
        }
        if text.equals(type, "function") { return try function(tool, path()) }
        if text.equals(type, "custom") { return try custom(tool, path()) }
        return ToolDefinition(
            .hosted(text.fragment(tool), type: text.string(type)), name: text.text("name", of: tool) ?? .empty)
    }

    private func function(_ tool: Int, _ path: @autoclosure () -> String) throws(ConversationError) -> ToolDefinition {
        guard text.member("function", of: tool) == nil else {
            throw ConversationError(
                "'\(path()).function' belongs to Chat Completions: here 'name' and 'parameters' stand on the tool itself.",
                param: "\(path()).function")
        }
        let parameters = text.member("parameters", of: tool)
        if let parameters, text.kind(parameters) != .object { throw .mistyped("\(path()).parameters", "an object") }
        var definition = ToolDefinition(
            .function(parameters: parameters.map(text.fragment)), name: try name(of: tool, path()))
        definition.isStrict = text.member("strict", of: tool).flatMap { text.index.bool($0) }
        describe(&definition, tool, besides: ["parameters", "strict"])
        return definition
    }

    private func custom(_ tool: Int, _ path: @autoclosure () -> String) throws(ConversationError) -> ToolDefinition {
        let format = text.member("format", of: tool)
        var definition = ToolDefinition(.custom(format: format.map(nested)), name: try name(of: tool, path()))
        describe(&definition, tool, besides: ["format"])
        return definition
    }

    private func name(of tool: Int, _ path: @autoclosure () -> String) throws(ConversationError) -> JSONText {
        let name = try string("name", of: tool, path: path())
        guard !name.isEmpty else { throw .mistyped("\(path()).name", "a non-empty string") }
        return name
    }

    /// What every tool has, and what only this form knows.
    private func describe(_ definition: inout ToolDefinition, _ tool: Int, besides known: [String]) {
        for (key, member) in text.index.members(of: tool) where text.kind(member) != .null {
            let name = text.string(key)
            switch name {
            case "type", "name": break
            case "description": definition.description = text.text(member)
            case "cache_control", "prompt_cache_breakpoint": definition.cacheMark = cacheMark(member)
            default:
                guard !known.contains(name) else { break }
                definition.others.append(OtherField(name: "tools." + name, value: text.fragment(member)))
            }
        }
    }

    /// A grammar as Chat Completions nests it: the neutral model has OpenAI's formats in that shape.
    private func nested(_ format: Int) -> JSONFragment {
        guard let type = text.member("type", of: format), text.equals(type, "grammar"),
            let syntax = text.member("syntax", of: format), let definition = text.member("definition", of: format)
        else { return text.fragment(format) }
        return JSONFragment(kind: .object) { writer in
            writer.object {
                $0.member("type", "grammar")
                $0.object("grammar") {
                    $0.member("syntax", text.fragment(syntax))
                    $0.member("definition", text.fragment(definition))
                }
            }
        }
    }

    mutating func readToolChoice(_ value: Int) throws(ConversationError) {
        if text.kind(value) == .string {
            conversation.toolChoice =
                text.equals(value, "auto")
                ? .auto
                : text.equals(value, "none")
                    ? ToolChoice.none
                    : text.equals(value, "required") ? .required : nil
            guard conversation.toolChoice != nil else {
                throw .mistyped("tool_choice", "\"auto\", \"none\", \"required\" or an object")
            }
            return
        }
        guard text.kind(value) == .object, let type = text.member("type", of: value) else {
            throw .mistyped("tool_choice", "a string or an object with a 'type'")
        }
        if text.equals(type, "function") || text.equals(type, "custom") {
            conversation.toolChoice = .tool(name: try string("name", of: value, path: "tool_choice"))
        } else if text.equals(type, "allowed_tools") {
            conversation.toolChoice = try allowedTools(value)
        } else {
            conversation.toolChoice = .other(text.fragment(value))
        }
    }

    /// A list with hosted tools in it has no meaning elsewhere.
    private func allowedTools(_ choice: Int) throws(ConversationError) -> ToolChoice {
        guard let tools = text.member("tools", of: choice), text.kind(tools) == .array else {
            throw .mistyped("tool_choice.tools", "an array of tools")
        }
        var names: [JSONText] = []
        for tool in text.index.elements(of: tools) {
            guard let name = text.text("name", of: tool) else { return .other(text.fragment(choice)) }
            names.append(name)
        }
        let mode = text.member("mode", of: choice)
        return .subset(names: names, mustCall: mode.map { text.equals($0, "required") } ?? false)
    }

    /// A mark of this form, or the one other vendors of it take.
    func cacheMark(_ mark: Int) -> CacheMark { CacheMark(timeToLive: text.text("ttl", of: mark)) }
}
