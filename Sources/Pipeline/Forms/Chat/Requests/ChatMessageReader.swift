import NIOCore
import Wire

/// Reads one message of a chat request.
struct ChatMessageReader {
    /// Its place in `messages`.
    let position: Int

    func message(_ role: Message.Role, _ message: JSONView) throws(ConversationError) -> Message {
        Message(role: role, name: message["name"]?.text, parts: try parts(of: message))
    }

    func assistant(_ message: JSONView) throws(ConversationError) -> Message {
        var parts = reasoning(of: message)
        parts += try self.parts(of: message)
        if let refusal = message["refusal"]?.text, !refusal.isEmpty { parts.append(Part(.refusal(refusal))) }
        for (place, call) in (message["tool_calls"]?.elements ?? []).enumerated() {
            parts.append(try read(call: call, "messages[\(position)].tool_calls[\(place)]"))
        }
        if let call = message["function_call"], let name = call["name"]?.text {
            let arguments = call["arguments"]?.text ?? .empty
            parts.append(
                Part(.toolCall(ToolCall(id: Self.functionID(name), name: name, arguments: .encoded(arguments)))))
        }
        if let audio = message["audio"] { parts.append(Part(.other(audio.fragment, kind: "audio"))) }
        return Message(role: .assistant, name: message["name"]?.text, parts: parts)
    }

    func toolResult(_ message: JSONView) throws(ConversationError) -> Message {
        let name = message["name"]?.text
        let id: JSONText
        if let given = message["tool_call_id"]?.text {
            id = ToolCallID.opened(given).id
        } else if message["role"]?.means("function") == true, let name {
            id = Self.functionID(name)
        } else {
            throw ConversationError(
                "'messages[\(position)].tool_call_id' is required: the id of the call it answers.",
                param: "messages[\(position)].tool_call_id")
        }
        return Message(
            role: .user, parts: [Part(.toolResult(ToolResult(callID: id, name: name, parts: try parts(of: message))))])
    }

    /// The deprecated form of calls has no ids: one call of a name is open at a time.
    private static func functionID(_ name: JSONText) -> JSONText { JSONText("call_").joined(with: name, separator: "") }

    /// The thoughts as this gateway, and vendors of this form, gave them.
    private func reasoning(of message: JSONView) -> [Part] {
        var parts: [Part] = []
        let text = message["reasoning_content"]?.text ?? message["reasoning"]?.text
        let signature = message["reasoning_signature"]?.text.map { Signature.opened($0, from: .openAIChat) }
        if text?.isEmpty == false || signature != nil {
            parts.append(Part(.reasoning(Reasoning(text: text ?? .empty, signature: signature))))
        }
        for redacted in message["redacted_reasoning"]?.elements.compactMap(\.text) ?? [] {
            parts.append(Part(.reasoning(Reasoning(redacted: Signature.opened(redacted, from: .openAIChat)))))
        }
        return parts
    }

    private func read(call: JSONView, _ name: String) throws(ConversationError) -> Part {
        guard let id = call["id"]?.text, !id.isEmpty else {
            throw ConversationError("'\(name).id' is required, a string.", param: "\(name).id")
        }
        let opened = ToolCallID.opened(id)
        if let custom = call["custom"], let toolName = custom["name"]?.text {
            return Part(
                .toolCall(ToolCall(id: opened.id, name: toolName, arguments: .text(custom["input"]?.text ?? .empty))))
        }
        guard let function = call["function"], let toolName = function["name"]?.text else {
            throw ConversationError("'\(name).function.name' is required, a string.", param: "\(name).function.name")
        }
        return Part(
            .toolCall(
                ToolCall(
                    id: opened.id, name: toolName, arguments: .encoded(function["arguments"]?.text ?? .empty),
                    signature: opened.signature)))
    }

    // MARK: Content

    func parts(of message: JSONView) throws(ConversationError) -> [Part] {
        guard let content = message["content"] else { return [] }
        if let text = content.text {
            return text.isEmpty && message["role"]?.means("assistant") == true ? [] : [Part(.text(text), cacheMark: message.chatCacheMark)]
        }
        var parts: [Part] = []
        for (place, part) in content.elements.enumerated() {
            parts.append(try read(part: part, "messages[\(position)].content[\(place)]"))
        }
        return parts
    }

