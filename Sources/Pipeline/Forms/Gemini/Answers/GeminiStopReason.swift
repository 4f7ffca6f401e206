import Wire

/// The form's words for why an answer ended (package google-genai 3.4.0, types.FinishReason, read 2026-11).
enum GeminiStopReason {
    static func read(_ reason: String, hasCalls: Bool) -> StopReason {
        switch reason {
        case "STOP": return hasCalls ? .toolCalls : .endOfTurn
        case "MAX_TOKENS", "CONTINUATION": return .length
        case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "ESCALATION", "MODEL_ARMOR":
            return .filtered
        case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE",
            "MALFORMED_RESPONSE":
            return .brokenToolCall
        default: return .endOfTurn
        }
    }

    static func word(_ reason: StopReason) -> StaticString {
        switch reason {
        case .endOfTurn, .stopSequence, .toolCalls: "\"STOP\""
        case .length, .pause: "\"MAX_TOKENS\""
        case .filtered, .refusal: "\"SAFETY\""
        case .brokenToolCall: "\"MALFORMED_FUNCTION_CALL\""
        }
    }
}
