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
        guard let choices = root["choices"], choices.kind == .array, choices.hasElements else {
            throw .malformed("it has no 'choices'")
        }
        var completion = Completion()
        completion.id = root["id"]?.text
        completion.model = root["model"]?.text
        completion.createdSeconds = root["created"]?.int64
        completion.serviceTier = root["service_tier"]?.text
        completion.usage = root["usage"].flatMap(ChatUsage.read)
        let seed = ChatCallID.seed(root)
        var read: [(index: Int64, choice: CompletionChoice)] = []
        for (position, choice) in choices.elements.enumerated() {
            guard let message = choice["message"], message.isObject else {
                throw .malformed("a choice has no 'message'")
            }
            var reader = ChatAnswerReader(seed: seed)
            reader.read(message)
            read.append((choice["index"]?.int64 ?? Int64(position), reader.finish(choice)))
        }
        completion.choices = read.sorted { $0.index < $1.index }.map(\.choice)
        return completion
    }
}

/// Reads the message of one choice.
struct ChatAnswerReader {
    let seed: UInt64
    private var choice = CompletionChoice()
    private var calls = 0

    init(seed: UInt64) {
        self.seed = seed
    }

    mutating func read(_ message: JSONView) {
        readThoughts(of: message)
        readContent(of: message)
        if let refusal = message["refusal"]?.text, !refusal.isEmpty { choice.parts.append(Part(.refusal(refusal))) }
        for image in message["images"]?.elements ?? [] {
            if let picture = ChatMedia.image(image) { choice.parts.append(picture) }
        }
        if let audio = message["audio"] { choice.parts += ChatMedia.audio(audio) }
        for call in message["tool_calls"]?.elements ?? [] { read(call: call) }
        if let call = message["function_call"], let name = call["name"]?.text, !name.isEmpty {
            add(ToolCallID.minted(seed: seed, ordinal: calls), name, arguments(call["arguments"]))
        }
    }

    /// - Parameter object: the choice's object.
    consuming func finish(_ object: JSONView) -> CompletionChoice {
        if let logprobs = object["logprobs"]?["content"], logprobs.kind == .array {
            choice.logprobs = JSONFragment(kind: .object) { writer in
                writer.object { $0.member("content", logprobs.fragment) }
            }
        }
        choice.stop = object["finish_reason"].flatMap { ChatStopReason.read($0, hasCalls: calls > 0) }
        return choice
    }

    private mutating func readThoughts(of message: JSONView) {
        let text = message["reasoning_content"]?.text ?? message["reasoning"]?.text ?? .empty
        let signature = message["reasoning_signature"]?.text.map { Signature.opened($0, from: .openAIChat) }
        if !text.isEmpty || signature != nil {
            choice.parts.append(Part(.reasoning(Reasoning(text: text, signature: signature))))
        }
        for redacted in message["redacted_reasoning"]?.elements.compactMap(\.text) ?? [] {
            choice.parts.append(Part(.reasoning(Reasoning(redacted: Signature.opened(redacted, from: .openAIChat)))))
        }
    }

    private mutating func readContent(of message: JSONView) {
        let citations = message["annotations"].flatMap { $0.hasElements ? $0.fragment : nil }
        if let text = message["content"]?.text {
            if !text.isEmpty { choice.parts.append(Part(.text(text), citations: citations)) }
            return
        }
        for part in message["content"]?.elements ?? [] {
            if let text = part["text"]?.text, !text.isEmpty {
                choice.parts.append(Part(.text(text)))
            } else if let refusal = part["refusal"]?.text, !refusal.isEmpty {
                choice.parts.append(Part(.refusal(refusal)))
            } else if let picture = ChatMedia.image(part) {
                choice.parts.append(picture)
            }
        }
        if let last = choice.parts.lastIndex(where: \.isText) { choice.parts[last].citations = citations }
    }

    private mutating func read(call: JSONView) {
        let id = call["id"]?.text.flatMap { $0.isEmpty ? nil : $0 } ?? ToolCallID.minted(seed: seed, ordinal: calls)
        if let custom = call["custom"], let name = custom["name"]?.text {
            add(id, name, .text(custom["input"]?.text ?? .empty))
        } else if let function = call["function"], let name = function["name"]?.text {
            add(id, name, arguments(function["arguments"]))
        }
    }

    /// Some local servers write the object itself.
    private func arguments(_ value: JSONView?) -> ToolArguments {
        guard let value else { return .encoded(.empty) }
        return value.text.map { .encoded($0) } ?? .object(value.fragment)
    }

    /// Another gateway of this kind seals what a call must come back with in its id.
    private mutating func add(_ id: JSONText, _ name: JSONText, _ arguments: ToolArguments) {
        choice.parts.append(Part(.toolCall(ToolCall(id: id, name: name, arguments: arguments))))
        calls += 1
    }
}

extension ChatCallID {
    /// Sets the ids that are minted for one answer apart from another's.
    static func seed(_ answer: JSONView) -> UInt64 {
        let name = answer["id"]?.fragment.bytes ?? answer.body
        return name.withUnsafeReadableBytes { StableHash.hash($0, seed: 0x7365_6564) } >> 16
    }
}
