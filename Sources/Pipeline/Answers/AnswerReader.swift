package import NIOCore
package import Wire

/// What a whole answer comes to.
package struct AnswerSummary: Sendable {
    /// What the client is given.
    package let body: ByteBuffer
    /// With the vendor's ways of counting resolved: `prompt` includes `cached` and `cacheWrite`. nil: none was given.
    package let usage: ReportedUsage?
    /// The vendor's usage object as it came; a slice of its answer.
    package let usageText: ByteBufferView?
    /// Bytes of generated text, escapes as written: what an estimate counts where there is no usage.
    package let contentBytes: Int
    package let choiceCount: Int
    /// Every choice says why it ended. Some servers never say.
    package let isFinished: Bool
    /// The body's media type; nil: JSON, or where the body is the vendor's bytes what the vendor said.
    package var mediaType: String?
}

/// Why an upstream's 200 is no answer.
package enum AnswerError: Error, Equatable {
    /// Not one whole JSON text, or not the form's answer; the text says what is missing, in words of ours.
    case malformed(String)
    /// An error in an answer's place.
    case upstream(UpstreamError)
}

/// Reads upstreams' whole answers.
package enum AnswerReader {
    /// - Parameters:
    ///   - body: a body that came with status 200, whole.
    ///   - index: scratch.
    package static func readUnary(
        _ body: ByteBuffer, route: AnswerRoute, index: inout JSONIndex
    ) throws(AnswerError) -> AnswerSummary {
        switch route {
        case .sameForm(.openAIChat, let style, _): try readChat(body, style, index: &index)
        case .sameForm(let form, _, _):
            summary(of: try readCompletion(body, form, index: &index), said: body, given: body)
        case .translated(let translation): try translate(body, translation, index: &index)
        case .tokenCount: try readCount(body, index: &index)
        case .operation(let request): try read(body, request, index: &index)
        case .embedding(let translation): try translate(body, translation, index: &index)
        case .native(let translation): try translation.vendor.read(body, translation, index: &index)
        }
    }

    /// Chat Completions to a client of its own: read without making a completion of it.
    private static func readChat(
        _ body: ByteBuffer, _ style: Dialect.UsageStyle, index: inout JSONIndex
    ) throws(AnswerError) -> AnswerSummary {
        let response: ChatResponse
        do throws(ChatResponseError) {
            response = try ChatResponseReader.read(body, index: &index)
        } catch {
            throw AnswerError(error)
        }
        return AnswerSummary(
            body: body, usage: response.usage?.resolved(style),
            usageText: response.usage?.text(in: body)?.readableBytesView, contentBytes: response.textBytes,
            choiceCount: response.choiceCount, isFinished: response.choices.areFinished)
    }

    private static func translate(
        _ body: ByteBuffer, _ translation: Translation, index: inout JSONIndex
    ) throws(AnswerError) -> AnswerSummary {
        var completion = try readCompletion(body, translation.vendorForm, index: &index)
        translation.context.tools.restore(&completion)
        var told = ByteBuffer()
        told.reserveCapacity(body.readableBytes &+ 256)
        FormAdapters.write(completion, context: translation.context, into: &told)
        return summary(of: completion, said: body, given: told)
    }

    private static func readCompletion(
        _ body: ByteBuffer, _ form: RequestForm, index: inout JSONIndex
    ) throws(AnswerError) -> Completion {
        do throws(CompletionError) {
            return try FormAdapters.readCompletion(body, form: form, index: &index)
        } catch {
            throw AnswerError(error)
        }
    }

    private static func summary(of completion: Completion, said: ByteBuffer, given: ByteBuffer) -> AnswerSummary {
        AnswerSummary(
            body: given, usage: completion.usage, usageText: completion.usage?.text(in: said)?.readableBytesView,
            contentBytes: completion.choices.reduce(0) { $0 &+ $1.textByteCount },
            choiceCount: completion.choices.count, isFinished: completion.choices.allSatisfy { $0.stop != nil })
    }

    private static func read(
        _ body: ByteBuffer, _ request: OperationRequest, index: inout JSONIndex
    ) throws(AnswerError) -> AnswerSummary {
        do throws(OperationAnswerError) {
            let answer = try OperationAnswer.read(
                body, operation: request.operation, format: request.answerFormat, index: &index)
            return AnswerSummary(
                body: body, usage: answer.usage, usageText: answer.usage?.text(in: body)?.readableBytesView,
                contentBytes: answer.textBytes, choiceCount: answer.itemCount, isFinished: true)
        } catch {
            switch error {
            case .upstream(let error): throw .upstream(error)
            case .notJSON: throw .malformed("the body is not one whole JSON text")
            case .notAnAnswer(let reason): throw .malformed(reason.rawValue)
            }
        }
    }

    private static func translate(
        _ body: ByteBuffer, _ translation: EmbeddingTranslation, index: inout JSONIndex
    ) throws(AnswerError) -> AnswerSummary {
        let answer: EmbeddingAnswer
        do throws(CompletionError) {
            answer =
                translation.isGemini
                ? try GeminiEmbedding.readAnswer(body, index: &index)
                : try OpenAIEmbedding.readAnswer(body, index: &index)
        } catch {
            throw AnswerError(error)
        }
        var told = ByteBuffer()
        switch translation.request.shape {
        case .geminiSingle: GeminiEmbedding.write(answer, isBatch: false, into: &told)
        case .geminiBatch: GeminiEmbedding.write(answer, isBatch: true, into: &told)
        case .openAI(let isBase64):
            OpenAIEmbedding.write(
                answer, isBase64: isBase64, model: translation.upstreamModel,
                estimatedTokens: translation.estimatedInputTokens, index: &index, into: &told)
        }
        return AnswerSummary(
            body: told, usage: answer.usage, usageText: answer.usage?.text(in: body)?.readableBytesView,
            contentBytes: 0, choiceCount: answer.vectors.count, isFinished: true)
    }

    /// A count is free: it has no usage of its own.
    private static func readCount(_ body: ByteBuffer, index: inout JSONIndex) throws(AnswerError) -> AnswerSummary {
        do throws(JSONError) {
            try body.withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
        } catch {
            throw .malformed("the body is not one whole JSON text")
        }
        guard index.kind(of: 0) == .object else { throw .malformed("the count is not a JSON object") }
        return AnswerSummary(
            body: body, usage: ReportedUsage.nothing, usageText: nil, contentBytes: 0, choiceCount: 0, isFinished: true)
    }
}

extension CompletionChoice {
    /// Bytes of generated text in all its parts, escapes as written.
    var textByteCount: Int {
        parts.reduce(0) { total, part in
            switch part.content {
            case .text(let text), .refusal(let text): total &+ text.byteCount
            case .reasoning(let reasoning): total &+ reasoning.text.byteCount
            case .toolCall(let call): total &+ call.name.byteCount &+ call.arguments.byteCount
            case .image, .audio, .file, .toolResult, .other: total
            }
        }
    }
}

extension ToolArguments {
    /// Bytes as they came.
    fileprivate var byteCount: Int {
        switch self {
        case .encoded(let text), .text(let text): text.byteCount
        case .object(let object): object.bytes.readableBytes
        }
    }
}

extension AnswerError {
    fileprivate init(_ error: CompletionError) {
        switch error {
        case .malformed(let reason): self = .malformed(reason)
        case .upstream(let error): self = .upstream(error)
        }
    }

    fileprivate init(_ error: ChatResponseError) {
        switch error {
        case .notJSON: self = .malformed("the body is not one whole JSON text")
        case .notAnAnswer(let reason): self = .malformed(reason.rawValue)
        case .upstream(let error): self = .upstream(error)
        }
    }
}
