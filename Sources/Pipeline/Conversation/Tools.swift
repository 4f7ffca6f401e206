package import Wire

/// A tool the model may call, or one the vendor runs itself.
package struct ToolDefinition: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// `parameters`: a JSON Schema; nil: none given, that is no arguments.
        case function(parameters: JSONFragment?)
        /// Takes free text; `format` as OpenAI writes it.
        case custom(format: JSONFragment?)
        /// Run by the vendor; the definition as its form writes it, `type` the name of its kind there.
        case hosted(JSONFragment, type: String)
    }

    package var kind: Kind
    /// Empty for hosted tools without one.
    package var name: JSONText
    package var description: JSONText?
    /// A JSON Schema of what a function gives back, in forms that have one (Gemini).
    package var resultSchema: JSONFragment?
    /// The arguments must follow the schema to the letter.
    package var isStrict: Bool?
    package var cacheMark: CacheMark?
    /// Members of the definition that no other form has, by name: reported as dropped where they cannot be written.
    package var others: [OtherField]

    package init(
        _ kind: Kind, name: JSONText, description: JSONText? = nil, isStrict: Bool? = nil, cacheMark: CacheMark? = nil,
        others: [OtherField] = []
    ) {
        self.kind = kind
        self.name = name
        self.description = description
        self.isStrict = isStrict
        self.cacheMark = cacheMark
        self.others = others
    }
}

/// Which tools an answer may or must use.
package enum ToolChoice: Sendable, Equatable {
    case auto
    case none
    /// At least one, whichever.
    case required
    /// This one.
    case tool(name: JSONText)
    /// Out of these; `mustCall` as with `required`.
    case subset(names: [JSONText], mustCall: Bool)
    /// What only its own form knows.
    case other(JSONFragment)
}

/// A call that the model made.
package struct ToolCall: Sendable, Equatable {
    /// Never empty: a reader mints one where the form has none (`ToolCallID`).
    package var id: JSONText
    package var name: JSONText
    package var arguments: ToolArguments
    /// Gemini's `thoughtSignature`, which must come back with the call.
    package var signature: Signature?

    package init(id: JSONText, name: JSONText, arguments: ToolArguments, signature: Signature? = nil) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.signature = signature
    }
}

/// A call's arguments, as the form they came in keeps them.
package enum ToolArguments: Sendable, Equatable {
    /// JSON inside a string (OpenAI's forms). What models write need not be JSON.
    case encoded(JSONText)
    /// A JSON object (Anthropic, Gemini).
    case object(JSONFragment)
    /// Free text of a custom tool.
    case text(JSONText)

    /// The arguments as JSON inside a string; free text as it is.
    package var encoded: JSONText {
        switch self {
        case .encoded(let text), .text(let text): text
        case .object(let object): object.asText
        }
    }

    /// The arguments as an object: an empty text is `{}`; free text and what is no JSON object becomes `{"input": text}`.
    ///
    /// - Parameter index: scratch.
    package func object(index: inout JSONIndex) -> JSONFragment {
        switch self {
        case .object(let object): return object
        case .encoded(let text):
            if text.isBlank { return .emptyObject }
            if let object = JSONFragment(parsing: text, index: &index), object.kind == .object { return object }
            return Self.wrapped(text)
        case .text(let text): return Self.wrapped(text)
        }
    }

    private static func wrapped(_ text: JSONText) -> JSONFragment {
        JSONFragment(kind: .object) { writer in
            writer.object { $0.member("input", text) }
        }
    }
}

/// What a tool gave back.
package struct ToolResult: Sendable, Equatable {
    package var callID: JSONText
    /// The tool's name; nil where the form leaves it out (`Conversation.toolName(ofCall:)` finds it).
    package var name: JSONText?
    /// Texts and media, in order.
    package var parts: [Part]
    /// The answer as an object, where the form has objects (Gemini): then `parts` holds no text.
    package var object: JSONFragment?
    package var isError: Bool

    package init(
        callID: JSONText, name: JSONText? = nil, parts: [Part], object: JSONFragment? = nil, isError: Bool = false
    ) {
        self.callID = callID
        self.name = name
        self.parts = parts
        self.object = object
        self.isError = isError
    }
}

extension Conversation {
    /// The name of the tool that the call `id` was for; nil: no message holds such a call.
    package func toolName(ofCall id: JSONText) -> JSONText? {
        for message in messages {
            for part in message.parts {
                if case .toolCall(let call) = part.content, call.id == id { return call.name }
            }
        }
        return nil
    }
}
