import Wire

/// The form's words for why an answer ended (package openai 3.52.0, read 2026-11).
enum ChatStopReason {
    static func read(_ reason: JSONView, hasCalls: Bool) -> StopReason {
        if reason.means("length") { return .length }
        if reason.means("tool_calls") || reason.means("function_call") { return .toolCalls }
        if reason.means("content_filter") { return .filtered }
        // Some local servers say "stop" behind calls too.
        return hasCalls ? .toolCalls : .endOfTurn
    }

    static func word(_ reason: StopReason) -> StaticString {
        switch reason {
        case .endOfTurn, .stopSequence, .brokenToolCall, .refusal: "\"stop\""
        case .length, .pause: "\"length\""
        case .toolCalls: "\"tool_calls\""
        case .filtered: "\"content_filter\""
        }
    }
}
