/// The members that a reader of chat completions, whole or in chunks, asks for at any depth, in any vendor's dialect
/// (OpenAI's package 3.52.0 and the vendors' references, read 2026-11).
package enum ChatAnswerKey: UInt8, Sendable {
    case id, object, created, model, choices, usage, serviceTier, error, message, code
    case index, delta, finishReason, logprobs
    case content, refusal, annotations, images, audio, data, transcript
    case reasoning, reasoningContent, reasoningSignature, redactedReasoning
    case toolCalls, functionCall, function, custom, name, arguments, input
    case type, text, thinking, imageURL, url
    /// Any other.
    case other

    /// - Parameter node: a member's key.
    init(_ node: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        let key = index[node]
        guard let content = index.content(key, in: bytes) else {
            self = .other
            return
        }
        self = key.hasEscapes ? Array(JSONDecodedBytes(content)).withUnsafeBytes { Self($0) } : Self(content)
    }

    /// - Parameter name: a key's bytes, escapes decoded.
    private init(_ name: UnsafeRawBufferPointer) {
        self =
            switch name.count {
            case 2 where name.spells("id"): .id
            case 3 where name.spells("url"): .url
            case 4: Self.ofFour(name)
            case 5: Self.ofFive(name)
            case 6 where name.spells("object"): .object
            case 6 where name.spells("images"): .images
            case 6 where name.spells("custom"): .custom
            case 7: Self.ofSeven(name)
            case 8 where name.spells("logprobs"): .logprobs
            case 8 where name.spells("function"): .function
            case 8 where name.spells("thinking"): .thinking
            case 9 where name.spells("arguments"): .arguments
            case 9 where name.spells("reasoning"): .reasoning
            case 9 where name.spells("image_url"): .imageURL
            case 10 where name.spells("tool_calls"): .toolCalls
            case 10 where name.spells("transcript"): .transcript
            case 11 where name.spells("annotations"): .annotations
            case 12 where name.spells("service_tier"): .serviceTier
            case 13 where name.spells("finish_reason"): .finishReason
            case 13 where name.spells("function_call"): .functionCall
            case 17 where name.spells("reasoning_content"): .reasoningContent
            case 18 where name.spells("redacted_reasoning"): .redactedReasoning
            case 19 where name.spells("reasoning_signature"): .reasoningSignature
            default: .other
            }
    }

    private static func ofFour(_ name: UnsafeRawBufferPointer) -> ChatAnswerKey {
        if name.spells("text") { return .text }
        if name.spells("type") { return .type }
        if name.spells("name") { return .name }
        if name.spells("code") { return .code }
        return name.spells("data") ? .data : .other
    }

    private static func ofFive(_ name: UnsafeRawBufferPointer) -> ChatAnswerKey {
        if name.spells("index") { return .index }
        if name.spells("delta") { return .delta }
        if name.spells("model") { return .model }
        if name.spells("usage") { return .usage }
        if name.spells("error") { return .error }
        if name.spells("input") { return .input }
        return name.spells("audio") ? .audio : .other
    }

    private static func ofSeven(_ name: UnsafeRawBufferPointer) -> ChatAnswerKey {
        if name.spells("content") { return .content }
        if name.spells("choices") { return .choices }
        if name.spells("created") { return .created }
        if name.spells("refusal") { return .refusal }
        return name.spells("message") ? .message : .other
    }
}

/// The members of an object that readers of chat completions ask for, in the order of the text, nulls left out. Allocates
/// nothing.
package struct ChatAnswerMembers: Sequence, IteratorProtocol {
    private let index: JSONIndex
    private let bytes: UnsafeRawBufferPointer
    private var position: Int
    private let end: Int

    /// Those of `object`; none for any other kind.
    ///
    /// - Parameter bytes: what `index` was read from; they must outlive the iteration.
    package init(of object: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        self.index = index
        self.bytes = bytes
        let node = index[object]
        end = node.kind == .object ? Int(node.next) : 0
        position = node.kind == .object ? object &+ 1 : end
    }

    /// The next member's key and the node of its value.
    package mutating func next() -> (key: ChatAnswerKey, value: Int)? {
        while position < end {
            let key = position
            let value = key &+ 1
            let node = index[value]
            position = Int(node.next)
            guard node.kind != .null else { continue }
            let known = ChatAnswerKey(key, in: bytes, index: index)
            if known != .other { return (known, value) }
        }
        return nil
    }
}
