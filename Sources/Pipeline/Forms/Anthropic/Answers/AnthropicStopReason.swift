import Wire

/// The form's words for why an answer ended (package anthropic 2.11.0, types/stop_reason, read 2026-11).
enum AnthropicStopReason {
    static func read(_ reason: JSONView, sequence: JSONView?) -> StopReason {
        if reason.means("tool_use") { return .toolCalls }
        if reason.means("max_tokens") || reason.means("model_context_window_exceeded") { return .length }
        if reason.means("stop_sequence") { return .stopSequence(sequence?.text) }
        if reason.means("refusal") { return .filtered }
        return reason.means("pause_turn") ? .pause : .endOfTurn
    }

    static func word(_ reason: StopReason?) -> StaticString {
        switch reason {
        case .endOfTurn, .brokenToolCall, nil: "\"end_turn\""
        case .stopSequence: "\"stop_sequence\""
        case .length: "\"max_tokens\""
        case .toolCalls: "\"tool_use\""
        case .filtered, .refusal: "\"refusal\""
        case .pause: "\"pause_turn\""
        }
    }

    /// `stop_reason` and `stop_sequence`.
    static func write(_ reason: StopReason?, to object: inout JSONWriter) {
        object.member("stop_reason", raw: word(reason))
        if case .stopSequence(let sequence?) = reason {
            object.member("stop_sequence", sequence)
        } else {
            object.key("stop_sequence")
            object.null()
        }
    }
}