    private func read(part: JSONView, _ name: String) throws(ConversationError) -> Part {
        let mark = part.chatCacheMark
        guard let type = part["type"]?.string else {
            throw ConversationError("'\(name).type' is required.", param: "\(name).type")
        }
        switch type {
        case "text":
            guard let text = part["text"]?.text else { throw Self.missing("text", of: name) }
            return Part(.text(text), cacheMark: mark)
        case "refusal": return Part(.refusal(part["refusal"]?.text ?? .empty), cacheMark: mark)
        case "image_url":
            guard let url = part["image_url"]?["url"]?.text ?? part["image_url"]?.text else {
                throw Self.missing("image_url.url", of: name)
            }
            var media = DataURL.media(url)
            media.detail = part["image_url"]?["detail"]?.text
            return Part(.image(media), cacheMark: mark)
        case "input_audio":
            guard let audio = part["input_audio"], let data = audio["data"]?.text else {
                throw Self.missing("input_audio.data", of: name)
            }
            let format = audio["format"]?.text ?? "wav"
            let type: JSONText = format.means("mp3") ? "audio/mpeg" : JSONText("audio/").joined(with: format, separator: "")
            return Part(.audio(Media(.base64(data), mediaType: type)), cacheMark: mark)
        case "file":
            guard let file = part["file"] else { throw Self.missing("file", of: name) }
            return Part(.file(try self.file(file, name)), cacheMark: mark)
        default: return Part(.other(part.fragment, kind: type), cacheMark: mark)
        }
    }

    private func file(_ file: JSONView, _ name: String) throws(ConversationError) -> Media {
        var media: Media
        if let data = file["file_data"]?.text {
            media = DataURL.media(data)
        } else if let id = file["file_id"]?.text {
            media = Media(.fileID(id))
        } else {
            throw Self.missing("file.file_data", of: name)
        }
        media.fileName = file["filename"]?.text
        return media
    }

    private static func missing(_ member: String, of name: String) -> ConversationError {
        ConversationError("'\(name).\(member)' is required.", param: "\(name).\(member)")
    }
}

/// `data:` URLs, as OpenAI's forms carry media.
enum DataURL {
    /// `data:image/png;base64,…` taken apart; any other URL as it is.
    static func media(_ url: JSONText) -> Media {
        let bytes = url.content.readableBytesView
        guard bytes.starts(with: "data:".utf8), let comma = bytes.firstIndex(of: UInt8(ascii: ",")) else {
            return Media(.url(url))
        }
        let head = bytes[(bytes.startIndex + 5)..<comma]
        let typeEnd = head.firstIndex(of: UInt8(ascii: ";")) ?? head.endIndex
        let type = String(decoding: head[head.startIndex..<typeEnd], as: UTF8.self)
        let data = JSONText(content: ByteBuffer(bytes[(comma + 1)...]))
        let mediaType: JSONText? = type.isEmpty ? nil : JSONText(type.replacingEscapedSlashes)
        return Media(.base64(data), mediaType: mediaType)
    }

    /// The media as a `data:` URL.
    static func text(_ data: JSONText, type: JSONText?) -> JSONText {
        JSONText("data:").joined(with: type ?? "application/octet-stream", separator: "")
            .joined(with: data, separator: ";base64,")
    }
}

extension String {
    /// JSON may write `/` as `\/`.
    fileprivate var replacingEscapedSlashes: String {
        contains("\\/") ? split(separator: "\\", omittingEmptySubsequences: false).joined() : self
    }
}

extension JSONView {
    /// OpenAI's `prompt_cache_breakpoint`, or Qwen's `cache_control`.
    var chatCacheMark: CacheMark? {
        if let breakpoint = self["prompt_cache_breakpoint"] { return CacheMark(timeToLive: breakpoint["ttl"]?.text) }
        return self["cache_control"].map { CacheMark(timeToLive: $0["ttl"]?.text) }
    }
}
