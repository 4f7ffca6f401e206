import NIOCore
import Wire

extension ResponsesRequestComposer {
    /// - Parameter index: scratch.
    mutating func composeItems(index: inout JSONIndex) throws(ConversationError) {
        for message in conversation.messages {
            for part in message.parts {
                if case .toolCall(let call) = part.content, case .text = call.arguments { customCalls.insert(call.id) }
            }
        }
        if let soleInstruction {
            if soleInstruction.cacheMark != nil { _ = takes(.cacheMarks) }
        } else {
            for instruction in conversation.instructions { write(instruction) }
        }
        for message in conversation.messages {
            if message.name != nil { report.drop(.participantName, of: conversation.form) }
            switch message.role {
            case .assistant: writeTurn(message, index: &index)
            case .user, .system, .developer: try writeInput(message)
            }
        }
        dropPendingReasoning()
    }

    private mutating func write(_ instruction: Instruction) {
        let mark = instruction.cacheMark.map { writable($0) } ?? nil
        let role = roleName(instruction.role == .developer ? .developer : .system)
        items.object {
            $0.member("type", "message")
            $0.member("role", role)
            $0.array("content") { $0.textPart(instruction.text, mark: mark) }
        }
    }

    private func roleName(_ role: Message.Role) -> String {
        switch role {
        case .user: "user"
        case .assistant: "assistant"
        case .system: "system"
        case .developer: traits.takesDeveloperRole ? "developer" : "system"
        }
    }

    /// Results of tools are items of their own, before what else the message says.
    private mutating func writeInput(_ message: Message) throws(ConversationError) {
        dropPendingReasoning()
        var contents: [Part] = []
        for part in message.parts {
            if case .toolResult(let result) = part.content {
                try write(result, mark: part.cacheMark)
            } else if isOwnForm, case .other(let item, let kind) = part.content, !kind.hasPrefix("input_") {
                items.fragment(item)
            } else {
                contents.append(part)
            }
        }
        var content = JSONWriter()
        var count = 0
        for part in contents where try writeContent(part, into: &content) { count += 1 }
        guard count > 0 else { return }
        let role = roleName(message.role)
        items.object {
            $0.member("type", "message")
            $0.member("role", role)
            $0.array("content") { $0.raw(content.buffer) }
        }
    }

    /// Writes one part of a message or of a tool's result; false where it has no place here.
    private mutating func writeContent(_ part: Part, into writer: inout JSONWriter) throws(ConversationError) -> Bool {
        let mark = part.cacheMark.map { writable($0) } ?? nil
        if part.citations != nil { reportLost("citations") }
        switch part.content {
        case .text(let text), .refusal(let text): writer.textPart(text, mark: mark)
        case .image(let media): try writeImage(media, mark: mark, into: &writer)
        case .file(let media): try writeFile(media, mark: mark, into: &writer)
        case .audio(let media): try writeAudio(media, mark: mark, into: &writer)
        case .other(let fragment, let kind):
            guard isOwnForm, kind.hasPrefix("input_") else {
                reportLost(kind)
                return false
            }
            writer.fragment(fragment)
        case .reasoning:
            reportLostReasoning()
            return false
        case .toolCall, .toolResult: return false
        }
        return true
    }

    private mutating func write(_ result: ToolResult, mark: CacheMark?) throws(ConversationError) {
        let isCustom = customCalls.contains(result.callID)
        let id = Self.callID(result.callID)
        let mark = mark.map { writable($0) } ?? nil
        var parts = result.parts
        if let object = result.object { parts.insert(Part(.text(object.asText)), at: 0) }
        if result.isError {
            report.rewrite(conversation.form.resultErrorName)
            parts = Self.tellingError(parts)
        }
        var output = JSONWriter()
        if parts.isEmpty {
            output.text(.empty)
        } else if mark == nil, parts.count == 1, parts[0].cacheMark == nil, case .text(let text) = parts[0].content {
            output.text(text)
        } else {
            if mark != nil, parts[parts.count - 1].cacheMark == nil { parts[parts.count - 1].cacheMark = mark }
            output.beginArray()
            for part in parts { _ = try writeContent(part, into: &output) }
            output.endArray()
        }
        items.object {
            $0.member("type", isCustom ? "custom_tool_call_output" : "function_call_output")
            $0.member("call_id", id)
            $0.member("output", raw: output.buffer)
        }
    }

