package import NIOCore
import Wire

/// Writes a stream as `streamGenerateContent?alt=sse` gives it: data lines alone, tool calls whole.
///
/// The first chunk is written when the upstream's first event has come, the last one, with the reasons for the ends and the
/// usage, for `.ended`; both with an empty text (package google-genai 3.4.0 leaves a turn with a chunk without parts out of
/// its history).
package struct GeminiStreamWriter: Sendable {
    /// A call whose arguments still come.
    private struct OpenCall: Sendable {
        var choice: Int
        var call: Int
        var id: JSONText
        var name: JSONText
        var isCustom: Bool
        var signature: Signature?
        var arguments = ByteBuffer()

        var part: Part {
            let text = JSONText(content: arguments)
            return Part(
                .toolCall(
                    ToolCall(
                        id: id, name: name, arguments: isCustom ? .text(text) : .encoded(text), signature: signature)))
        }
    }

    private var id: JSONText
    private var model: JSONText
    private var usage: ReportedUsage?
    private var calls: [OpenCall] = []
    private var stops: [(choice: Int, reason: StopReason)] = []

    package init(context: CompletionContext) {
        id = JSONText(context.idSeed)
        model = JSONText(context.upstreamModel)
    }

    package mutating func write(_ event: CompletionEvent, into buffer: inout ByteBuffer) {
        switch event {
        case .began(let start):
            id = start.id ?? id
            model = start.model ?? model
            usage = start.usage
            chunk(0, into: &buffer, parts: GeminiPartWriter.writeFiller)
        case .text(let choice, let text), .refusal(let choice, let text):
            if !text.isEmpty { next(Part(.text(text)), choice, into: &buffer) }
        case .reasoning(let choice, let text):
            if !text.isEmpty { next(Part(.reasoning(Reasoning(text: text))), choice, into: &buffer) }
        case .reasoningSignature(let choice, let signature, _):
            next(Part(.reasoning(Reasoning(signature: signature))), choice, into: &buffer)
        case .redactedReasoning(let choice, let data):
            next(Part(.reasoning(Reasoning(redacted: data))), choice, into: &buffer)
        case .toolCallBegan(let choice, let call, let id, let name, let isCustom, let signature):
            calls.append(
                OpenCall(choice: choice, call: call, id: id, name: name, isCustom: isCustom, signature: signature))
        case .toolCallArguments(let choice, let call, let text):
            guard let place = calls.lastIndex(where: { $0.choice == choice && $0.call == call }) else { return }
            calls[place].arguments.writeImmutableBuffer(text.content)
        case .media(let choice, let part):
            if GeminiPartWriter.isWritten(part) { next(part, choice, into: &buffer) }
        case .logprobs(let choice, let logprobs): write(logprobs, choice, into: &buffer)
        case .finished(let choice, let reason):
            drain(choice, into: &buffer)
            stops.append((choice, reason))
        case .usage(let usage): self.usage = usage
        case .ended: end(&buffer)
        case .citation, .serviceTier, .failed: break
        }
    }

    package mutating func write(failure: ClientError, into buffer: inout ByteBuffer) {
        GeminiErrorWriter.writeEvent(failure, into: &buffer)
    }

    private mutating func next(_ part: Part, _ choice: Int, into buffer: inout ByteBuffer) {
        if !calls.isEmpty { drain(choice, into: &buffer) }
        write(part, choice, into: &buffer)
    }

    /// Puts out the choice's calls, which are whole now, in one chunk.
    private mutating func drain(_ choice: Int, into buffer: inout ByteBuffer) {
        let whole = calls.filter { $0.choice == choice }
        guard !whole.isEmpty else { return }
        calls.removeAll { $0.choice == choice }
        chunk(choice, into: &buffer) { parts in
            for call in whole { GeminiPartWriter.write(call.part, to: &parts) }
        }
    }

    private mutating func end(_ buffer: inout ByteBuffer) {
        while let choice = calls.first?.choice { drain(choice, into: &buffer) }
        event(into: &buffer) { root in
            root.array("candidates") { list in
                for stop in stops {
                    list.object { candidate in
                        candidate.object("content") { content in
                            content.member("role", raw: "\"model\"")
                            content.array("parts", GeminiPartWriter.writeFiller)
                        }
                        candidate.member("finishReason", raw: GeminiStopReason.word(stop.reason))
                        candidate.member("index", stop.choice)
                    }
                }
            }
            if let usage { root.object("usageMetadata") { GeminiUsage.write(usage, to: &$0) } }
        }
    }

    private func write(_ part: Part, _ choice: Int, into buffer: inout ByteBuffer) {
        chunk(choice, into: &buffer) { GeminiPartWriter.write(part, to: &$0) }
    }

    private func write(_ logprobs: JSONFragment, _ choice: Int, into buffer: inout ByteBuffer) {
        var scratch = JSONIndex()
        guard let list = JSONView(logprobs.bytes, index: &scratch) else { return }
        chunk(choice, into: &buffer, parts: GeminiPartWriter.writeFiller) { GeminiLogprobs.write(list, to: &$0) }
    }

    /// One answer of one choice, with the parts that `body` writes.
    private func chunk(
        _ choice: Int, into buffer: inout ByteBuffer, parts body: (inout JSONWriter) -> Void,
        rest: (inout JSONWriter) -> Void = { _ in }
    ) {
        event(into: &buffer) { root in
            root.array("candidates") { list in
                list.object { candidate in
                    candidate.object("content") { content in
                        content.member("role", raw: "\"model\"")
                        content.array("parts", body)
                    }
                    candidate.member("index", choice)
                    rest(&candidate)
                }
            }
        }
    }

    /// One answer with what `body` writes, and who answers.
    private func event(into buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void) {
        SSEEncoder.write(
            json: { writer in
                writer.object { root in
                    body(&root)
                    root.member("modelVersion", model)
                    root.member("responseId", id)
                }
            }, into: &buffer)
    }
}
