import NIOCore
import Wire

extension ResponsesRequestParser {
    mutating func readInput(_ input: Int) throws(ConversationError) {
        if let question = text.text(input) {
            conversation.messages = [Message(role: .user, parts: [Part(.text(question))])]
            return
        }
        guard text.kind(input) == .array, text.index.childCount(of: input) > 0 else {
            throw .mistyped("input", "a string or a non-empty array of items")
        }
        var turn = OpenTurn()
        for (position, item) in text.index.elements(of: input).enumerated() {
            func path() -> String { "input[\(position)]" }
            try read(item: try object(item, path()), path(), &turn)
        }
    }

    /// Whether the last message is of the model, and ends with what it said.
    struct OpenTurn {
        var isOpen = false
        var endsWithMessage = false
    }

    private mutating func read(item: Int, _ path: @autoclosure () -> String, _ turn: inout OpenTurn)
        throws(ConversationError)
    {
        guard let type = text.member("type", of: item), !text.equals(type, "message") else {
            return try readMessage(item, path(), &turn)
        }
        if text.equals(type, "function_call") {
            add(try call(item, path(), isCustom: false), &turn)
        } else if text.equals(type, "function_call_output") || text.equals(type, "custom_tool_call_output") {
            let result = try output(item, path())
            conversation.messages.append(Message(role: .user, parts: [Part(.toolResult(result))]))
            turn = OpenTurn()
        } else if text.equals(type, "reasoning") {
            add(Part(.reasoning(reasoning(item))), &turn)
        } else if text.equals(type, "custom_tool_call") {
            add(try call(item, path(), isCustom: true), &turn)
        } else if text.equals(type, "item_reference") {
            var error = ConversationError(stored: "item_reference")
            error.param = path()
            throw error
        } else {
            try readOther(item, try string(type, "\(path()).type"), &turn)
        }
    }

    /// What only this form knows: the model's own, but for what is named an output.
    private mutating func readOther(_ item: Int, _ type: JSONText, _ turn: inout OpenTurn) throws(ConversationError) {
        let kind = type.string
        let part = Part(.other(text.fragment(item), kind: kind))
        guard kind.hasSuffix("_output") || kind == "mcp_approval_response" || kind == "configuration_update" else {
            return add(part, &turn)
        }
        conversation.messages.append(Message(role: .user, parts: [part]))
        turn = OpenTurn()
    }

    private mutating func add(_ part: Part, _ turn: inout OpenTurn) {
        openTurn(&turn)
        conversation.messages[conversation.messages.count - 1].parts.append(part)
        turn.endsWithMessage = false
    }

    private mutating func openTurn(_ turn: inout OpenTurn) {
        guard !turn.isOpen else { return }
        conversation.messages.append(Message(role: .assistant, parts: []))
        turn.isOpen = true
    }

    private mutating func readMessage(_ item: Int, _ path: @autoclosure () -> String, _ turn: inout OpenTurn)
        throws(ConversationError)
    {
        let role = try role(of: item, path())
        guard let content = text.member("content", of: item) else {
            throw .mistyped("\(path()).content", "a string or an array of parts")
        }
        let parts = try self.parts(content, "\(path()).content")
        switch role {
        case .assistant:
            if turn.endsWithMessage { turn = OpenTurn() }
            openTurn(&turn)
            conversation.messages[conversation.messages.count - 1].parts.append(contentsOf: parts)
            turn.endsWithMessage = true
            if let phase = text.member("phase", of: item) { addOther("input.phase", phase) }
        case .system, .developer:
            turn = OpenTurn()
            if conversation.messages.isEmpty, let instructions = Self.instructions(parts, role) {
                conversation.instructions.append(contentsOf: instructions)
            } else {
                conversation.messages.append(Message(role: role, parts: parts))
            }
        case .user:
            turn = OpenTurn()
            conversation.messages.append(Message(role: role, parts: parts))
        }
    }

    private func role(of item: Int, _ path: @autoclosure () -> String) throws(ConversationError) -> Message.Role {
        guard let role = text.member("role", of: item) else {
            throw .mistyped("\(path()).role", "a string such as \"user\"")
        }
        if text.equals(role, "user") { return .user }
        if text.equals(role, "assistant") { return .assistant }
        if text.equals(role, "developer") { return .developer }
        if text.equals(role, "system") { return .system }
        throw .mistyped("\(path()).role", "\"user\", \"assistant\", \"system\" or \"developer\"")
    }

    /// nil where a part is no text.
    private static func instructions(_ parts: [Part], _ role: Message.Role) -> [Instruction]? {
        var instructions: [Instruction] = []
        for part in parts {
            guard case .text(let text) = part.content else { return nil }
            instructions.append(
                Instruction(role: role == .developer ? .developer : .system, text: text, cacheMark: part.cacheMark))
        }
        return instructions
    }

    private func call(_ item: Int, _ path: @autoclosure () -> String, isCustom: Bool) throws(ConversationError) -> Part
    {
        let id = try nonEmpty("call_id", of: item, path())
        let name = try nonEmpty("name", of: item, path())
        let arguments = try string(isCustom ? "input" : "arguments", of: item, path: path())
        let opened = ToolCallID.opened(id)
        return Part(
            .toolCall(
                ToolCall(
                    id: opened.id, name: name, arguments: isCustom ? .text(arguments) : .encoded(arguments),
                    signature: opened.signature)))
    }

    private func output(_ item: Int, _ path: @autoclosure () -> String) throws(ConversationError) -> ToolResult {
        let id = ToolCallID.opened(try nonEmpty("call_id", of: item, path())).id
        guard let output = text.member("output", of: item) else {
            throw .mistyped("\(path()).output", "a string or an array of parts")
        }
        return ToolResult(callID: id, parts: try parts(output, "\(path()).output"))
    }

    private func nonEmpty(_ name: StaticString, of item: Int, _ path: @autoclosure () -> String)
        throws(ConversationError) -> JSONText
    {
        let value = try string(name, of: item, path: path())
        guard !value.isEmpty else { throw .mistyped("\(path()).\(name)", "a non-empty string") }
        return value
    }

    private func reasoning(_ item: Int) -> Reasoning {
        var reasoning = ResponsesItems.reasoning(item, in: text)
        if let encrypted = text.text("encrypted_content", of: item) {
            let (signature, isRedacted) = ResponsesSeal.opened(encrypted)
            if isRedacted { reasoning.redacted = signature } else { reasoning.signature = signature }
        }
        return reasoning
    }
}
