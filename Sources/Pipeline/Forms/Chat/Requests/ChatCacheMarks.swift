import Wire

/// Cache marks on parts of messages. Where a vendor of this form takes none, its caches are automatic, and marks are dropped.
struct ChatCacheMarks {
    private enum Style {
        case none
        /// Qwen's `cache_control`, the last four of them, of five minutes (help.aliyun.com, context cache, read 2026-11).
        case cacheControl
        /// OpenAI's `prompt_cache_breakpoint`, of 30 minutes or of 12 hours, of which the last are written however many there
        /// are (developers.openai.com, prompt caching, read 2026-11).
        case breakpoints
    }

    private static let most = 4

    private let style: Style
    /// Marks that still come before the last four.
    private var surplus = 0

    init(_ conversation: Conversation, _ traits: VendorTraits) {
        style = traits.takesCacheControl ? .cacheControl : traits.takesBreakpoints ? .breakpoints : .none
        guard style == .cacheControl else { return }
        var count = conversation.instructions.count { $0.cacheMark != nil }
        for message in conversation.messages { count += message.parts.count { Self.isWritten($0, of: message) } }
        surplus = max(0, count - Self.most)
    }

    var isWritten: Bool { style != .none }

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
        let isOther = times.contains { mark in mark?.timeToLive.map { !isLife($0) } ?? false }
        if isOther { report.rewrite(.cacheMarks, of: conversation.form) }
    }

    /// The vendor keeps marked prompts that long; lives of other lengths become its usual one.
    private func isLife(_ time: JSONText) -> Bool {
        style == .breakpoints ? time.means("30m") || time.means("12h") : time.means("5m")
    }

    mutating func write(_ mark: CacheMark?, to part: inout JSONWriter) {
        guard let mark else { return }
        guard surplus == 0 else {
            surplus -= 1
            return
        }
        switch style {
        case .none: break
        case .cacheControl: part.member("cache_control", raw: #"{"type":"ephemeral"}"#)
        case .breakpoints: part.breakpoint(CacheMark(timeToLive: mark.timeToLive.flatMap { isLife($0) ? $0 : nil }))
        }
    }
}
