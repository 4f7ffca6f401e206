import NIOCore
import Wire

/// Reads the parts of candidates, and numbers the calls among them.
struct GeminiParts: Sendable {
    /// Sets the ids of this answer's calls apart from another's.
    private var seed: UInt64 = 0
    private(set) var calls = 0

    /// The answer's own id, where it has one, is what ids of calls are made of.
    mutating func name(_ response: JSONText?) {
        guard seed == 0, let response else { return }
        seed = response.content.withUnsafeReadableBytes { StableHash.hash($0, seed: 0x6765_6D69) } | 1
    }

    mutating func read(_ part: JSONView) -> Part? {
        let signature = part["thoughtSignature", "thought_signature"]?.text.map {
            Signature(origin: .geminiGenerate, value: $0)
        }
        if let call = part["functionCall", "function_call"], let name = call["name"]?.text {
            let id = call["id"]?.text ?? ToolCallID.minted(seed: seed, ordinal: calls)
            calls += 1
            return Part(
                .toolCall(
                    ToolCall(
                        id: id, name: name, arguments: .object(call["args"]?.fragment ?? .emptyObject),
                        signature: signature)))
        }
        if let text = part["text"]?.text {
            if part["thought"]?.bool == true {
                return Part(.reasoning(Reasoning(text: text, signature: signature)))
            }
            return text.isEmpty ? nil : Part(.text(text))
        }
        guard let inline = part["inlineData", "inline_data"], let data = inline["data"]?.text else { return nil }
        let media = Media(.base64(data), mediaType: inline["mimeType", "mime_type"]?.text)
        let isAudio = media.mediaType?.string.hasPrefix("audio/") ?? false
        return Part(isAudio ? .audio(media) : .image(media))
    }
}
