import NIOCore
import Wire

/// Reads the messages of a chat request, one after another.
struct ChatMessageReader {
    /// The place of the message that is read, from 0.
    private var position = -1
    /// Calls of the deprecated form, which has no ids: how many each function has had.
    private var functionCalls: [JSONText: Int] = [:]

    private static let members: [StaticString] = [
        "role", "content", "name", "tool_calls", "tool_call_id", "function_call", "refusal", "audio",
        "reasoning_content",
        "reasoning", "reasoning_signature", "redacted_reasoning", "annotations", "prompt_cache_breakpoint",
        "cache_control",
    ]

    /// Of messages that are not the model's.
    private static let othersMembers: [StaticString] = [
        "role", "content", "name", "tool_call_id", "prompt_cache_breakpoint", "cache_control",
    ]

    /// Its path, with a full stop behind it.
    private var path: String { "messages[\(position)]." }

    mutating func read(_ message: JSONView, into conversation: inout Conversation) throws(ConversationError) {
        position += 1
        guard message.isObject, let role = message["role"] else {
            throw ConversationError(
                "'messages[\(position)].role' is required, a string such as \"user\".",
                param: "messages[\(position)].role")
        }
        if role.means("user") {
            conversation.messages.append(try self.message(.user, message, &conversation))
        } else if role.means("assistant") {
            conversation.messages.append(try assistant(message, &conversation))
        } else if role.means("tool") || role.means("function") {
            conversation.messages.append(try toolResult(message, &conversation))
        } else if role.means("system") || role.means("developer") {
            try readInstruction(message, isDeveloper: role.means("developer"), &conversation)
        } else {
            throw ConversationError(
                "'\(path)role' must be system, developer, user, assistant or tool.", param: "\(path)role")
        }
        for (name, value) in message.unknown(role.means("assistant") ? Self.members : Self.othersMembers) {
            conversation.note("messages." + name, value)
        }
    }

    private func message(
        _ role: Message.Role, _ message: JSONView, _ conversation: inout Conversation
    ) throws(ConversationError) -> Message {
        let parts = try parts(of: message, &conversation)
        guard !parts.isEmpty else { throw .missing("\(path)content", "a string or an array of parts") }
        for (place, part) in parts.enumerated() {
            if case .refusal = part.content {
                throw ConversationError(
                    "'\(path)content[\(place)].type' may be refusal in assistant messages only.",
                    param: "\(path)content[\(place)].type")
            }
        }
        return Message(role: role, name: try message.string("name", path), parts: parts)
    }

    /// Before the first turn it is an instruction, which has no name.
    private func readInstruction(
        _ message: JSONView, isDeveloper: Bool, _ conversation: inout Conversation
    ) throws(ConversationError) {
        let said = try self.message(isDeveloper ? .developer : .system, message, &conversation)
        guard conversation.messages.isEmpty else { return conversation.messages.append(said) }
        for part in said.parts {
            guard case .text(let text) = part.content else {
                throw ConversationError("'\(path)content' of an instruction must be text.", param: "\(path)content")
            }
            conversation.instructions.append(
                Instruction(role: isDeveloper ? .developer : .system, text: text, cacheMark: part.cacheMark))
        }
        if let name = message["name"] { conversation.note("messages.name", name) }
    }

    // MARK: The model's turns

    private mutating func assistant(
        _ message: JSONView, _ conversation: inout Conversation
    ) throws(ConversationError) -> Message {
        var parts = try reasoning(of: message)
        var said = try self.parts(of: message, &conversation)
        if let citations = message["annotations"], citations.hasElements {
            if let last = said.lastIndex(where: \.isText) { said[last].citations = citations.fragment }
        }
        parts += said
        if let refusal = try message.string("refusal", path), !refusal.isEmpty { parts.append(Part(.refusal(refusal))) }
        for (place, call) in try message.objects("tool_calls", path).enumerated() {
            parts.append(try read(call: call, "\(path)tool_calls[\(place)]."))
        }
        if let call = try message.object("function_call", path) {
            guard let name = try call.string("name", "\(path)function_call."), !name.isEmpty else {
                throw .missing("\(path)function_call.name", "a string")
            }
            functionCalls[name, default: 0] += 1
            let arguments = try arguments(call["arguments"], "\(path)function_call.arguments")
            parts.append(Part(.toolCall(ToolCall(id: functionID(name), name: name, arguments: arguments))))
        }
        if let audio = message["audio"] { parts.append(Part(.other(audio.fragment, kind: "audio"))) }
        return Message(role: .assistant, name: try message.string("name", path), parts: parts)
    }

