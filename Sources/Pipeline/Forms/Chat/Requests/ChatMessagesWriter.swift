import NIOCore
import Wire

/// Writes instructions and messages.
///
/// Neighbours of the model become one message, so that all results stand behind all calls of a turn; between two of them,
/// results come first, each a message of its own, then what else was said. What results hold besides text follows as the
/// user's.
struct ChatMessagesWriter {
    private let conversation: Conversation
    private let traits: VendorTraits
    private let instructions: [Instruction]
    private let turns: ChatTurns
    private var marks: ChatCacheMarks

    /// - Parameter added: an instruction of ours, behind the client's.
    init(_ conversation: Conversation, _ traits: VendorTraits, added: JSONText?) {
        self.conversation = conversation
        self.traits = traits
        instructions = conversation.instructions + (added.map { [Instruction(text: $0)] } ?? [])
        turns = ChatTurns(conversation.messages)
        marks = ChatCacheMarks(conversation, traits)
    }

    private var takesNames: Bool { !traits.unknownFields.contains(.participantName) }

    private func parts(of run: ChatTurns.Run) -> [Part] {
        let messages = conversation.messages[run.messages]
        return messages.count == 1 ? messages[run.messages.lowerBound].parts : messages.flatMap(\.parts)
    }

    /// The vendor wants thoughts back that the history does not have (`ChatThoughts`).
    var lacksThoughts: Bool {
        traits.takesReasoningBack
            && turns.runs.contains { run in
                guard run.isAssistants, turns.isOfCalls(run) else { return false }
                let parts = parts(of: run)
                return parts.contains(where: \.isSaid) && !parts.contains { returns($0, in: run) }
            }
    }

    /// Finds what cannot be carried before a byte is written.
    func check(_ report: inout FidelityReport) throws(ConversationError) {
        let form = conversation.form
        marks.check(conversation, &report)
        if !traits.takesSystemAnywhere {
            if conversation.instructions.count > 1 { report.rewrite(.instructions, of: form) }
            if conversation.messages.contains(where: { $0.role.isInstruction }) { report.rewrite(.messages, of: form) }
        }
        if !takesNames, conversation.messages.contains(where: { $0.name != nil }) {
            report.drop(.participantName, of: form)
        }
        let check = ChatPartCheck(form: form, traits: traits)
        for run in turns.runs {
            let parts = parts(of: run)
            // What was said before a result is written behind it.
            if let last = parts.lastIndex(where: \.isToolResult),
                parts[..<last].contains(where: { $0.isText || $0.isMedia })
            {
                report.rewrite(.messages, of: form)
            }
            for part in parts {
                if case .reasoning(let reasoning) = part.content {
                    if !returns(part, in: run) { check.drop(reasoning, &report) }
                } else {
                    try check(part, isAssistant: run.isAssistants, &report)
                }
            }
        }
    }

    /// Thoughts of vendors of this form go back. Others' stand in for them where a turn without thoughts is refused.
    private func returns(_ part: Part, in run: ChatTurns.Run) -> Bool {
        guard traits.takesReasoningBack, case .reasoning(let reasoning) = part.content, !reasoning.text.isEmpty else {
            return false
        }
        let origin = (reasoning.signature ?? reasoning.redacted)?.origin
        return turns.isOfCalls(run) || origin == nil || origin == .openAIChat
    }

    // MARK: Writing

    mutating func write(to root: inout JSONWriter) {
        root.array("messages") { list in
            writeInstructions(to: &list)
            for run in turns.runs {
                if run.isAssistants {
                    writeAssistant(run, to: &list)
                } else {
                    writeOthers(run, to: &list)
                }
            }
        }
    }

    private mutating func writeInstructions(to list: inout JSONWriter) {
        guard !traits.takesSystemAnywhere, instructions.count > 1 else {
            for instruction in instructions {
                list.object { message in
                    message.member("role", raw: role(instruction.role == .developer ? .developer : .system))
                    writeContent([Part(.text(instruction.text), cacheMark: instruction.cacheMark)], to: &message)
                }
            }
            return
        }
        list.object { message in
            message.member("role", raw: "\"system\"")
            guard marks.isWritten, instructions.contains(where: { $0.cacheMark != nil }) else {
                let text = instructions.reduce(JSONText.empty) { $0.joined(with: $1.text, separator: "\\n\\n") }
                return message.member("content", text)
            }
            writeContent(instructions.map { Part(.text($0.text), cacheMark: $0.cacheMark) }, to: &message)
        }
    }

    private func role(_ role: Message.Role) -> StaticString {
        switch role {
        case .user: "\"user\""
        case .assistant: "\"assistant\""
        case .system: "\"system\""
        case .developer: traits.takesDeveloperRole ? "\"developer\"" : "\"system\""
        }
    }

