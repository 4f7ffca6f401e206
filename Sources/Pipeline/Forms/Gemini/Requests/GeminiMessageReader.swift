import NIOCore
import Wire

/// Reads contents, and keeps the calls that have no id until their answers come.
struct GeminiMessageReader {
    private var calls = 0
    /// Calls not answered yet, in order.
    private var open: [(name: JSONText, id: JSONText)] = []

    mutating func read(_ content: JSONView, _ position: Int) throws(ConversationError) -> Message {
        var parts: [Part] = []
        for (place, part) in (content["parts"]?.elements ?? []).enumerated() {
            if let read = try read(part: part, "contents[\(position)].parts[\(place)]") { parts.append(read) }
        }
        return Message(role: content["role"]?.means("model") == true ? .assistant : .user, parts: parts)
    }

    private mutating func read(part: JSONView, _ name: String) throws(ConversationError) -> Part? {
        let signature = part["thoughtSignature", "thought_signature"]?.text.map {
            Signature.opened($0, from: .geminiGenerate)
        }
        if let call = part["functionCall", "function_call"] { return try read(call: call, signature, name) }
        if let response = part["functionResponse", "function_response"] { return try read(response: response, name) }
        if part["thought"]?.bool == true {
            return Part(.reasoning(Reasoning(text: part["text"]?.text ?? .empty, signature: signature)))
        }
        if let text = part["text"]?.text {
            return text.isEmpty ? nil : Part(.text(text))
        }
        if let data = part["inlineData", "inline_data"] {
            guard let encoded = data["data"]?.text else {
                throw ConversationError("'\(name).inlineData.data' is required.", param: "\(name).inlineData.data")
            }
            return media(.base64(Self.standard(encoded)), data["mimeType", "mime_type"]?.text)
        }
        if let file = part["fileData", "file_data"] {
            guard let uri = file["fileUri", "file_uri"]?.text else {
                throw ConversationError("'\(name).fileData.fileUri' is required.", param: "\(name).fileData.fileUri")
            }
            return media(.url(uri), file["mimeType", "mime_type"]?.text)
        }
        guard let kind = part.members.first?.name else {
            throw ConversationError("'\(name)' is empty. Give it one of text, inlineData, functionCall…", param: name)
        }
        return Part(.other(part.fragment, kind: kind))
    }

    private mutating func read(
        call: JSONView, _ signature: Signature?, _ name: String
    ) throws(ConversationError) -> Part {
        guard let functionName = call["name"]?.text else {
            throw ConversationError("'\(name).functionCall.name' is required.", param: "\(name).functionCall.name")
        }
        let id = call["id"]?.text.map { ToolCallID.opened($0).id } ?? ToolCallID.minted(seed: 0, ordinal: calls)
        calls += 1
        open.append((functionName, id))
        return Part(
            .toolCall(
                ToolCall(
                    id: id, name: functionName, arguments: .object(call["args"]?.fragment ?? .emptyObject),
                    signature: signature)))
    }

    private mutating func read(response: JSONView, _ name: String) throws(ConversationError) -> Part {
        guard let functionName = response["name"]?.text else {
            throw ConversationError(
                "'\(name).functionResponse.name' is required.", param: "\(name).functionResponse.name")
        }
        let given = response["id"]?.text.map { ToolCallID.opened($0).id }
        let place = open.firstIndex { call in given.map { $0 == call.id } ?? (call.name == functionName) }
        let id = given ?? place.map { open[$0].id } ?? ToolCallID.minted(seed: 0, ordinal: calls)
        if let place { open.remove(at: place) }
        let object = response["response"]?.fragment ?? .emptyObject
        let isError = response["response"]?["error"] != nil
        return Part(
            .toolResult(ToolResult(callID: id, name: functionName, parts: [], object: object, isError: isError)))
    }

    private func media(_ source: Media.Source, _ type: JSONText?) -> Part {
        let media = Media(source, mediaType: type)
        let kind = type?.string ?? ""
        if kind.hasPrefix("image/") { return Part(.image(media)) }
        return kind.hasPrefix("audio/") ? Part(.audio(media)) : Part(.file(media))
    }

    /// Other forms know the standard alphabet alone; Gemini's client writes the one for URLs.
    private static func standard(_ encoded: JSONText) -> JSONText {
        let bytes = encoded.content.readableBytesView
        guard bytes.contains(where: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }) else { return encoded }
        return JSONText(
            content: ByteBuffer(
                bytes: bytes.map {
                    $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0
                }))
    }
}
