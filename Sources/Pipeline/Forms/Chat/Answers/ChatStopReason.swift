import Wire

/// The form's words for why an answer ended (package openai 3.52.0 and table 8.4 of the wire formats, read 2026-11).
enum ChatStopReason {
    /// nil: it has not ended, whatever stands there (DashScope writes the text `null`).
    static func read(_ reason: JSONView, hasCalls: Bool) -> StopReason? {
        guard let word = reason.text, !word.isEmpty, !word.means("null") else { return nil }
        // DeepSeek's last one and Mistral's: the answer is cut.
        if word.means("length") || word.means("insufficient_system_resource") || word.means("model_length") {
            return .length
        }
        if word.means("tool_calls") || word.means("function_call") { return .toolCalls }
        if word.means("content_filter") { return .filtered }
        // Some local servers say "stop" behind calls too.
        return hasCalls ? .toolCalls : .endOfTurn
    }

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
