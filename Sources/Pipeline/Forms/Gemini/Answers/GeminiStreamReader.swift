import NIOCore
package import Wire

/// Reads a stream of `streamGenerateContent?alt=sse`: each event is an answer with new parts alone; the end is the
/// connection's (package google-genai 3.4.0, read 2026-11).
package struct GeminiStreamReader: Sendable {
    private struct Choice: Sendable {
        var calls = 0
        var isFinished = false
    }

    private var parts = GeminiParts()
    private var hasBegun = false
    private var hasEnded = false
    private var choices: [Choice] = []

    package init() {}

    /// Appends what `event` says; false: it is no answer, or it goes on with a choice that had ended.
    ///
    /// - Parameter index: scratch.
    package mutating func read(
        _ event: SSEEvent, index: inout JSONIndex, into events: inout [CompletionEvent]
    ) -> Bool {
        guard !event.isComment, event.data.readableBytes > 0, !event.data.isDone else { return true }
        guard let root = JSONView(event.data, index: &index) else { return false }
        let isError = root["error"] != nil || (root.kind == .array && root.elements.first?["error"] != nil)
        guard root.isObject || isError else { return false }
        let usage = root["usageMetadata"].flatMap(GeminiUsage.read)
        begin(root, usage, into: &events)
        guard !isError else {
            fail(UpstreamErrorReader.read(event.data, index: &index), into: &events)
            return true
        }
        var isValid = true
        root.each("candidates") { candidate in
            if !readParts(candidate, into: &events) { isValid = false }
        }
        if let usage { events.append(.usage(usage)) }
        root.each("candidates") { finish(candidate: $0, into: &events) }
        if choices.isEmpty, root["promptFeedback"]?["blockReason"] != nil {
            choices = [Choice(isFinished: true)]
            events.append(.finished(choice: 0, .filtered))
        }
        return isValid
    }

    /// The connection ended.
    package mutating func finish(into events: inout [CompletionEvent]) {
        guard !hasEnded, !choices.isEmpty, choices.allSatisfy(\.isFinished) else { return }
        hasEnded = true
        events.append(.ended)
    }

    private mutating func begin(_ root: JSONView, _ usage: ReportedUsage?, into events: inout [CompletionEvent]) {
        guard !hasBegun else { return }
        hasBegun = true
        let id = root["responseId"]?.text
        parts.name(id)
        events.append(.began(CompletionStart(id: id, model: root["modelVersion"]?.text, usage: usage)))
    }

    /// A candidate without an index is the first one.
    private mutating func readParts(_ candidate: JSONView, into events: inout [CompletionEvent]) -> Bool {
        let choice = GeminiCandidate.place(candidate, default: 0)
        while choices.count <= choice { choices.append(Choice()) }
        let before = events.count
        candidate["content"]?.each("parts") { part in
            let reading = parts.read(part)
            if let part = reading.part { take(part, choice, into: &events) }
            guard let thought = reading.thought else { return }
            if !thought.text.isEmpty { events.append(.reasoning(choice: choice, thought.text)) }
            if let signature = thought.signature {
                events.append(.reasoningSignature(choice: choice, signature, itemID: nil))
            }
        }
        if let logprobs = candidate["logprobsResult"].flatMap(GeminiLogprobs.read) {
            events.append(.logprobs(choice: choice, logprobs))
        }
        return events.count == before || !choices[choice].isFinished
    }

    private mutating func take(_ part: Part, _ choice: Int, into events: inout [CompletionEvent]) {
        switch part.content {
        case .text(let text): events.append(.text(choice: choice, text))
        case .toolCall(let call):
            let number = choices[choice].calls
            choices[choice].calls &+= 1
            events.append(
                .toolCallBegan(
                    choice: choice, call: number, id: call.id, name: call.name, isCustom: false,
                    signature: call.signature))
            events.append(.toolCallArguments(choice: choice, call: number, call.arguments.encoded))
        case .image, .audio, .file: events.append(.media(choice: choice, part))
        case .refusal, .reasoning, .toolResult, .other: break
        }
    }

    private mutating func finish(candidate: JSONView, into events: inout [CompletionEvent]) {
        let choice = GeminiCandidate.place(candidate, default: 0)
        guard let reason = candidate["finishReason"], choice < choices.count, !choices[choice].isFinished else {
            return
        }
        choices[choice].isFinished = true
        if let stop = GeminiStopReason.read(reason, hasCalls: choices[choice].calls > 0) {
            events.append(.finished(choice: choice, stop))
        } else {
            fail(GeminiCandidate.failure(candidate), into: &events)
        }
    }

    private mutating func fail(_ error: UpstreamError, into events: inout [CompletionEvent]) {
        hasEnded = true
        events.append(.failed(error))
    }
}

extension ByteBuffer {
    /// What servers of OpenAI's form end with, and some that speak this one too.
    fileprivate var isDone: Bool { readableBytesView.elementsEqual("[DONE]".utf8) }
}
