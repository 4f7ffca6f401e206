package import NIOCore
import Wire

/// Every form's adapters, by form: the one place that knows them all.
package enum FormAdapters {
    /// - Parameters:
    ///   - isIndexed: `index` holds the body's index already.
    ///   - index: scratch otherwise.
    static func readConversation(
        _ body: ByteBuffer, form: RequestForm, path: PathParameters?, isIndexed: Bool, index: inout JSONIndex
    ) throws(ConversationError) -> Conversation {
        switch form {
        case .openAIChat: try ChatConversationReader.read(body, path: path, isIndexed: isIndexed, index: &index)
        case .openAIResponses:
            try ResponsesConversationReader.read(body, path: path, isIndexed: isIndexed, index: &index)
        case .anthropicMessages:
            try AnthropicConversationReader.read(body, path: path, isIndexed: isIndexed, index: &index)
        case .geminiGenerate: try GeminiConversationReader.read(body, path: path, isIndexed: isIndexed, index: &index)
        }
    }

    /// - Parameter index: scratch.
    static func write(
        _ conversation: Conversation, in form: RequestForm, for target: WritingTarget, index: inout JSONIndex
    ) throws(ConversationError) -> WrittenRequest {
        switch form {
        case .openAIChat: try ChatConversationWriter.write(conversation, for: target, index: &index)
        case .openAIResponses: try ResponsesConversationWriter.write(conversation, for: target, index: &index)
        case .anthropicMessages: try AnthropicConversationWriter.write(conversation, for: target, index: &index)
        case .geminiGenerate: try GeminiConversationWriter.write(conversation, for: target, index: &index)
        }
    }

    /// - Parameter index: scratch.
    static func readCompletion(
        _ body: ByteBuffer, form: RequestForm, index: inout JSONIndex
    ) throws(CompletionError) -> Completion {
        switch form {
        case .openAIChat: try ChatCompletionReader.read(body, index: &index)
        case .openAIResponses: try ResponsesCompletionReader.read(body, index: &index)
        case .anthropicMessages: try AnthropicCompletionReader.read(body, index: &index)
        case .geminiGenerate: try GeminiCompletionReader.read(body, index: &index)
        }
    }

    static func write(_ completion: Completion, context: CompletionContext, into buffer: inout ByteBuffer) {
        switch context.conversation.form {
        case .openAIChat: ChatCompletionWriter.write(completion, context: context, into: &buffer)
        case .openAIResponses: ResponsesCompletionWriter.write(completion, context: context, into: &buffer)
        case .anthropicMessages: AnthropicCompletionWriter.write(completion, context: context, into: &buffer)
        case .geminiGenerate: GeminiCompletionWriter.write(completion, context: context, into: &buffer)
        }
    }

    /// A count of a prompt's tokens in `form`.
    package static func writeTokenCount(_ tokens: Int64, in form: RequestForm, into buffer: inout ByteBuffer) {
        switch form {
        case .geminiGenerate: GeminiTokenCount.write(totalTokens: tokens, into: &buffer)
        case .anthropicMessages, .openAIChat, .openAIResponses:
            AnthropicTokenCount.write(inputTokens: tokens, into: &buffer)
        }
    }

    /// An error's body in `form`.
    package static func write(_ error: ClientError, in form: RequestForm, into buffer: inout ByteBuffer) {
        switch form {
        case .openAIChat: ChatErrorWriter.write(error, into: &buffer)
        case .openAIResponses: ResponsesErrorWriter.write(error, into: &buffer)
        case .anthropicMessages: AnthropicErrorWriter.write(error, into: &buffer)
        case .geminiGenerate: GeminiErrorWriter.write(error, into: &buffer)
        }
    }

    /// An error in a stream of `form`.
    package static func writeEvent(_ error: ClientError, in form: RequestForm, into buffer: inout ByteBuffer) {
        switch form {
        case .openAIChat: ChatErrorWriter.writeEvent(error, into: &buffer)
        case .openAIResponses: ResponsesErrorWriter.writeEvent(error, into: &buffer)
        case .anthropicMessages: AnthropicErrorWriter.writeEvent(error, into: &buffer)
        case .geminiGenerate: GeminiErrorWriter.writeEvent(error, into: &buffer)
        }
    }
}
