package import NIOCore
package import Wire

/// Reads a Responses request into a `Conversation`.
///
/// Items of one turn of the model (its thoughts, calls and one message) become one message; every other item is one of its
/// own. System and developer items before the first turn are instructions.
package enum ResponsesConversationReader {
    /// - Parameters:
    ///   - path: says nothing in this form.
    ///   - isIndexed: `index` holds the body's index already.
    ///   - index: scratch; holds the body's index afterwards.
    package static func read(
        _ body: ByteBuffer, path: PathParameters?, isIndexed: Bool = false, index: inout JSONIndex
    ) throws(ConversationError) -> Conversation {
        do throws(JSONError) {
            if !isIndexed {
                try body.withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
            }
        } catch {
            throw ConversationError(RequestError(error))
        }
        return try body.withUnsafeReadableBytes { bytes throws(ConversationError) in
            var parser = try ResponsesRequestParser(ResponsesText(body: body, bytes: bytes, index: index))
            try parser.readMembers()
            return parser.conversation
        }
    }
}

/// Walks a Responses request's members and fills a conversation.
struct ResponsesRequestParser {
    let text: ResponsesText
    var conversation: Conversation

    init(_ text: ResponsesText) throws(ConversationError) {
        guard text.kind(0) == .object else { throw ConversationError("The request body must be a JSON object.") }
        if let duplicate = text.index.firstDuplicateKey(of: 0, in: text.bytes) {
            let name = text.string(duplicate)
            throw ConversationError("'\(name)' is given more than once. Give it once.", param: name)
        }
        guard let model = text.member("model", of: 0), text.kind(model) == .string, !text.string(model).isEmpty else {
            throw ConversationError("'model' must be a non-empty string that names a model.", param: "model")
        }
        self.text = text
        conversation = Conversation(form: .openAIResponses, model: text.string(model), isStream: false)
    }

    mutating func readMembers() throws(ConversationError) {
        guard let input = text.member("input", of: 0) else {
            throw .mistyped("input", "a string or a non-empty array of items")
        }
        for (key, value) in text.index.members(of: 0) where text.kind(value) != .null {
            try read(text.string(key), value)
        }
        try readInput(input)
    }

    private mutating func read(_ name: String, _ value: Int) throws(ConversationError) {
        switch name {
        case "model", "input": break
        case "stream": conversation.isStream = try flag(value, name)
        case "instructions":
            let instructions = try string(value, name)
            if !instructions.isEmpty { conversation.instructions.append(Instruction(text: instructions)) }
        case "previous_response_id", "conversation", "prompt": throw ConversationError(stored: name)
        case "background":
            if try flag(value, name) { throw ConversationError(stored: name) }
        case "tools": try readTools(value)
        case "tool_choice": try readToolChoice(value)
        case "parallel_tool_calls": conversation.allowsParallelToolCalls = try flag(value, name)
        default:
            if try !readSetting(name, value) { addOther(name, value) }
        }
    }

    /// Keeps what has no place of its own.
    mutating func addOther(_ name: String, _ value: Int) {
        conversation.others.append(OtherField(name: name, value: text.fragment(value)))
    }

    /// - Parameter name: made only where the value is wrong, as are names and paths below.
    func flag(_ value: Int, _ name: @autoclosure () -> String) throws(ConversationError) -> Bool {
        guard let flag = text.index.bool(value) else { throw .mistyped(name(), "true or false") }
        return flag
    }

    func string(_ value: Int, _ name: @autoclosure () -> String) throws(ConversationError) -> JSONText {
        guard let string = text.text(value) else { throw .mistyped(name(), "a string") }
        return string
    }

    /// A member that must be there and be a string.
    func string(_ name: StaticString, of object: Int, path: @autoclosure () -> String) throws(ConversationError)
        -> JSONText
    {
        guard let value = text.member(name, of: object) else { throw .mistyped("\(path()).\(name)", "a string") }
        return try string(value, "\(path()).\(name)")
    }

    func number(_ value: Int, _ name: @autoclosure () -> String) throws(ConversationError) -> JSONFragment {
        guard text.kind(value) == .number else { throw .mistyped(name(), "a number") }
        return text.fragment(value)
    }

    func object(_ value: Int, _ name: @autoclosure () -> String) throws(ConversationError) -> Int {
        guard text.kind(value) == .object else { throw .mistyped(name(), "an object") }
        return value
    }
}

extension ConversationError {
    init(_ error: RequestError) {
        switch error {
        case .invalid(let param, let message): self.init(message, param: param)
        }
    }

    /// - Parameter field: of those that lean on a vendor's memory.
    init(stored field: String) {
        self = RequestError.stored(field).map { ConversationError($0) } ?? .mistyped(field, "left out")
    }
}
