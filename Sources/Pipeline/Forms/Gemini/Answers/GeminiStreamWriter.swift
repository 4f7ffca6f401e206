package import NIOCore
import Wire

/// Writes a stream as `streamGenerateContent?alt=sse` gives it: data lines alone, tool calls whole.
package struct GeminiStreamWriter: Sendable {
    /// A call whose arguments still come.
    private struct OpenCall: Sendable {
        var choice: Int
        var call: Int
        var id: JSONText
        var name: JSONText
        var signature: Signature?
        var arguments = ByteBuffer()
    }

    private let context: CompletionContext
    private var id: JSONText
    private var model: JSONText
    private var usage: ReportedUsage?
    private var calls: [OpenCall] = []
    private var stops: [(choice: Int, reason: StopReason)] = []

    package init(context: CompletionContext) {
        self.context = context
        id = JSONText(context.idSeed)
        model = JSONText(context.upstreamModel)
    }

    package mutating func write(_ event: CompletionEvent, into buffer: inout ByteBuffer) {
        switch event {
        case .began(let start):
            id = start.id ?? id
            model = start.model ?? model
            usage = start.usage
            chunk(0, Part(.text(.empty)), into: &buffer)
        case .text(let choice, let text), .refusal(let choice, let text):
            guard !text.isEmpty else { return }
            drain(&buffer)
            chunk(choice, Part(.text(text)), into: &buffer)
        case .reasoning(let choice, let text):
            guard !text.isEmpty else { return }
            drain(&buffer)
            chunk(choice, Part(.reasoning(Reasoning(text: text))), into: &buffer)
        case .reasoningSignature(let choice, let signature, _), .redactedReasoning(let choice, let signature):
            drain(&buffer)
            chunk(choice, Part(.reasoning(Reasoning(signature: signature))), into: &buffer)
        case .toolCallBegan(let choice, let call, let id, let name, _, let signature):
            calls.append(OpenCall(choice: choice, call: call, id: id, name: name, signature: signature))
        case .toolCallArguments(let choice, let call, let text):
            guard let place = calls.firstIndex(where: { $0.choice == choice && $0.call == call }) else { return }
            calls[place].arguments.writeImmutableBuffer(text.content)
        case .media(let choice, let part):
            drain(&buffer)
            chunk(choice, part, into: &buffer)
        case .finished(let choice, let reason):
            drain(&buffer)
            stops.append((choice, reason))
        case .usage(let usage): self.usage = usage
        case .ended: end(&buffer)
        case .citation, .logprobs, .serviceTier, .failed: break
        }
    }

    package mutating func write(failure: ClientError, into buffer: inout ByteBuffer) {
        GeminiErrorWriter.writeEvent(failure, into: &buffer)
    }

    /// Puts out the calls that are whole now.
    private mutating func drain(_ buffer: inout ByteBuffer) {
        guard !calls.isEmpty else { return }
        let whole = calls
        calls = []
        for call in whole {
            let arguments = ToolArguments.encoded(JSONText(content: call.arguments))
            let part = Part(
                .toolCall(ToolCall(id: call.id, name: call.name, arguments: arguments, signature: call.signature)))
            chunk(call.choice, part, into: &buffer)
        }
    }

    private mutating func end(_ buffer: inout ByteBuffer) {
        drain(&buffer)
        event(&buffer) { root in
            root.array("candidates") { list in
                for stop in stops {
                    list.object { candidate in
                        candidate.object("content") { content in
                            content.member("role", raw: "\"model\"")
                            content.member("parts", raw: #"[{"text":""}]"#)
                        }
                        candidate.member("finishReason", raw: GeminiStopReason.word(stop.reason))
                        candidate.member("index", stop.choice)
                    }
                }
            }
            if let usage { root.object("usageMetadata") { GeminiUsage.write(usage, to: &$0) } }
        }
    }

    private func chunk(_ choice: Int, _ part: Part, into buffer: inout ByteBuffer) {
        event(&buffer) { root in
            root.array("candidates") { list in
                list.object { candidate in
                    candidate.object("content") { content in
                        content.member("role", raw: "\"model\"")
                        content.array("parts") { GeminiPartWriter.write(part, to: &$0) }
                    }
                    candidate.member("index", choice)
                }
            }
        }
    }

    /// One answer with what `body` writes, and who answers.
    private func event(_ buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void) {
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
