import NIOCore
import Wire

/// A stream in some vendor's form, being read.
enum FormStreamReader: Sendable {
    case chat(ChatStreamReader)
    case responses(ResponsesStreamReader)
    case anthropic(AnthropicStreamReader)
    case gemini(GeminiStreamReader)
    /// While it reads: its memory has one owner then, and is not copied.
    case taken

    /// - Parameter isRelayed: the client is given the events as they come.
    init(_ form: RequestForm, isRelayed: Bool = false) {
        switch form {
        case .openAIChat: self = .chat(ChatStreamReader())
        case .openAIResponses: self = .responses(ResponsesStreamReader(isRelayed: isRelayed))
        case .anthropicMessages: self = .anthropic(AnthropicStreamReader())
        case .geminiGenerate: self = .gemini(GeminiStreamReader())
        }
    }

    /// Appends what `event` says; false: it is not what the form allows.
    mutating func read(_ event: SSEEvent, index: inout JSONIndex, into events: inout [CompletionEvent]) -> Bool {
        switch self {
        case .chat(var reader):
            self = .taken
            let isValid = reader.read(event, index: &index, into: &events)
            self = .chat(reader)
            return isValid
        case .responses(var reader):
            self = .taken
            let isValid = reader.read(event, index: &index, into: &events)
            self = .responses(reader)
            return isValid
        case .anthropic(var reader):
            self = .taken
            let isValid = reader.read(event, index: &index, into: &events)
            self = .anthropic(reader)
            return isValid
        case .gemini(var reader):
            self = .taken
            let isValid = reader.read(event, index: &index, into: &events)
            self = .gemini(reader)
            return isValid
        case .taken: return false
        }
    }

    /// The framing ended: appends `.ended` where the answer is whole though its form's end never came.
    mutating func finish(into events: inout [CompletionEvent]) {
        switch self {
        case .chat(var reader):
            self = .taken
            reader.finish(into: &events)
            self = .chat(reader)
        case .responses(var reader):
            self = .taken
            reader.finish(into: &events)
            self = .responses(reader)
        case .anthropic(var reader):
            self = .taken
            reader.finish(into: &events)
            self = .anthropic(reader)
        case .gemini(var reader):
            self = .taken
            reader.finish(into: &events)
            self = .gemini(reader)
        case .taken: break
        }
    }
}

extension FormStreamReader {
    /// Ends the stream for a client of the same form, which was given the vendor's events as they came.
    func write(failure: ClientError, into buffer: inout ByteBuffer) {
        switch self {
        case .responses(let reader): reader.write(failure: failure, into: &buffer)
        case .chat: ChatErrorWriter.writeEvent(failure, into: &buffer)
        case .anthropic: AnthropicErrorWriter.writeEvent(failure, into: &buffer)
        case .gemini: GeminiErrorWriter.writeEvent(failure, into: &buffer)
        case .taken: break
        }
    }
}

/// A stream in some client's form, being written.
enum FormStreamWriter: Sendable {
    case chat(ChatStreamWriter)
    case responses(ResponsesStreamWriter)
    case anthropic(AnthropicStreamWriter)
    case gemini(GeminiStreamWriter)
    /// While it writes: its memory has one owner then, and is not copied.
    case taken

    /// In the form of the context's conversation.
    init(context: CompletionContext) {
        switch context.conversation.form {
        case .openAIChat: self = .chat(ChatStreamWriter(context: context))
        case .openAIResponses: self = .responses(ResponsesStreamWriter(context: context))
        case .anthropicMessages: self = .anthropic(AnthropicStreamWriter(context: context))
        case .geminiGenerate: self = .gemini(GeminiStreamWriter(context: context))
        }
    }

    mutating func write(_ events: [CompletionEvent], into buffer: inout ByteBuffer) {
        switch self {
        case .chat(var writer):
            self = .taken
            for event in events { writer.write(event, into: &buffer) }
            self = .chat(writer)
        case .responses(var writer):
            self = .taken
            for event in events { writer.write(event, into: &buffer) }
            self = .responses(writer)
        case .anthropic(var writer):
            self = .taken
            for event in events { writer.write(event, into: &buffer) }
            self = .anthropic(writer)
        case .gemini(var writer):
            self = .taken
            for event in events { writer.write(event, into: &buffer) }
            self = .gemini(writer)
        case .taken: break
        }
    }

    mutating func write(failure: ClientError, into buffer: inout ByteBuffer) {
        switch self {
        case .chat(var writer):
            self = .taken
            writer.write(failure: failure, into: &buffer)
            self = .chat(writer)
        case .responses(var writer):
            self = .taken
            writer.write(failure: failure, into: &buffer)
            self = .responses(writer)
        case .anthropic(var writer):
            self = .taken
            writer.write(failure: failure, into: &buffer)
            self = .anthropic(writer)
        case .gemini(var writer):
            self = .taken
            writer.write(failure: failure, into: &buffer)
            self = .gemini(writer)
        case .taken: break
        }
    }
}
