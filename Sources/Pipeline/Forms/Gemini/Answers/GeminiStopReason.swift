import Wire

/// The form's words for why an answer ended (package google-genai 3.4.0, types.FinishReason, read 2026-11).
enum GeminiStopReason {
    /// nil: the answer failed. Words nobody knows yet are ordinary ends.
    static func read(_ reason: JSONView, hasCalls: Bool) -> StopReason? {
        switch reason.string?.uppercased() {
        case "STOP": hasCalls ? .toolCalls : .endOfTurn
        case "MAX_TOKENS", "CONTINUATION": .length
        case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER", "NO_IMAGE", "ESCALATION", "MODEL_ARMOR",
            "PUP_LIMITED_DISABLED":
            .filtered
        case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE",
            "MALFORMED_RESPONSE":
            .brokenToolCall
        case "OTHER": nil
        default: hasCalls ? .toolCalls : .endOfTurn
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
