package import NIOCore
package import Wire

/// Reads a whole answer of `generateContent`.
package enum GeminiCompletionReader {
    /// - Parameter index: scratch; holds the body's index afterwards.
    package static func read(_ body: ByteBuffer, index: inout JSONIndex) throws(CompletionError) -> Completion {
        guard let root = JSONView(body, index: &index) else {
            throw .malformed("the body is not one whole JSON text")
        }
        guard root.isObject else { throw .malformed("the body is not a JSON object") }
        if root["error"] != nil { throw .upstream(UpstreamErrorReader.read(body, index: &index)) }
        var completion = Completion()
        completion.id = root["responseId"]?.text
        completion.model = root["modelVersion"]?.text
        completion.usage = root["usageMetadata"].flatMap(GeminiUsage.read)
        for candidate in root["candidates"]?.elements ?? [] {
            completion.choices.append(choice(candidate, completion.id))
        }
        if completion.choices.isEmpty {
            guard root["promptFeedback"]?["blockReason"] != nil else { throw .malformed("it has no 'candidates'") }
            completion.choices = [CompletionChoice(stop: .filtered)]
        }
        return completion
    }

    private static func choice(_ candidate: JSONView, _ response: JSONText?) -> CompletionChoice {
        var parts = GeminiParts()
        parts.name(response)
        var choice = CompletionChoice()
        for part in candidate["content"]?["parts"]?.elements ?? [] {
            if let read = parts.read(part) { choice.append(read) }
        }
        choice.stop = candidate["finishReason"]?.string.map {
            GeminiStopReason.read($0, hasCalls: parts.calls > 0)
        }
        return choice
    }
}

extension CompletionChoice {
    /// Texts and thoughts that follow each other are one.
    fileprivate mutating func append(_ part: Part) {
        switch (parts.last?.content, part.content) {
        case (.text(let before), .text(let text)):
            parts[parts.count - 1].content = .text(before.joined(with: text, separator: ""))
        case (.reasoning(var before), .reasoning(let more)) where before.signature == nil:
            before.text = before.text.joined(with: more.text, separator: "")
            before.signature = more.signature
            parts[parts.count - 1].content = .reasoning(before)
        default: parts.append(part)
        }
    }
}
