/// How vendors that share a form differ in it, as far as a writer of that form must know.
package struct VendorTraits: Sendable, Equatable {
    /// What the target's model is asked to think with, in a request of Chat Completions' form.
    package enum ReasoningControl: Sendable, Equatable {
        /// `reasoning_effort`.
        case effort
        /// `thinking: {"type"}` and `reasoning_effort` of low, high, max (DeepSeek).
        case thinkingAndEffort
        /// `enable_thinking` and `thinking_budget` (Qwen).
        case enableThinking
        /// `thinking: {"type"}` and `reasoning_effort` up to high (Doubao).
        case thinkingType
    }

    /// Takes the role `developer`; false: it is written as `system`.
    package var takesDeveloperRole = true
    /// Takes system messages wherever they stand; false: those at the beginning are written as one, later ones as the user's.
    package var takesSystemAnywhere = true
    /// `max_completion_tokens`; false: `max_tokens`.
    package var takesMaxCompletionTokens = true
    package var reasoningControl = ReasoningControl.effort
    /// Models, by the beginnings of their names in lower case, that take `reasoning_effort` whatever `reasoningControl` says.
    package var effortModels: [String] = []
    /// Takes `response_format` of type `json_schema`; false: `json_object` is asked for and reported as rewritten.
    package var takesJSONSchema = true
    /// Thoughts before tool calls must be sent back as `reasoning_content`; false: foreign and own thoughts are left out.
    package var takesReasoningBack = false
    /// Takes `strict` in tools.
    package var takesStrictTools = true
    /// Takes tools of type `custom`; false: they are written as functions of one text, `input`.
    package var takesCustomTools = true
    /// Takes a `tool_choice` of type `allowed_tools`; false: the other tools are left out.
    package var takesAllowedTools = true
    /// Takes `cache_control` on content parts of messages, as Anthropic writes it; false: marks are dropped.
    package var takesCacheControl = false
    /// Takes `prompt_cache_breakpoint` on content parts of messages (OpenAI).
    package var takesBreakpoints = false
    /// Refuses requests with marks that it does not take; false: it skips them, or nobody knows.
    package var refusesOtherMarks = false
    /// Takes images, sounds and files as content parts.
    package var takesImages = true
    package var takesAudio = true
    package var takesFiles = true
    /// Fields of OpenAI's own that it refuses or does not know: they are dropped and reported.
    package var unknownFields: Set<ConversationField> = []

    package init() {}

    /// What the model of this name is asked to think with.
    package func reasoningControl(for model: String) -> ReasoningControl {
        guard !effortModels.isEmpty else { return reasoningControl }
        let name = model.lowercased()
        return effortModels.contains { name.hasPrefix($0) } ? .effort : reasoningControl
    }
}
