import NIOCore
package import Wire

/// Writes a conversation as a Chat Completions request. Order: model, stream, tools, messages, then the settings.
package enum ChatConversationWriter {
    /// - Parameter index: scratch, not needed in this form.
    package static func write(
        _ conversation: Conversation, for target: WritingTarget, index: inout JSONIndex
    ) throws(ConversationError) -> WrittenRequest {
        var report = FidelityReport()
        let traits = target.traits
        let tools = ChatToolsWriter(conversation, traits, &report)
        var settings = ChatSettingsWriter(conversation: conversation, target: target)
        var messages = ChatMessagesWriter(conversation, traits, added: settings.formatInstruction)
        try messages.check(&report)
        if messages.lacksThoughts { settings.stopThinking(&report) }
        var body = ByteBuffer()
        body.reserveCapacity(2_048)
        JSONWriter.write(into: &body) { writer in
            writer.object { root in
                root.member("model", target.model)
                if conversation.isStream {
                    root.member("stream", true)
                    root.object("stream_options") { $0.member("include_usage", true) }
                }
                tools.write(to: &root)
                messages.write(to: &root)
                tools.writeChoice(to: &root, &report)
                settings.write(to: &root, &report)
            }
        }
        for other in conversation.others { report.drop(other.name) }
        return WrittenRequest(body: body, report: report)
    }
}
