import NIOCore
package import Wire

/// Writes a `Conversation` as a Responses request.
///
/// Order of the body: `model`, `tools`, `instructions`, `input`, then `tool_choice` and the settings. One system instruction
/// is `instructions` where no mark can stand on it; others are the first items. Nothing is left with the vendor unless the client says so
/// (`store`), and thoughts come back encrypted, so that the next turn can bring them along.
package enum ResponsesConversationWriter {
    /// - Parameter index: scratch.
    package static func write(
        _ conversation: Conversation, for target: WritingTarget, index: inout JSONIndex
    ) throws(ConversationError) -> WrittenRequest {
        var composer = ResponsesRequestComposer(conversation, target.traits)
        try composer.composeItems(index: &index)
        composer.writeBody(model: target.model, index: &index)
        return WrittenRequest(body: composer.body, report: composer.report)
    }
}

/// Writes one conversation's parts and notes what was left out.
struct ResponsesRequestComposer {
    let conversation: Conversation
    let traits: VendorTraits
    var report = FidelityReport()
    /// The elements of `input`, without the array's brackets.
    var items = JSONWriter()
    /// Thoughts that wait for what they led to: without it the vendor refuses them.
    var pendingReasoning: [Reasoning] = []
    /// Ids of calls of custom tools: their results are of another type.
    var customCalls: Set<JSONText> = []
    /// The vendor's own thoughts are among the items.
    var returnsReasoning = false
    private(set) var body = ByteBuffer()

    init(_ conversation: Conversation, _ traits: VendorTraits) {
        self.conversation = conversation
        self.traits = traits
    }

    /// The instruction that goes beside the items, if one does. Where the vendor takes marks none does, marked or not: marks come
    /// and go from turn to turn, and the prompt stays the same.
    var soleInstruction: Instruction? {
        guard conversation.instructions.count == 1, let only = conversation.instructions.first, only.role == .system,
            !traits.takesBreakpoints, only.cacheMark == nil || traits.unknownFields.contains(.cacheMarks)
        else { return nil }
        return only
    }

    /// - Parameter index: scratch.
    mutating func writeBody(model: String, index: inout JSONIndex) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("model", model)
        writeTools(into: &writer, index: &index)
        writer.member("instructions", ifPresent: soleInstruction?.text)
        writer.key("input")
        writer.array { $0.raw(elements: items.buffer) }
        writeToolChoice(into: &writer)
        writeSettings(into: &writer)
        writeOthers(into: &writer)
        writer.endObject()
        body = writer.buffer
    }

    /// The client speaks this form: what only the form knows is written as it came. Such a request is here because thoughts
    /// of another vendor were sealed in it.
    var isOwnForm: Bool { conversation.form == .openAIResponses }

    /// Members of the body's own; what stood within others is written there or not at all.
    private mutating func writeOthers(into writer: inout JSONWriter) {
        for other in conversation.others {
            if isOwnForm, other.name == "include" || other.name.hasPrefix("text.") || other.name.hasPrefix("reasoning.")
            {
                continue
            }
            guard isOwnForm && !other.name.contains(".") || isShared(other) else {
                report.drop(other.name)
                continue
            }
            writer.key(other.name)
            writer.fragment(other.value)
        }
    }

    /// Chat Completions has the member too, and means the same.
    private func isShared(_ other: OtherField) -> Bool {
        switch other.name {
        case "prompt_cache_options": conversation.form == .openAIChat && !traits.unknownFields.contains(.cacheMarks)
        case "prompt_cache_retention": conversation.form == .openAIChat
        default: false
        }
    }

    /// Members of the client's own object `name`, written as they came.
    func writeOthers(of name: String, into writer: inout JSONWriter) {
        for other in conversation.others where isOwnForm && other.name.hasPrefix(name + ".") {
            writer.key(String(other.name.dropFirst(name.count + 1)))
            writer.fragment(other.value)
        }
    }

    /// There are such members.
    func hasOthers(of name: String) -> Bool {
        isOwnForm && conversation.others.contains { $0.name.hasPrefix(name + ".") }
    }

    /// Whether the vendor knows the field; what it does not know is noted as dropped.
    mutating func takes(_ field: ConversationField) -> Bool {
        guard traits.unknownFields.contains(field) else { return true }
        report.drop(field, of: conversation.form)
        return false
    }
}

extension JSONWriter {
    /// Elements with their commas, written elsewhere; nothing for none.
    fileprivate mutating func raw(elements: ByteBuffer) {
        if elements.readableBytes > 0 { raw(elements) }
    }
}
