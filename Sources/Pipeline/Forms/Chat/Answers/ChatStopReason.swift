import Wire

/// The form's words for why an answer ended (package openai 3.52.0 and table 8.4 of the wire formats, read 2026-11).
enum ChatStopReason {
    /// nil: it has not ended, whatever stands there (DashScope writes the text `null`).
    ///
    /// - Parameter word: a `finish_reason`'s value.
    static func read(_ word: Int, _ nodes: ChatNodes, hasCalls: Bool) -> StopReason? {
        guard nodes.text(word) != nil, !nodes.means(word, "null") else { return nil }
        // DeepSeek's last one and Mistral's: the answer is cut.
        if nodes.means(word, "length") || nodes.means(word, "insufficient_system_resource")
            || nodes.means(word, "model_length")
        {
            return .length
        }
        if nodes.means(word, "tool_calls") || nodes.means(word, "function_call") { return .toolCalls }
        if nodes.means(word, "content_filter") { return .filtered }
        // Some local servers say "stop" behind calls too.
        return hasCalls ? .toolCalls : .endOfTurn
    }

    /// As a JSON text.
    ///
    /// - Parameter isDeprecated: the client called its tools `functions`.
    static func word(_ reason: StopReason, isDeprecated: Bool) -> StaticString {
        switch reason {
        case .endOfTurn, .stopSequence, .brokenToolCall, .refusal: "\"stop\""
        case .length, .pause: "\"length\""
        case .toolCalls: isDeprecated ? "\"function_call\"" : "\"tool_calls\""
        case .filtered: "\"content_filter\""
        }
    }
}
