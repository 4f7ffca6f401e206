import NIOCore
import Wire

/// Reads the parts of candidates, and numbers the calls among them.
struct GeminiParts: Sendable {
    /// Sets the ids of this answer's calls apart from another's.
    private var seed: UInt64 = 0
    private var calls = 0

    /// The answer's own id, where it has one, is what ids of calls are made of.
    mutating func name(_ response: JSONText?) {
        guard seed == 0, let response else { return }
        seed = response.content.withUnsafeReadableBytes { StableHash.hash($0, seed: 0x6765_6D69) } | 1
    }

    /// What hosted tools did (`executableCode` and the like) says nothing: only a client of this form can ask for them.
    mutating func read(_ part: JSONView) -> GeminiReading {
        let signature = part["thoughtSignature", "thought_signature"]?.text.flatMap { value in
            value == GeminiSeal.filler ? nil : Signature(origin: .geminiGenerate, value: value)
        }
        if let text = part["text"]?.text {
            if part["thought"]?.bool == true {
                let isEmpty = text.isEmpty && signature == nil
                return GeminiReading(thought: isEmpty ? nil : Reasoning(text: text, signature: signature))
            }
            return GeminiReading(
                part: text.isEmpty ? nil : Part(.text(text)), thought: signature.map { Reasoning(signature: $0) })
        }
        if let call = part["functionCall", "function_call"], let name = call["name"]?.text {
            return GeminiReading(part: Part(.toolCall(read(call: call, name, signature))))
        }
        return GeminiReading(
            part: media(part).map { Part($0) }, thought: signature.map { Reasoning(signature: $0) })
    }

    private mutating func read(call: JSONView, _ name: JSONText, _ signature: Signature?) -> ToolCall {
        let given = call["id"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        let id = given ?? ToolCallID.minted(seed: seed, ordinal: calls)
        calls &+= 1
        let arguments = call["args"].flatMap { $0.isObject ? $0.fragment : nil } ?? .emptyObject
        return ToolCall(id: id, name: name, arguments: .object(arguments), signature: signature)
    }

    private func media(_ part: JSONView) -> Part.Content? {
        if let inline = part["inlineData", "inline_data"], let data = inline["data"]?.text {
            return GeminiMedia.content(
                Media(.base64(GeminiMedia.standard(data)), mediaType: inline["mimeType", "mime_type"]?.text))
        }
        guard let file = part["fileData", "file_data"], let address = file["fileUri", "file_uri"]?.text else {
            return nil
        }
        return GeminiMedia.content(Media(.url(address), mediaType: file["mimeType", "mime_type"]?.text))
    }
}

extension JSONView {
    /// The elements of a member that is a list, without a list of them being made; none where it is none.
    func each(_ name: StaticString, _ body: (JSONView) -> Void) {
        guard let list = self[name] else { return }
        for element in list.index.elements(of: list.node) {
            body(list.at(element))
        }
    }
}
