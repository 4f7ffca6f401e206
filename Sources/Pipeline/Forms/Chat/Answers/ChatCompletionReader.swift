package import NIOCore
package import Wire

/// Reads a whole chat completion, in any vendor's dialect of the form.
package enum ChatCompletionReader {
    /// - Parameter index: scratch; holds the body's index afterwards.
    package static func read(_ body: ByteBuffer, index: inout JSONIndex) throws(CompletionError) -> Completion {
        guard let root = JSONView(body, index: &index) else {
            throw .malformed("the body is not one whole JSON text")
        }
        guard root.isObject else { throw .malformed("the body is not a JSON object") }
        if root["error"] != nil { throw .upstream(UpstreamErrorReader.read(body, index: &index)) }
        guard let choices = root["choices"], choices.kind == .array, !choices.elements.isEmpty else {
            throw .malformed("it has no 'choices'")
        }
        var completion = Completion()
        completion.id = root["id"]?.text
        completion.model = root["model"]?.text
        completion.createdSeconds = root["created"]?.int64
        completion.serviceTier = root["service_tier"]?.text
        completion.usage = root["usage"].flatMap(ChatUsage.read)
        for choice in choices.elements {
            guard let message = choice["message"] else { throw .malformed("a choice has no 'message'") }
            completion.choices.append(read(choice, message))
        }
        return completion
    }

    private static func read(_ choice: JSONView, _ message: JSONView) -> CompletionChoice {
        var result = CompletionChoice()
        if let thoughts = message["reasoning_content"]?.text ?? message["reasoning"]?.text, !thoughts.isEmpty {
            result.parts.append(Part(.reasoning(Reasoning(text: thoughts))))
        }
        if let text = message["content"]?.text {
            if !text.isEmpty { result.parts.append(Part(.text(text), citations: message["annotations"]?.fragment)) }
        } else {
            for part in message["content"]?.elements ?? [] {
                if let text = part["text"]?.text { result.parts.append(Part(.text(text))) }
            }
        }
        if let refusal = message["refusal"]?.text, !refusal.isEmpty { result.parts.append(Part(.refusal(refusal))) }
        var calls = 0
        for call in message["tool_calls"]?.elements ?? [] {
            if let part = part(of: call, ordinal: calls) {
                result.parts.append(part)
                calls += 1
            }
        }
        if let call = message["function_call"], let name = call["name"]?.text {
            let arguments = call["arguments"]?.text ?? .empty
            let id = JSONText("call_").joined(with: name, separator: "")
            result.parts.append(Part(.toolCall(ToolCall(id: id, name: name, arguments: .encoded(arguments)))))
            calls += 1
        }
        if let logprobs = choice["logprobs"]?["content"] {
            result.logprobs = JSONFragment(kind: .object) { writer in
                writer.object { $0.member("content", logprobs.fragment) }
            }
        }
        result.stop = choice["finish_reason"].map { ChatStopReason.read($0, hasCalls: calls > 0) }
        return result
    }

    private static func part(of call: JSONView, ordinal: Int) -> Part? {
        let id = call["id"]?.text.flatMap { $0.isEmpty ? nil : $0 } ?? ToolCallID.minted(seed: 0, ordinal: ordinal)
        if let custom = call["custom"], let name = custom["name"]?.text {
            return Part(.toolCall(ToolCall(id: id, name: name, arguments: .text(custom["input"]?.text ?? .empty))))
        }
        guard let function = call["function"], let name = function["name"]?.text else { return nil }
        let arguments: ToolArguments =
            function["arguments"]?.text.map { .encoded($0) }
            ?? function["arguments"].map { .object($0.fragment) } ?? .encoded(.empty)
        return Part(.toolCall(ToolCall(id: id, name: name, arguments: arguments)))
    }
}
