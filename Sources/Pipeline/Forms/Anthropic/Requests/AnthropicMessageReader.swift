import NIOCore
import Wire

/// Reads one message of a Messages request.
struct AnthropicMessageReader {
    /// Its place in `messages`.
    let position: Int

    func read(_ message: JSONView) throws(ConversationError) -> Message {
        let role: Message.Role
        switch message["role"]?.string {
        case "user": role = .user
        case "assistant": role = .assistant
        case "system": role = .system
        default:
            throw ConversationError(
                "'messages[\(position)].role' must be \"user\" or \"assistant\".", param: "messages[\(position)].role")
        }
        guard let content = message["content"] else { return Message(role: role, parts: []) }
        if let text = content.text { return Message(role: role, parts: [Part(.text(text))]) }
        var parts: [Part] = []
        for (block, value) in content.elements.enumerated() {
            parts.append(try read(block: value, "messages[\(position)].content[\(block)]"))
        }
        return Message(role: role, parts: parts)
    }

    private func read(block: JSONView, _ name: String) throws(ConversationError) -> Part {
        let mark = block.cacheMark
        guard let type = block["type"]?.string else { throw Self.missing("type", of: name) }
        switch type {
        case "text":
            guard let text = block["text"]?.text else { throw Self.missing("text", of: name) }
            return Part(.text(text), cacheMark: mark, citations: block["citations"]?.fragment)
        case "image": return Part(.image(try media(block, name)), cacheMark: mark)
        case "document": return Part(.file(try document(block, name)), cacheMark: mark)
        case "tool_use":
            guard let id = block["id"]?.text else { throw Self.missing("id", of: name) }
            guard let toolName = block["name"]?.text else { throw Self.missing("name", of: name) }
            let opened = ToolCallID.opened(id)
            let input = block["input"]?.fragment ?? .emptyObject
            return Part(
                .toolCall(
                    ToolCall(id: opened.id, name: toolName, arguments: .object(input), signature: opened.signature)),
                cacheMark: mark)
        case "tool_result": return Part(.toolResult(try toolResult(block, name)), cacheMark: mark)
        case "thinking":
            let signature = block["signature"]?.text.map { Signature.opened($0, from: .anthropicMessages) }
            return Part(.reasoning(Reasoning(text: block["thinking"]?.text ?? .empty, signature: signature)))
        case "redacted_thinking":
            guard let data = block["data"]?.text else { throw Self.missing("data", of: name) }
            return Part(.reasoning(Reasoning(redacted: Signature.opened(data, from: .anthropicMessages))))
        default: return Part(.other(block.fragment, kind: type), cacheMark: mark)
        }
    }

    private func toolResult(_ block: JSONView, _ name: String) throws(ConversationError) -> ToolResult {
        guard let id = block["tool_use_id"]?.text else { throw Self.missing("tool_use_id", of: name) }
        var result = ToolResult(
            callID: ToolCallID.opened(id).id, parts: [], isError: block["is_error"]?.bool ?? false)
        guard let content = block["content"] else { return result }
        if let text = content.text {
            result.parts = [Part(.text(text))]
            return result
        }
        for (position, inner) in content.elements.enumerated() {
            result.parts.append(try read(block: inner, "\(name).content[\(position)]"))
        }
        return result
    }

    private func media(_ block: JSONView, _ name: String) throws(ConversationError) -> Media {
        guard let source = block["source"] else { throw Self.missing("source", of: name) }
        switch source["type"]?.string {
        case "base64":
            guard let data = source["data"]?.text else { throw Self.missing("source.data", of: name) }
            return Media(.base64(data), mediaType: source["media_type"]?.text)
        case "url":
            guard let url = source["url"]?.text else { throw Self.missing("source.url", of: name) }
            return Media(.url(url))
        case "file":
            guard let id = source["file_id"]?.text else { throw Self.missing("source.file_id", of: name) }
            return Media(.fileID(id))
        case "text":
            guard let data = source["data"]?.text else { throw Self.missing("source.data", of: name) }
            return Media(.plainText(data), mediaType: "text/plain")
        default:
            throw ConversationError(
                "'\(name).source.type' must be base64, url, file or text.", param: "\(name).source.type")
        }
    }

    private func document(_ block: JSONView, _ name: String) throws(ConversationError) -> Media {
        var media = try self.media(block, name)
        media.fileName = block["title"]?.text
        return media
    }

    private static func missing(_ member: String, of name: String) -> ConversationError {
        ConversationError("'\(name).\(member)' is required.", param: "\(name).\(member)")
    }
}
