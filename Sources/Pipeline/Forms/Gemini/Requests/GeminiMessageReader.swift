import NIOCore
import Wire

/// Reads contents, and keeps the calls whose answers have not come yet: results often name no call, only its function.
struct GeminiMessageReader {
    /// What parts say that the neutral model has no place for.
    private(set) var others: [OtherField] = []
    private var calls = 0
    /// Calls not answered yet, in order.
    private var open: [(name: JSONText, id: JSONText)] = []

    /// The model's turn so far: its package keeps every chunk of a stream as a content of its own.
    private var turn = GeminiJoiner()

    mutating func read(
        _ content: JSONView, _ position: Int, into messages: inout [Message]
    ) throws(ConversationError) {
        let role = try role(of: content.object(named: "contents[\(position)]"), position)
        guard let list = content["parts"], list.kind == .array, list.index.childCount(of: list.node) > 0 else {
            throw .mistyped("contents[\(position)].parts", "a non-empty array of parts")
        }
        var user = Message(role: .user, parts: [])
        if role == .user { endTurn(into: &messages) }
        for (place, part) in list.elements.enumerated() {
            let place = Place(position, place)
            let piece = try read(try part.object(named: place.name), place)
            switch role {
            case .assistant: turn.add(piece)
            case .user, .system, .developer: user.parts += piece.parts
            }
        }
        if role == .user { messages.append(user) }
    }

    /// Nothing follows the model's turn, or the user does.
    mutating func endTurn(into messages: inout [Message]) {
        let parts = turn.take()
        if !parts.isEmpty { messages.append(Message(role: .assistant, parts: parts)) }
    }

    /// Where a part stands.
    private struct Place {
        var content: Int
        var part: Int

        init(_ content: Int, _ part: Int) {
            self.content = content
            self.part = part
        }

        var name: String { "contents[\(content)].parts[\(part)]" }
    }

    /// `function` is what results came under in the API's first version.
    private func role(of content: JSONView, _ position: Int) throws(ConversationError) -> Message.Role {
        guard let role = content["role"] else { return .user }
        if role.means("model") { return .assistant }
        guard role.means("user") || role.means("function") || role.means("") else {
            throw .mistyped("contents[\(position)].role", "\"user\" or \"model\"")
        }
        return .user
    }

    private mutating func read(_ part: JSONView, _ place: Place) throws(ConversationError) -> GeminiReading {
        let signature = try part["thoughtSignature", "thought_signature"]?
            .string(named: "\(place.name).thoughtSignature")
        if let call = part["functionCall", "function_call"] {
            return GeminiReading(part: try read(call: call, signature, place))
        }
        if let response = part["functionResponse", "function_response"] {
            return GeminiReading(part: try read(response: response, place))
        }
        if let text = part["text"] {
            let text = try text.string(named: "\(place.name).text")
            if part["thought"]?.bool == true {
                return GeminiReading(thought: GeminiSeal.reasoning(text: text, signature))
            }
            return GeminiReading(
                part: text.isEmpty ? nil : Part(.text(text)), thought: GeminiSeal.reasoning(text: .empty, signature))
        }
        if let media = try GeminiMedia.read(part, { place.name }) {
            others += part.geminiOthers(
                than: ["inlineData", "fileData", "thoughtSignature", "thought"], prefix: "contents.parts.")
            return GeminiReading(part: Part(media))
        }
        if let kind = part.members.first(where: { !Self.notes.contains(GeminiNames.camel($0.name)) })?.name {
            return GeminiReading(part: Part(.other(part.fragment, kind: GeminiNames.camel(kind))))
        }
        guard signature != nil else {
            throw .mistyped(
                place.name, "an object with one of text, inlineData, fileData, functionCall, functionResponse")
        }
        return GeminiReading(thought: GeminiSeal.reasoning(text: .empty, signature))
    }

    /// What may stand beside a part's content.
    private static let notes: Set<String> = [
        "thought", "thoughtSignature", "videoMetadata", "mediaResolution", "partMetadata",
    ]

    private mutating func read(
        call: JSONView, _ signature: JSONText?, _ place: Place
    ) throws(ConversationError) -> Part {
        let path = "\(place.name).functionCall"
        let name = try required(try call.object(named: path)["name"], "\(path).name")
        let arguments = try call["args"]?.object(named: "\(path).args").fragment ?? .emptyObject
        let given = try call["id"]?.string(named: "\(path).id")
        let id =
            given.flatMap { $0.isEmpty ? nil : ToolCallID.opened($0).id }
            ?? ToolCallID.minted(seed: 0, ordinal: calls)
        calls += 1
        open.append((name, id))
        return Part(
            .toolCall(
                ToolCall(
                    id: id, name: name, arguments: .object(arguments),
                    signature: signature.map { Signature.opened($0, from: .geminiGenerate) })))
    }

    private mutating func read(response: JSONView, _ place: Place) throws(ConversationError) -> Part {
        let path = "\(place.name).functionResponse"
        let name = try required(try response.object(named: path)["name"], "\(path).name")
        guard let object = response["response"], object.isObject else {
            throw .mistyped("\(path).response", "an object")
        }
        let given = try response["id"]?.string(named: "\(path).id")
        var result = ToolResult(callID: answered(name, given), name: name, parts: [])
        if let text = Self.plainText(object) {
            result.parts = [Part(.text(text))]
        } else {
            result.object = object.fragment
        }
        result.isError = object.index.childCount(of: object.node) == 1 && object["error"] != nil
        for (position, part) in try (response["parts"]?.list(named: "\(path).parts", of: "parts") ?? []).enumerated() {
            let inner = "\(path).parts[\(position)]"
            guard let media = try GeminiMedia.read(part, { inner }) else {
                throw .mistyped(inner, "an object with inlineData or fileData")
            }
            result.parts.append(Part(media))
        }
        others += response.geminiOthers(
            than: ["name", "response", "id", "parts"], prefix: "contents.parts.functionResponse.")
        return Part(.toolResult(result))
    }

    /// The form wants an object even where a tool gave a text: `{"output": text}`, `{"result": text}` (the package's own)
    /// and `{"error": text}` stand for the text.
    private static func plainText(_ object: JSONView) -> JSONText? {
        guard object.index.childCount(of: object.node) == 1 else { return nil }
        return (object["output"] ?? object["result"] ?? object["error"])?.text
    }

    private func required(_ value: JSONView?, _ name: String) throws(ConversationError) -> JSONText {
        guard let value else { throw .mistyped(name, "a non-empty string") }
        return try value.nonEmptyString(named: name)
    }

    /// The id of the call that a result answers: the one it names, else the first of that function not answered yet.
    private mutating func answered(_ name: JSONText, _ given: JSONText?) -> JSONText {
        let id = given.flatMap { $0.isEmpty ? nil : ToolCallID.opened($0).id }
        let place = open.firstIndex { $0.id == id } ?? open.firstIndex { $0.name == name }
        guard let place else { return id ?? ToolCallID.minted(seed: 0, ordinal: calls) }
        return open.remove(at: place).id
    }
}
