import NIOCore
import Wire

/// The conversation's messages as the form wants them: neighbours of one role are one turn, and a turn begins with what the
/// tools gave back.
struct AnthropicTurns {
    private struct Turn {
        var role: Message.Role
        var results: [Block] = []
        var blocks: [Block] = []
    }

    /// A part with what it needs to be written.
    private struct Block {
        var part: Part
        /// A call's arguments, as an object.
        var input: JSONFragment?
    }

    private let conversation: Conversation
    private let refusesPrefill: Bool
    private var turns: [Turn] = []
    /// Instructions between turns that stand before the first one.
    private(set) var leadingInstructions: [Instruction] = []

    init(_ conversation: Conversation, refusesPrefill: Bool) {
        self.conversation = conversation
        self.refusesPrefill = refusesPrefill
    }

    mutating func build(report: inout FidelityReport, index: inout JSONIndex) throws(ConversationError) {
        let form = conversation.form
        for message in conversation.messages {
            if message.name != nil { report.drop(.participantName, of: form) }
            var role = message.role
            if role == .system || role == .developer {
                report.rewrite(.messages, of: form)
                if turns.isEmpty {
                    for case .text(let text) in message.parts.map(\.content) {
                        leadingInstructions.append(Instruction(text: text))
                    }
                    continue
                }
                role = .user
            }
            for part in message.parts { try add(part, role, &report, &index) }
        }
        if turns.first?.role != .user {
            report.rewrite(.messages, of: form)
            turns.insert(Turn(role: .user, blocks: [Block(part: Part(.text("Continue.")))]), at: 0)
        }
        if refusesPrefill, turns.last?.role == .assistant {
            report.rewrite(.messages, of: form)
            turns.append(Turn(role: .user, blocks: [Block(part: Part(.text("Continue.")))]))
        }
    }

    private mutating func add(
        _ part: Part, _ role: Message.Role, _ report: inout FidelityReport, _ index: inout JSONIndex
    ) throws(ConversationError) {
        let form = conversation.form
        switch part.content {
        case .text(let text), .refusal(let text):
            if part.citations != nil { report.drop(form.citationsName) }
            if !text.isBlank { append(Block(part: Part(.text(text), cacheMark: part.cacheMark)), role) }
        case .image(let media), .file(let media):
            if case .fileID = media.source {
                throw ConversationError(
                    "A file's id means nothing to this model's target. Send the file itself.",
                    param: ConversationField.messages.name(in: form))
            }
            reportDetail(of: media, &report)
            append(Block(part: part), role)
        case .audio:
            throw ConversationError(
                "This model's target takes no sound. Send text, images or documents.",
                param: ConversationField.messages.name(in: form))
        case .toolCall(let call):
            append(Block(part: part, input: call.arguments.object(index: &index)), role)
        case .toolResult(let result):
            for inner in result.parts { reportLost(of: inner, &report) }
            append(Block(part: part), role)
        case .reasoning(let reasoning):
            let origin = (reasoning.signature ?? reasoning.redacted)?.origin
            if origin == .anthropicMessages {
                append(Block(part: part), role)
            } else if origin != nil || !reasoning.text.isEmpty {
                report.drop(form.reasoningName)
            }
        case .other(_, let kind): report.drop(form.messageField(kind))
        }
    }

    /// The form has one way to look at an image.
    private func reportDetail(of media: Media, _ report: inout FidelityReport) {
        if let detail = media.detail, !detail.means("auto") { report.drop(conversation.form.messageField("detail")) }
    }

    /// What a tool's result cannot hold.
    private func reportLost(of part: Part, _ report: inout FidelityReport) {
        let form = conversation.form
        if part.citations != nil { report.drop(form.citationsName) }
        switch part.content {
        case .image(let media), .file(let media): reportDetail(of: media, &report)
        case .audio: report.drop(form.messageField("audio"))
        case .other(_, let kind): report.drop(form.messageField(kind))
        case .text, .refusal, .toolCall, .toolResult, .reasoning: break
        }
    }

