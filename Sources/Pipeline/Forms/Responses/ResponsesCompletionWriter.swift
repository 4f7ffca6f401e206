package import NIOCore
import Wire

/// Writes an answer as a client of Responses expects it: a whole `response`. Its items are those that a stream of the same
/// answer ends with, ids and all; of several choices the first.
package enum ResponsesCompletionWriter {
    package static func write(_ completion: Completion, context: CompletionContext, into buffer: inout ByteBuffer) {
        let choice = completion.choices.first ?? CompletionChoice()
        var composer = ResponsesOutputComposer(seed: context.idSeed)
        let status = ResponsesStatus(choice.stop, hasRefusal: choice.parts.contains(where: \.isRefusal))
        composer.write(choice, status: status)
        let envelope = ResponsesEnvelope(
            context: context, id: completion.id, model: completion.model, createdSeconds: completion.createdSeconds)
        JSONWriter.write(into: &buffer) {
            envelope.write(
                status: status, output: composer.items.buffer, usage: completion.usage,
                serviceTier: completion.serviceTier, into: &$0)
        }
    }
}

/// Writes the items of an answer.
struct ResponsesOutputComposer {
    let seed: String
    /// The items with their commas.
    private(set) var items = JSONWriter()
    private var count = 0

    init(seed: String) {
        self.seed = seed
    }

    /// Texts that follow one another are parts of one message.
    mutating func write(_ choice: CompletionChoice, status: ResponsesStatus) {
        let parts = choice.parts.filter { !$0.isEmptyText }
        var logprobs = ResponsesLogprobs.content(choice.logprobs)
        var position = 0
        while position < parts.count {
            var end = position + 1
            if parts[position].isSaid {
                while end < parts.count, parts[end].isSaid { end += 1 }
                write(
                    message: parts[position..<end], logprobs: logprobs,
                    status: end == parts.count ? status.itemName : "completed")
                logprobs = ByteBuffer()
            } else {
                write(parts[position], status: end == parts.count ? status.itemName : "completed")
            }
            position = end
        }
    }

    private mutating func next(_ kind: ResponsesOutputItem.Kind) -> ResponsesOutputItem {
        defer { count += 1 }
        return ResponsesOutputItem(kind, index: count, seed: seed)
    }

    private mutating func write(message parts: ArraySlice<Part>, logprobs: ByteBuffer, status: StaticString) {
        var logprobs = logprobs
        var content = JSONWriter()
        for part in parts {
            if case .text(let text) = part.content {
                content.outputTextPart(
                    text, annotations: ResponsesCitation.annotations(part.citations), logprobs: logprobs)
                logprobs = ByteBuffer()
            } else if case .refusal(let text) = part.content {
                content.refusalPart(text)
            }
        }
        next(.message).writeMessage(status: status, content: content.buffer, into: &items)
    }

    private mutating func write(_ part: Part, status: StaticString) {
        switch part.content {
        case .reasoning(let reasoning):
            let encrypted =
                reasoning.redacted.map { ResponsesSeal.sealed($0, isRedacted: true) }
                ?? reasoning.signature.map { ResponsesSeal.sealed($0, isRedacted: false) }
            next(.reasoning).writeReasoning(summary: reasoning.text, encrypted: encrypted, into: &items)
        case .toolCall(let call):
            var isCustom = false
            if case .text = call.arguments { isCustom = true }
            next(isCustom ? .customCall : .functionCall).writeCall(
                callID: ToolCallID.sealed(call, for: .openAIResponses), name: call.name,
                arguments: call.arguments.encoded, status: status, into: &items)
        case .image(let media):
            guard case .base64(let data) = media.source else { return }
            next(.picture).writePicture(data, into: &items)
        case .text, .refusal, .audio, .file, .toolResult, .other: break
        }
    }
}

extension Part {
    var isRefusal: Bool {
        if case .refusal = content { true } else { false }
    }

    /// Text or a refusal.
    fileprivate var isSaid: Bool {
        switch content {
        case .text, .refusal: true
        case .image, .audio, .file, .toolCall, .toolResult, .reasoning, .other: false
        }
    }

    fileprivate var isEmptyText: Bool {
        switch content {
        case .text(let text), .refusal(let text): text.isEmpty
        case .image, .audio, .file, .toolCall, .toolResult, .reasoning, .other: false
        }
    }
}
