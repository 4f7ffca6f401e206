import NIOCore
package import Wire

/// Writes a conversation as a Chat Completions request. Order: model, stream, tools, messages, then the settings.
package enum ChatConversationWriter {
    /// - Parameter index: scratch.
    package static func write(
        _ conversation: Conversation, for target: WritingTarget, index: inout JSONIndex
    ) throws(ConversationError) -> WrittenRequest {
        var report = FidelityReport()
        let messages = ChatMessagesWriter(conversation, traits: target.traits)
        try messages.check(&report)
        var body = ByteBuffer()
        body.reserveCapacity(2_048)
        JSONWriter.write(into: &body) { writer in
            writer.object { root in
                root.member("model", target.model)
                if conversation.isStream {
                    root.member("stream", true)
                    root.object("stream_options") { $0.member("include_usage", true) }
                }
                ChatToolsWriter.write(conversation, target.traits, to: &root, &report)
                messages.write(to: &root)
                ChatToolsWriter.writeChoice(conversation, to: &root, &report)
                ChatSettingsWriter(conversation: conversation, target: target).write(to: &root, &report)
            }
        }
        if conversation.hasCacheMarks { report.drop(.cacheMarks, of: conversation.form) }
        for other in conversation.others { report.drop(other.name) }
        return WrittenRequest(body: body, report: report)
    }
}
