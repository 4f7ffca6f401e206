package import NIOCore
package import Wire

/// Reads a whole answer of `generateContent`.
package enum GeminiCompletionReader {
    /// - Parameter index: scratch; holds the body's index afterwards.
    package static func read(_ body: ByteBuffer, index: inout JSONIndex) throws(CompletionError) -> Completion {
        guard let root = JSONView(body, index: &index) else {
            throw .malformed("the body is not one whole JSON text")
        }
        guard root.isObject, root["error"] == nil else {
            let isError = root.isObject || root.elements.first?["error"] != nil
            guard isError else { throw .malformed("the body is not a JSON object") }
            throw .upstream(UpstreamErrorReader.read(body, index: &index))
        }
        var completion = Completion()
        completion.id = root["responseId"]?.text
        completion.model = root["modelVersion"]?.text
        completion.usage = root["usageMetadata"].flatMap(GeminiUsage.read)
        var parts = GeminiParts()
        parts.name(completion.id)
        for (position, candidate) in (root["candidates"]?.elements ?? []).enumerated() {
            let place = GeminiCandidate.place(candidate, default: position)
            while completion.choices.count <= place { completion.choices.append(CompletionChoice()) }
            try read(candidate, &parts, into: &completion.choices[place])
        }
        if completion.choices.isEmpty {
            guard root["promptFeedback"]?["blockReason"] != nil else { throw .malformed("it has no 'candidates'") }
            completion.choices = [CompletionChoice(stop: .filtered)]
        }
        return completion
    }

    private static func read(
        _ candidate: JSONView, _ parts: inout GeminiParts, into choice: inout CompletionChoice
    ) throws(CompletionError) {
        var hasCalls = false
        var joiner = GeminiJoiner()
        candidate["content"]?.each("parts") { part in
            let reading = parts.read(part)
            if case .toolCall = reading.part?.content { hasCalls = true }
            joiner.add(reading)
        }
        choice.parts += joiner.take()
        choice.logprobs = candidate["logprobsResult"].flatMap(GeminiLogprobs.read).map { content in
            JSONFragment(kind: .object) { writer in writer.object { $0.member("content", content) } }
        }
        guard let reason = candidate["finishReason"] else { return }
        guard let stop = GeminiStopReason.read(reason, hasCalls: hasCalls) else {
            throw .upstream(GeminiCandidate.failure(candidate))
        }
        choice.stop = stop
    }
}

/// What candidates say besides their parts.
enum GeminiCandidate {
    /// Choices past 64 are one: no vendor gives as many.
    static func place(_ candidate: JSONView, default position: Int) -> Int {
        Int(clamping: min(max(0, candidate["index"]?.int64 ?? Int64(clamping: position)), 63))
    }

    /// Why an answer is none: the vendor's words where it has any.
    static func failure(_ candidate: JSONView) -> UpstreamError {
        UpstreamError(
            message: candidate["finishMessage"]?.string ?? "The model stopped for a reason that it does not say.",
            type: candidate["finishReason"]?.string)
    }
}
