import NIOCore
package import Wire

/// Writes a conversation as a `generateContent` request. Order: tools, system instruction, contents, tool choice, settings.
package enum GeminiConversationWriter {
    /// - Parameter index: scratch.
    package static func write(
        _ conversation: Conversation, for target: WritingTarget, index: inout JSONIndex
    ) throws(ConversationError) -> WrittenRequest {
        let model = GeminiModel(target.model)
        var report = FidelityReport()
        var contents = GeminiContents(conversation, model: model)
        try contents.build(report: &report, index: &index)
        var body = ByteBuffer()
        body.reserveCapacity(2_048)
        JSONWriter.write(into: &body) { writer in
            writer.object { root in
                GeminiToolsWriter.write(conversation, to: &root, &report)
                writeSystem(conversation.instructions + contents.leadingInstructions, to: &root)
                contents.write(to: &root)
                GeminiToolsWriter.writeChoice(conversation, to: &root, &report)
                GeminiSettingsWriter.write(conversation, model: model, to: &root, &report)
            }
        }
        if conversation.hasCacheMarks { report.drop(.cacheMarks, of: conversation.form) }
        for other in conversation.others { report.drop(other.name) }
        return WrittenRequest(body: body, report: report)
    }

    private static func writeSystem(_ instructions: [Instruction], to root: inout JSONWriter) {
        let texts = instructions.filter { !$0.text.isEmpty }
        guard !texts.isEmpty else { return }
        root.object("systemInstruction") { content in
            content.array("parts") { parts in
                for instruction in texts { parts.object { $0.member("text", instruction.text) } }
            }
        }
    }
}

extension Conversation {
    /// A cache mark stands somewhere.
    var hasCacheMarks: Bool {
        instructions.contains { $0.cacheMark != nil } || tools.contains { $0.cacheMark != nil }
            || messages.contains { $0.parts.contains { $0.cacheMark != nil } }
    }
}
