package import Wire

/// A request for an answer in no vendor's form: what every form can say, so that any can be written from any other.
///
/// Readers fill it from a client's body, writers make a target's body of it; nothing else knows two forms at once. Texts and
/// numbers are slices of the client's body, as they were written. nil always means that the client did not say.
///
/// A value whose copies share their memory until one changes: writers hold it whole, and it has some thirty references.
package struct Conversation: Sendable {
    private var content: Content

    package init(form: RequestForm, model: String, isStream: Bool) {
        content = Content(form: form, model: model, isStream: isStream)
    }

    /// The form it was read from: what the client's own names of fields are, and whose signatures it may hold.
    package var form: RequestForm {
        get { content.form }
        _modify { own(); yield &content.form }
    }
    /// What the client asks for by name.
    package var model: String {
        get { content.model }
        _modify { own(); yield &content.model }
    }
    package var isStream: Bool {
        get { content.isStream }
        _modify { own(); yield &content.isStream }
    }
    /// In the client's order.
    package var tools: [ToolDefinition] {
        get { content.tools }
        _modify { own(); yield &content.tools }
    }
    package var toolChoice: ToolChoice? {
        get { content.toolChoice }
        _modify { own(); yield &content.toolChoice }
    }
    /// false: at most one call in an answer.
    package var allowsParallelToolCalls: Bool? {
        get { content.allowsParallelToolCalls }
        _modify { own(); yield &content.allowsParallelToolCalls }
    }
    /// The tools came as Chat's deprecated `functions`: calls are answered as `function_call`, one at most.
    package var usesDeprecatedFunctions: Bool {
        get { content.usesDeprecatedFunctions }
        _modify { own(); yield &content.usesDeprecatedFunctions }
    }
    /// Instructions before the first turn: system and developer messages, `instructions`, `systemInstruction`. In order.
    package var instructions: [Instruction] {
        get { content.instructions }
        _modify { own(); yield &content.instructions }
    }
    /// In order. Neighbours of one role are not merged by readers: a form that must have them merged does so itself.
    package var messages: [Message] {
        get { content.messages }
        _modify { own(); yield &content.messages }
    }
    package var settings: GenerationSettings {
        get { content.settings }
        _modify { own(); yield &content.settings }
    }
    /// Members of the body that have no place above, in order: a writer of another form drops and reports them by name.
    package var others: [OtherField] {
        get { content.others }
        _modify { own(); yield &content.others }
    }

    /// Makes the memory this value's alone, before it changes.
    private mutating func own() {
        if !isKnownUniquelyReferenced(&content) { content = Content(content) }
    }
}

extension Conversation {
    private final class Content: @unchecked Sendable {  // changed only by a value that holds the one reference to it
        var form: RequestForm
        var model: String
        var isStream: Bool
        var tools: [ToolDefinition] = []
        var toolChoice: ToolChoice?
        var allowsParallelToolCalls: Bool?
        var usesDeprecatedFunctions = false
        var instructions: [Instruction] = []
        var messages: [Message] = []
        var settings = GenerationSettings()
        var others: [OtherField] = []

        init(form: RequestForm, model: String, isStream: Bool) {
            self.form = form
            self.model = model
            self.isStream = isStream
        }

        init(_ other: Content) {
            form = other.form
            model = other.model
            isStream = other.isStream
            tools = other.tools
            toolChoice = other.toolChoice
            allowsParallelToolCalls = other.allowsParallelToolCalls
            usesDeprecatedFunctions = other.usesDeprecatedFunctions
            instructions = other.instructions
            messages = other.messages
            settings = other.settings
            others = other.others
        }
    }
}

/// An instruction that precedes the conversation.
package struct Instruction: Sendable, Equatable {
    package enum Role: UInt8, Sendable { case system, developer }

    package var role: Role
    package var text: JSONText
    package var cacheMark: CacheMark?

    package init(role: Role = .system, text: JSONText, cacheMark: CacheMark? = nil) {
        self.role = role
        self.text = text
        self.cacheMark = cacheMark
    }
}

/// One contribution to the conversation.
package struct Message: Sendable, Equatable {
    package enum Role: UInt8, Sendable {
        /// The caller: questions, and what tools gave back (`ToolResult` parts).
        case user
        case assistant
        /// An instruction between turns.
        case system
        case developer
    }

    package var role: Role
    /// The participant's name, in forms that have one.
    package var name: JSONText?
    package var parts: [Part]

    package init(role: Role, name: JSONText? = nil, parts: [Part]) {
        self.role = role
        self.name = name
        self.parts = parts
    }
}

/// A member that the neutral model has no place for.
package struct OtherField: Sendable, Equatable {
    /// As the client spelled it, with the path to it where it is nested (`generationConfig.imageConfig`).
    package var name: String
    package var value: JSONFragment

    package init(name: String, value: JSONFragment) {
        self.name = name
        self.value = value
    }
}

/// The client's wish that the vendor caches the prompt up to here.
package struct CacheMark: Sendable, Equatable {
    /// `5m`, `1h`, `30m`, `12h` as written; nil: the vendor's usual time.
    package var timeToLive: JSONText?

    package init(timeToLive: JSONText? = nil) {
        self.timeToLive = timeToLive
    }
}
