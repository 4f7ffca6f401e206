/// The protocol a request is written in, and its answer with it.
package enum RequestForm: UInt8, Sendable, CaseIterable {
    /// OpenAI Chat Completions.
    case openAIChat
    /// OpenAI Responses.
    case openAIResponses
    /// Anthropic Messages.
    case anthropicMessages
    /// Gemini `generateContent` and `streamGenerateContent`: the model's name and the wish to stream stand in the path.
    case geminiGenerate
}