    /// The thoughts as this gateway, and vendors of this form, gave them.
    private func reasoning(of message: JSONView) throws(ConversationError) -> [Part] {
        let text = try message.string("reasoning_content", path) ?? message["reasoning"]?.text
        let sealed = try message.string("reasoning_signature", path)
        return ChatThoughtSeal.opened(
            text ?? .empty, sealed, redacted: try message.strings("redacted_reasoning", path))
    }

    private func read(call: JSONView, _ path: String) throws(ConversationError) -> Part {
        guard let id = try call.string("id", path), !id.isEmpty else { throw .missing("\(path)id", "a string") }
        let opened = ToolCallID.opened(id)
        if let custom = try call.object("custom", path) {
            guard let name = try custom.string("name", "\(path)custom."), !name.isEmpty else {
                throw .missing("\(path)custom.name", "a string")
            }
            let input = try custom.string("input", "\(path)custom.") ?? .empty
            return Part(
                .toolCall(ToolCall(id: opened.id, name: name, arguments: .text(input), signature: opened.signature)))
        }
        guard let function = try call.object("function", path) else { throw .missing("\(path)function", "an object") }
        guard let name = try function.string("name", "\(path)function."), !name.isEmpty else {
            throw .missing("\(path)function.name", "a string")
        }
        let arguments = try arguments(function["arguments"], "\(path)function.arguments")
        return Part(
            .toolCall(ToolCall(id: opened.id, name: name, arguments: arguments, signature: opened.signature)))
    }

    /// A JSON text in a string; an object, as some clients send it, is one too.
    private func arguments(_ value: JSONView?, _ path: String) throws(ConversationError) -> ToolArguments {
        guard let value else { return .encoded(.empty) }
        if let text = value.text { return .encoded(text) }
        guard value.isObject else { throw .mistyped(path, "a string that holds JSON") }
        return .object(value.fragment)
    }

    // MARK: What tools gave back

    private func toolResult(
        _ message: JSONView, _ conversation: inout Conversation
    ) throws(ConversationError) -> Message {
        let name = try message.string("name", path)
        let id: JSONText
        if let given = try message.string("tool_call_id", path), !given.isEmpty {
            id = ToolCallID.opened(given).id
        } else if message["role"]?.means("function") == true {
            guard let name, !name.isEmpty else { throw .missing("\(path)name", "the function's name") }
            id = functionID(name)
        } else {
            throw .missing("\(path)tool_call_id", "the id of the call it answers")
        }
        let parts = try parts(of: message, &conversation)
        return Message(role: .user, parts: [Part(.toolResult(ToolResult(callID: id, name: name, parts: parts)))])
    }

    /// The id of the last call of a function: the deprecated form has one open at a time.
    private func functionID(_ name: JSONText) -> JSONText {
        let id = JSONText("call_").joined(with: name, separator: "")
        let number = functionCalls[name] ?? 1
        return number <= 1 ? id : id.joined(with: JSONText(String(number)), separator: "_")
    }

    // MARK: Content

    private func parts(
        of message: JSONView, _ conversation: inout Conversation
    ) throws(ConversationError) -> [Part] {
        guard let content = message["content"] else { return [] }
        if let text = content.text {
            // With its calls or its refusal, a model's message may say nothing.
            guard !text.isEmpty || message["role"]?.means("assistant") != true else { return [] }
            return [Part(.text(text), cacheMark: message.chatCacheMark)]
        }
        guard content.kind == .array else { throw .mistyped("\(path)content", "a string, an array of parts or null") }
        var parts: [Part] = []
        for (place, part) in content.elements.enumerated() {
            parts.append(try ChatPartReader(path: "\(path)content[\(place)]").read(part, &conversation))
        }
        return parts
    }
}