    /// The form has no mark for results that are errors: their text says so.
    private static func tellingError(_ parts: [Part]) -> [Part] {
        var parts = parts
        if case .text(let text) = parts.first?.content {
            parts[0].content = .text(JSONText("Error: ").joined(with: text, separator: ""))
        } else {
            parts.insert(Part(.text("Error.")), at: 0)
        }
        return parts
    }

    private mutating func writeTurn(_ message: Message, index: inout JSONIndex) {
        var contents: [Part] = []
        for part in message.parts {
            switch part.content {
            case .text, .refusal: contents.append(part)
            case .toolCall(let call):
                flush(&contents)
                if part.cacheMark != nil { report.drop(.cacheMarks, of: conversation.form) }
                writeCall(call)
            case .reasoning(let reasoning):
                flush(&contents)
                hold(reasoning)
            case .other(let fragment, let kind):
                flush(&contents)
                if isOwnForm {
                    flushReasoning()
                    items.fragment(fragment)
                } else {
                    reportLost(kind)
                }
            case .image: reportLost("image")
            case .audio: reportLost("audio")
            case .file: reportLost("file")
            case .toolResult: reportLost("tool_result")
            }
        }
        flush(&contents)
    }

    private mutating func flush(_ contents: inout [Part]) {
        defer { contents = [] }
        guard !contents.isEmpty else { return }
        flushReasoning()
        for part in contents {
            if part.cacheMark != nil { report.drop(.cacheMarks, of: conversation.form) }
            if part.citations != nil, !isOwnForm { reportLost("citations") }
        }
        let keepsCitations = isOwnForm
        items.object {
            $0.member("type", "message")
            $0.member("role", "assistant")
            $0.array("content") {
                for part in contents { $0.outputPart(part, keepsCitations: keepsCitations) }
            }
        }
    }

    private mutating func writeCall(_ call: ToolCall) {
        flushReasoning()
        items.object {
            switch call.arguments {
            case .text(let input):
                $0.member("type", "custom_tool_call")
                $0.member("call_id", Self.callID(call.id))
                $0.member("name", call.name)
                $0.member("input", input)
            case .encoded, .object:
                $0.member("type", "function_call")
                $0.member("call_id", Self.callID(call.id))
                $0.member("name", call.name)
                let arguments = call.arguments.encoded
                $0.member("arguments", arguments.isEmpty ? "{}" : arguments)
            }
        }
    }

    /// Only the vendor's own, sealed thoughts mean anything to it: nothing is stored that an id could name.
    private mutating func hold(_ reasoning: Reasoning) {
        guard canReason, reasoning.redacted == nil, let signature = reasoning.signature,
            signature.origin == .openAIResponses
        else {
            return reportLostReasoning()
        }
        pendingReasoning.append(reasoning)
    }

    private mutating func flushReasoning() {
        for reasoning in pendingReasoning {
            items.object {
                $0.member("type", "reasoning")
                $0.member("id", ifPresent: reasoning.id)
                $0.array("summary") { summary in
                    guard !reasoning.text.isEmpty else { return }
                    summary.object {
                        $0.member("type", "summary_text")
                        $0.member("text", reasoning.text)
                    }
                }
                $0.member("encrypted_content", ifPresent: reasoning.signature?.value)
            }
            returnsReasoning = true
        }
        pendingReasoning = []
    }

    private mutating func dropPendingReasoning() {
        if !pendingReasoning.isEmpty { reportLostReasoning() }
        pendingReasoning = []
    }

    private mutating func reportLostReasoning() {
        report.drop(conversation.form.reasoningName)
    }

    /// Notes a piece of a message that has no place here, under the client's name of messages.
    private mutating func reportLost(_ name: String) {
        report.drop(conversation.form.messageField(name))
    }
}

extension JSONWriter {
    mutating func textPart(_ text: JSONText, mark: CacheMark?) {
        object {
            $0.member("type", "input_text")
            $0.member("text", text)
            $0.breakpoint(mark)
        }
    }

    fileprivate mutating func outputPart(_ part: Part, keepsCitations: Bool) {
        object {
            switch part.content {
            case .refusal(let text):
                $0.member("type", "refusal")
                $0.member("refusal", text)
            case .text(let text):
                $0.member("type", "output_text")
                $0.member("text", text)
                if keepsCitations { $0.member("annotations", ifPresent: part.citations) }
            case .image, .audio, .file, .toolCall, .toolResult, .reasoning, .other: break
            }
        }
    }
}
