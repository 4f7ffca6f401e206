/// What a writer of answers knows besides the answer: the request it answers, and what stands for what a vendor left out.
package struct CompletionContext: Sendable {
    /// The request, whose settings some forms repeat in their answers.
    package var conversation: Conversation
    /// What the vendor's calls are to the client.
    package var tools = ClientTools.unchanged
    /// Whose thoughts the answer holds, signed or not.
    package var vendorForm = RequestForm.openAIChat
    /// What the upstream was asked for, in case it does not name its model.
    package var upstreamModel: String
    /// Letters and digits, unique to the exchange: what ids are made of where the vendor gave none.
    package var idSeed: String
    /// Seconds since 1970 when the request came.
    package var createdSeconds: Int64
    /// Our estimate, for forms that say input tokens before the vendor has.
    package var estimatedInputTokens: Int64
    /// The client asked for the extra usage chunk (Chat's `stream_options.include_usage`).
    package var includesUsageChunk: Bool

    package init(
        conversation: Conversation, upstreamModel: String, idSeed: String, createdSeconds: Int64,
        estimatedInputTokens: Int64, includesUsageChunk: Bool
    ) {
        self.conversation = conversation
        self.upstreamModel = upstreamModel
        self.idSeed = idSeed
        self.createdSeconds = createdSeconds
        self.estimatedInputTokens = estimatedInputTokens
        self.includesUsageChunk = includesUsageChunk
    }
}
