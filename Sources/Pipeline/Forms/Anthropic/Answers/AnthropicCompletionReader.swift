package import NIOCore
package import Wire

/// Reads a whole answer of the Messages form.
package enum AnthropicCompletionReader {
    /// - Parameter index: scratch; holds the body's index afterwards.
    package static func read(_ body: ByteBuffer, index: inout JSONIndex) throws(CompletionError) -> Completion {
        guard let root = JSONView(body, index: &index) else {
            throw .malformed("the body is not one whole JSON text")
        }
        guard root.isObject else { throw .malformed("the body is not a JSON object") }
        if root["type"]?.means("error") == true || root["error"] != nil {
            throw .upstream(UpstreamErrorReader.read(body, index: &index))
        }
        guard let content = root["content"], content.kind == .array else {
            throw .malformed("it has no 'content'")
        }
        var choice = CompletionChoice(parts: content.elements.compactMap(part))
        choice.stop = root["stop_reason"].map { AnthropicStopReason.read($0, sequence: root["stop_sequence"]) }
        var completion = Completion(choices: [choice])
        completion.id = root["id"]?.text
        completion.model = root["model"]?.text
        if let usage = root["usage"] {
            var counts = AnthropicUsage()
            counts.merge(usage)
            completion.usage = counts.reported
            completion.serviceTier = usage["service_tier"]?.text
        }
        return completion
    }

    private static func part(_ block: JSONView) -> Part? {
        guard let type = block["type"]?.string else { return nil }
        switch type {
        case "text":
            return block["text"]?.text.map { Part(.text($0), citations: block["citations"]?.fragment) }
        case "tool_use":
            guard let id = block["id"]?.text, let name = block["name"]?.text else { return nil }
            let input = block["input"]?.fragment ?? .emptyObject
            return Part(.toolCall(ToolCall(id: id, name: name, arguments: .object(input))))
        case "thinking":
            let signature = block["signature"]?.text.flatMap { text in
                text.isEmpty ? nil : Signature(origin: .anthropicMessages, value: text)
            }
            return Part(.reasoning(Reasoning(text: block["thinking"]?.text ?? .empty, signature: signature)))
        case "redacted_thinking":
            return block["data"]?.text.map {
                Part(.reasoning(Reasoning(redacted: Signature(origin: .anthropicMessages, value: $0))))
            }
        default: return Part(.other(block.fragment, kind: type))
        }
    }
}
