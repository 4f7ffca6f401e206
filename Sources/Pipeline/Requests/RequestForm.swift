/// The protocol a request is written in.
package enum RequestForm: Sendable, Equatable {
    /// OpenAI Chat Completions.
    case openAIChat
}