    private mutating func writeOthers(_ run: ChatTurns.Run, to list: inout JSONWriter) {
        for part in parts(of: run) {
            if case .toolResult(let result) = part.content { list.object { Self.write(result, to: &$0) } }
        }
        for message in conversation.messages[run.messages] {
            var rest: [Part] = []
            for part in message.parts {
                if case .toolResult(let result) = part.content {
                    rest += result.parts.filter(\.isMedia)
                } else if part.isText || part.isMedia {
                    rest.append(part)
                }
            }
            guard !rest.isEmpty else { continue }
            let isUsers = message.role == .user || !traits.takesSystemAnywhere
            list.object { object in
                object.member("role", raw: isUsers ? "\"user\"" : role(message.role))
                if takesNames { object.member("name", ifPresent: message.name) }
                writeContent(rest, to: &object)
            }
        }
    }

    private mutating func writeContent(_ parts: [Part], to message: inout JSONWriter) {
        if parts.count == 1, case .text(let text) = parts[0].content, !marks.isWritten || parts[0].cacheMark == nil {
            return message.member("content", text)
        }
        message.array("content") { list in
            for part in parts {
                list.object { object in
                    ChatPartWriter.write(part, to: &object)
                    marks.write(part.cacheMark, to: &object)
                }
            }
        }
    }

    private static func write(_ result: ToolResult, to object: inout JSONWriter) {
        object.member("role", raw: "\"tool\"")
        object.member("tool_call_id", ChatCallID.shortened(result.callID))
        var text = result.object?.asText ?? .empty
        for part in result.parts {
            if case .text(let more) = part.content { text = text.joined(with: more, separator: "\\n") }
        }
        if result.parts.contains(where: \.isMedia) {
            text = text.joined(with: "(see the next message)", separator: "\\n")
        }
        if result.isError { text = JSONText("Error: ").joined(with: text, separator: "") }
        object.member("content", text)
    }

    // MARK: The model's turns

    private func writeAssistant(_ run: ChatTurns.Run, to list: inout JSONWriter) {
        var text: JSONText?
        var refusal: JSONText?
        var thoughts = JSONText.empty
        var calls: [ToolCall] = []
        let parts = parts(of: run)
        let hasCalls = parts.contains(where: \.isToolCall)
        for part in parts {
            switch part.content {
            case .text(let more): text = text.map { $0.joined(with: more, separator: "\\n\\n") } ?? more
            case .refusal(let more): refusal = refusal.map { $0.joined(with: more, separator: "\\n\\n") } ?? more
            case .toolCall(let call): calls.append(call)
            case .reasoning(let reasoning):
                if returns(part, in: run) {
                    thoughts = thoughts.joined(with: reasoning.text, separator: "\\n")
                }
            case .image, .audio, .file, .toolResult, .other: break
            }
        }
        guard text != nil || refusal != nil || hasCalls else { return }
        list.object { object in
            object.member("role", raw: "\"assistant\"")
            if takesNames { object.member("name", ifPresent: conversation.messages[run.messages.lowerBound].name) }
            if !thoughts.isEmpty { object.member("reasoning_content", thoughts) }
            if let text {
                object.member("content", text)
            } else {
                object.member("content", raw: "null")
            }
            object.member("refusal", ifPresent: refusal)
            guard hasCalls else { return }
            object.array("tool_calls") { array in for call in calls { array.object { write(call, to: &$0) } } }
        }
    }

    private func write(_ call: ToolCall, to object: inout JSONWriter) {
        object.member("id", ChatCallID.shortened(call.id))
        if case .text(let input) = call.arguments, traits.takesCustomTools {
            object.member("type", raw: "\"custom\"")
            object.object("custom") { custom in
                custom.member("name", call.name)
                custom.member("input", input)
            }
            return
        }
        object.member("type", raw: "\"function\"")
        object.object("function") { function in
            function.member("name", call.name)
            function.member("arguments", Self.encoded(call.arguments))
        }
    }

    /// Servers parse them: no arguments are an empty object.
    private static func encoded(_ arguments: ToolArguments) -> JSONText {
        switch arguments {
        case .object(let object): object.asText
        case .encoded(let text): text.isBlank ? "{}" : text
        case .text(let input):
            JSONFragment(kind: .object) { writer in writer.object { $0.member("input", input) } }.asText
        }
    }
}

extension Message.Role {
    fileprivate var isInstruction: Bool { self == .system || self == .developer }
}

extension Part {
    var isText: Bool { if case .text = content { true } else { false } }

    var isToolCall: Bool { if case .toolCall = content { true } else { false } }

    var isToolResult: Bool { if case .toolResult = content { true } else { false } }

    /// What the model said or called.
    fileprivate var isSaid: Bool {
        switch content {
        case .text, .refusal, .toolCall: true
        case .image, .audio, .file, .toolResult, .reasoning, .other: false
        }
    }

    var isMedia: Bool {
        switch content {
        case .image, .audio, .file: true
        case .text, .refusal, .toolCall, .toolResult, .reasoning, .other: false
        }
    }
}

/// Ids of calls that OpenAI takes: of 64 characters at most (platform.openai.com, read 2026-11).
enum ChatCallID {
    static func shortened(_ id: JSONText) -> JSONText {
        guard id.byteCount > 64 else { return id }
        let hash = id.content.withUnsafeReadableBytes { StableHash.hash($0, seed: 0x6361_6C6C) }
        return JSONText("call_" + String(hash, radix: 36))
    }
}
