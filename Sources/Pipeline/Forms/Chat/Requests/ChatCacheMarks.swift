import Wire

/// Cache marks as Qwen takes them: `cache_control` on parts of messages, the last four of them (help.aliyun.com, context
/// cache, read 2026-11). Elsewhere in this form caches are automatic, and marks are dropped.
struct ChatCacheMarks {
    private static let most = 4

    let isWritten: Bool
    /// Marks that still come before the last four.
    private var surplus: Int

    init(_ conversation: Conversation, isWritten: Bool) {
        self.isWritten = isWritten
        guard isWritten else {
            surplus = 0
            return
        }
        var count = conversation.instructions.count { $0.cacheMark != nil }
        for message in conversation.messages { count += message.parts.count { Self.isWritten($0, of: message) } }
        surplus = max(0, count - Self.most)
    }

    /// The model's own turns are written without parts, and so are results.
    private static func isWritten(_ part: Part, of message: Message) -> Bool {
        part.cacheMark != nil && message.role != .assistant && (part.isText || part.isMedia)
    }

    func check(_ conversation: Conversation, _ report: inout FidelityReport) {
        guard isWritten else {
            if conversation.hasCacheMarks { report.drop(.cacheMarks, of: conversation.form) }
            return
        }
        let hasLost =
            surplus > 0 || conversation.tools.contains { $0.cacheMark != nil }
            || conversation.messages.contains { message in
                message.parts.contains { $0.cacheMark != nil && !Self.isWritten($0, of: message) }
            }
        if hasLost { report.drop(.cacheMarks, of: conversation.form) }
        let times =
            conversation.instructions.map(\.cacheMark) + conversation.messages.flatMap { $0.parts.map(\.cacheMark) }
        if times.contains(where: { $0?.timeToLive?.means("5m") == false }) {
            report.rewrite(.cacheMarks, of: conversation.form)
        }
    }

    mutating func write(_ mark: CacheMark?, to part: inout JSONWriter) {
        guard isWritten, mark != nil else { return }
        guard surplus == 0 else {
            surplus -= 1
            return
        }
        part.member("cache_control", raw: #"{"type":"ephemeral"}"#)
    }
}