    private mutating func append(_ block: Block, _ role: Message.Role) {
        if turns.last?.role != role { turns.append(Turn(role: role)) }
        let last = turns.count - 1
        if case .toolResult = block.part.content {
            turns[last].results.append(block)
        } else {
            turns[last].blocks.append(block)
        }
    }

    func write(to root: inout JSONWriter, _ marks: inout AnthropicCacheMarks) {
        root.array("messages") { list in
            for turn in turns {
                list.object { object in
                    object.member("role", raw: turn.role == .assistant ? "\"assistant\"" : "\"user\"")
                    object.array("content") { content in
                        for block in turn.results + turn.blocks {
                            content.object { Self.write(block, to: &$0, &marks) }
                        }
                    }
                }
            }
        }
    }

    private static func write(_ block: Block, to object: inout JSONWriter, _ marks: inout AnthropicCacheMarks) {
        switch block.part.content {
        case .text(let text), .refusal(let text):
            object.member("type", raw: "\"text\"")
            object.member("text", text)
        case .image(let media): write(media, type: "image", to: &object)
        case .file(let media): write(media, type: "document", to: &object)
        case .toolCall(let call):
            object.member("type", raw: "\"tool_use\"")
            object.member("id", sanitized(call.id))
            object.member("name", call.name)
            object.member("input", block.input ?? .emptyObject)
        case .toolResult(let result): write(result, to: &object)
        case .reasoning(let reasoning):
            if let redacted = reasoning.redacted {
                object.member("type", raw: "\"redacted_thinking\"")
                object.member("data", redacted.value)
            } else {
                object.member("type", raw: "\"thinking\"")
                object.member("thinking", reasoning.text)
                object.member("signature", reasoning.signature?.value ?? .empty)
            }
            return
        case .audio, .other: return
        }
        marks.write(block.part.cacheMark, to: &object)
    }

    private static func write(_ result: ToolResult, to object: inout JSONWriter) {
        object.member("type", raw: "\"tool_result\"")
        object.member("tool_use_id", sanitized(result.callID))
        object.array("content") { content in
            if let value = result.object {
                content.object { block in
                    block.member("type", raw: "\"text\"")
                    block.member("text", value.asText)
                }
            }
            for part in result.parts {
                switch part.content {
                case .text(let text) where !text.isBlank:
                    content.object { block in
                        block.member("type", raw: "\"text\"")
                        block.member("text", text)
                    }
                case .image(let media): content.object { write(media, type: "image", to: &$0) }
                case .file(let media): content.object { write(media, type: "document", to: &$0) }
                case .text, .refusal, .audio, .toolCall, .toolResult, .reasoning, .other: break
                }
            }
        }
        if result.isError { object.member("is_error", true) }
    }

    private static func write(_ media: Media, type: StaticString, to object: inout JSONWriter) {
        object.key("type")
        object.string(type)
        object.object("source") { source in
            switch media.source {
            case .url(let url):
                source.member("type", raw: "\"url\"")
                source.member("url", url)
            case .base64(let data):
                source.member("type", raw: "\"base64\"")
                source.member("media_type", media.mediaType ?? "image/png")
                source.member("data", data)
            case .plainText(let text):
                source.member("type", raw: "\"text\"")
                source.member("media_type", raw: "\"text/plain\"")
                source.member("data", text)
            case .fileID(let id):
                source.member("type", raw: "\"file\"")
                source.member("file_id", id)
            }
        }
        if let name = media.fileName { object.member("title", name) }
    }

    /// Ids hold letters, digits, `_` and `-` alone; every other byte becomes `_`.
    private static func sanitized(_ id: JSONText) -> JSONText {
        let bytes = id.content.readableBytesView
        func isPlain(_ byte: UInt8) -> Bool {
            (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-")
        }
        guard !bytes.allSatisfy(isPlain) else { return id }
        return JSONText(content: ByteBuffer(bytes: bytes.map { isPlain($0) ? $0 : UInt8(ascii: "_") }))
    }
}
