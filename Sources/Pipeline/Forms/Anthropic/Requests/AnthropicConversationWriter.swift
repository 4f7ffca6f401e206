import NIOCore
package import Wire

/// Writes a conversation as a Messages request. Order: model, limit, stream, tools, system, messages, then the settings.
package enum AnthropicConversationWriter {
    /// - Parameter index: scratch.
    package static func write(
        _ conversation: Conversation, for target: WritingTarget, index: inout JSONIndex
    ) throws(ConversationError) -> WrittenRequest {
        let model = AnthropicModel(target.model)
        var report = FidelityReport()
        var marks = AnthropicCacheMarks(form: conversation.form)
        let plan = AnthropicThinking(conversation, model: model, report: &report)
        let tools = try AnthropicToolsWriter(conversation, isThinking: plan.isThinking, report: &report)
        var turns = AnthropicTurns(conversation, refusesPrefill: model.refusesPrefill)
        try turns.build(report: &report, index: &index)

        var body = ByteBuffer()
        body.reserveCapacity(2_048)
        let usesSampling = AnthropicSettingsWriter.usesSampling(conversation, model: model, plan)
        JSONWriter.write(into: &body) { writer in
            writer.object { root in
                root.member("model", target.model)
                root.member("max_tokens", plan.maximumOutputTokens)
                if conversation.isStream { root.member("stream", true) }
                tools.write(to: &root, &marks)
                writeSystem(conversation, turns.leadingInstructions, to: &root, &marks, &report)
                turns.write(to: &root, &marks)
                tools.writeChoice(to: &root)
                plan.write(to: &root)
                AnthropicSettingsWriter.write(
                    conversation, usesSampling: usesSampling, effort: plan.outputEffort, to: &root, &report)
            }
        }
        if marks.wasCut { report.drop(.cacheMarks, of: conversation.form) }
        for other in conversation.others { report.drop(other.name) }
        let version = usesSampling ? "2023-06-01" : "2026-10-21"
        return WrittenRequest(body: body, report: report, headers: [("anthropic-version", version)])
    }

    private static func writeSystem(
        _ conversation: Conversation, _ more: [Instruction], to root: inout JSONWriter,
        _ marks: inout AnthropicCacheMarks, _ report: inout FidelityReport
    ) {
        var instructions = (conversation.instructions + more).filter { !$0.text.isBlank }
        if case .json = conversation.settings.outputFormat {
            report.rewrite(.outputFormat, of: conversation.form)
            instructions.append(Instruction(text: "Answer with one JSON object and nothing else."))
        }
        guard !instructions.isEmpty else { return }
        root.array("system") { blocks in
            for instruction in instructions {
                blocks.object { block in
                    block.member("type", raw: "\"text\"")
                    block.member("text", instruction.text)
                    marks.write(instruction.cacheMark, to: &block)
                }
            }
        }
    }
}

/// Cache marks as they are written: four at most, none of an hour behind one of five minutes
/// (platform.claude.com, prompt caching, read 2026-11).
struct AnthropicCacheMarks {
    private let form: RequestForm
    private var count = 0
    private var hasShort = false
    /// A mark of the client's could not be written.
    private(set) var wasCut = false

    init(form: RequestForm) {
        self.form = form
    }

    mutating func write(_ mark: CacheMark?, to block: inout JSONWriter) {
        guard let mark else { return }
        guard count < 4 else {
            wasCut = true
            return
        }
        count += 1
        let isLong = mark.timeToLive.map { $0.means("1h") || $0.means("12h") } ?? false
        let canBeLong = isLong && !hasShort
        hasShort = hasShort || !canBeLong
        block.object("cache_control") { control in
            control.member("type", raw: "\"ephemeral\"")
            if canBeLong { control.member("ttl", raw: "\"1h\"") }
        }
    }
}
