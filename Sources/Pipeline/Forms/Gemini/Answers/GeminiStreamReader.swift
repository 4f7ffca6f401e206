import NIOCore
package import Wire

/// Reads a stream of `streamGenerateContent?alt=sse`: each event is an answer with new parts alone; the end is the
/// connection's (package google-genai 3.4.0, read 2026-11).
package struct GeminiStreamReader: Sendable {
    private struct Candidate: Sendable {
        var isThinking = false
        var calls = 0
        var isFinished = false
    }

    private var parts = GeminiParts()
    private var hasBegun = false
    private var hasEnded = false
    private var candidates: [Candidate] = []

    package init() {}

    package mutating func read(
        _ event: SSEEvent, index: inout JSONIndex, into events: inout [CompletionEvent]
    ) -> Bool {
        guard let root = JSONView(event.data, index: &index) else { return false }
        let isError = root["error"] != nil || (root.kind == .array && root.elements.first?["error"] != nil)
        if isError {
            events.append(.failed(UpstreamErrorReader.read(event.data, index: &index)))
            return true
        }
        guard root.isObject else { return false }
        let usage = root["usageMetadata"].flatMap(GeminiUsage.read)
        begin(root, usage, into: &events)
        for candidate in root["candidates"]?.elements ?? [] { read(candidate, into: &events) }
        if root["promptFeedback"]?["blockReason"] != nil, candidates.isEmpty {
            candidates = [Candidate(isFinished: true)]
            events.append(.finished(choice: 0, .filtered))
        }
        if let usage { events.append(.usage(usage)) }
        return true
    }

    package mutating func finish(into events: inout [CompletionEvent]) {
        guard !hasEnded, !candidates.isEmpty, candidates.allSatisfy(\.isFinished) else { return }
        hasEnded = true
        events.append(.ended)
    }

    private mutating func begin(_ root: JSONView, _ usage: ReportedUsage?, into events: inout [CompletionEvent]) {
        guard !hasBegun else { return }
        hasBegun = true
        parts.name(root["responseId"]?.text)
        events.append(
            .began(CompletionStart(id: root["responseId"]?.text, model: root["modelVersion"]?.text, usage: usage)))
    }

    private mutating func read(_ candidate: JSONView, into events: inout [CompletionEvent]) {
        let choice = Int(min(max(0, candidate["index"]?.int64 ?? 0), 63))
        while candidates.count <= choice { candidates.append(Candidate()) }
        for part in candidate["content"]?["parts"]?.elements ?? [] {
            if let read = parts.read(part) { take(read, choice, into: &events) }
        }
        guard let reason = candidate["finishReason"]?.string, !candidates[choice].isFinished else { return }
        candidates[choice].isFinished = true
        events.append(
            .finished(choice: choice, GeminiStopReason.read(reason, hasCalls: candidates[choice].calls > 0)))
    }

    private mutating func take(_ part: Part, _ choice: Int, into events: inout [CompletionEvent]) {
        switch part.content {
        case .text(let text): events.append(.text(choice: choice, text))
        case .reasoning(let reasoning):
            if !reasoning.text.isEmpty { events.append(.reasoning(choice: choice, reasoning.text)) }
            if let signature = reasoning.signature {
                events.append(.reasoningSignature(choice: choice, signature, itemID: nil))
            }
        case .toolCall(let call):
            let number = candidates[choice].calls
            candidates[choice].calls += 1
            events.append(
                .toolCallBegan(
                    choice: choice, call: number, id: call.id, name: call.name, isCustom: false,
                    signature: call.signature))
            events.append(.toolCallArguments(choice: choice, call: number, call.arguments.encoded))
        case .image, .audio, .file: events.append(.media(choice: choice, part))
        case .refusal, .toolResult, .other: break
        }
    }
}
