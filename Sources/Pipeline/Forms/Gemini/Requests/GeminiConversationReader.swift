package import NIOCore
package import Wire

/// Reads a `generateContent` request (package google-genai 3.4.0, read 2026-11).
package enum GeminiConversationReader {
    /// Members are taken in camel case and with underscores, for the package mixes both.
    ///
    /// - Parameters:
    ///   - body: of `:generateContent` or `:streamGenerateContent`, or of `:countTokens`, where the request may stand in
    ///     `generateContentRequest`.
    ///   - path: the model, and whether the answer streams; without it there is no request.
    ///   - isIndexed: `index` holds the body's index already.
    ///   - index: scratch; holds the body's index afterwards.
    package static func read(
        _ body: ByteBuffer, path: PathParameters?, isIndexed: Bool = false, index: inout JSONIndex
    ) throws(ConversationError) -> Conversation {
        guard let path else { throw ConversationError("The model must stand in the path.") }
        let whole = try root(of: body, isIndexed: isIndexed, index: &index)
        let root = whole["generateContentRequest", "generate_content_request"].map { $0.isObject ? $0 : whole } ?? whole
        if root["cachedContent", "cached_content"] != nil {
            throw ConversationError(
                "'cachedContent' names what only the vendor that keeps it can read. Send the contents themselves.",
                param: "cachedContent")
        }
        var conversation = Conversation(form: .geminiGenerate, model: path.model, isStream: path.isStream)
        if let tools = root["tools"] { try GeminiToolsReader.read(tools, into: &conversation) }
        if let config = root["toolConfig", "tool_config"] {
            try GeminiToolsReader.read(choice: config, into: &conversation)
        }
        if let system = root["systemInstruction", "system_instruction"] {
            conversation.instructions = try instructions(system)
        }
        try readContents(root["contents"], into: &conversation)
        try GeminiSettingsReader.read(root, into: &conversation)
        conversation.others += root.geminiOthers(than: known)
        return conversation
    }

    private static let known: FieldNames = [
        "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "serviceTier",
        "store", "labels", "model",
    ]

    private static func root(
        of body: ByteBuffer, isIndexed: Bool, index: inout JSONIndex
    ) throws(ConversationError) -> JSONView {
        do throws(JSONError) {
            if !isIndexed {
                try body.withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
            }
        } catch {
            switch RequestError(error) {
            case .invalid(let param, let message): throw ConversationError(message, param: param)
            }
        }
        let root = JSONView(body: body, index: index, node: 0)
        guard root.isObject else { throw ConversationError("The request body must be a JSON object.") }
        return root
    }

    private static func instructions(_ system: JSONView) throws(ConversationError) -> [Instruction] {
        let name = "systemInstruction"
        guard let parts = try system.object(named: name)["parts"] else { return [] }
        var instructions: [Instruction] = []
        for (place, part) in try parts.list(named: "\(name).parts", of: "parts").enumerated() {
            guard let text = part["text"]?.text else {
                throw .mistyped("\(name).parts[\(place)].text", "a string: instructions are texts alone")
            }
            if !text.isEmpty { instructions.append(Instruction(text: text)) }
        }
        return instructions
    }

    private static func readContents(
        _ contents: JSONView?, into conversation: inout Conversation
    ) throws(ConversationError) {
        guard let contents, contents.kind == .array, contents.index.childCount(of: contents.node) > 0 else {
            throw .mistyped("contents", "a non-empty array of content objects")
        }
        var reader = GeminiMessageReader()
        conversation.messages.reserveCapacity(contents.index.childCount(of: contents.node))
        for (position, content) in contents.elements.enumerated() {
            try reader.read(content, position, into: &conversation.messages)
        }
        reader.endTurn(into: &conversation.messages)
        conversation.others += reader.others
    }
}
