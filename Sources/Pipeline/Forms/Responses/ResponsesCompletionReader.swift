package import NIOCore
package import Wire

/// Reads a vendor's whole answer to a Responses request.
///
/// Asks for an object with an array of `output`, whose status is one of the ends; a response that failed is an error. What
/// hosted tools did is left out: no other form can say it.
package enum ResponsesCompletionReader {
    /// - Parameter index: scratch; holds the body's index afterwards.
    package static func read(_ body: ByteBuffer, index: inout JSONIndex) throws(CompletionError) -> Completion {
        do throws(JSONError) {
            try body.withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
        } catch {
            throw .malformed("the body is not one whole JSON text")
        }
        let completion = try body.withUnsafeReadableBytes { bytes throws(CompletionError) in
            try read(0, in: ResponsesText(body: body, bytes: bytes, index: index))
        }
        if let completion { return completion }
        var error = UpstreamErrorReader.read(body, index: &index)
        error.message = error.message ?? "the response did not end well"
        throw .upstream(error)
    }

    /// - Parameter response: the response's object.
    /// - Returns: nil where it failed.
    static func read(_ response: Int, in text: ResponsesText) throws(CompletionError) -> Completion? {
        guard text.kind(response) == .object else { throw .malformed("the body is no object") }
        if text.member("error", of: response) != nil { return nil }
        if let status = text.member("status", of: response) {
            if text.equals(status, "failed") || text.equals(status, "cancelled") { return nil }
            guard !text.equals(status, "in_progress"), !text.equals(status, "queued") else {
                throw .malformed("the response has not ended")
            }
        }
        guard let output = text.member("output", of: response), text.kind(output) == .array else {
            throw .malformed("'output' is missing or no array")
        }
        var choice = ResponsesOutputReader(text: text)
        for item in text.index.elements(of: output) { choice.read(item) }
        var completion = Completion(choices: [choice.finish(response)])
        completion.id = text.text("id", of: response)
        completion.model = text.text("model", of: response)
        completion.createdSeconds = text.member("created_at", of: response).flatMap(text.seconds)
        completion.usage = text.member("usage", of: response).flatMap { ResponsesUsage.read($0, in: text) }
        completion.serviceTier = text.text("service_tier", of: response)
        return completion
    }
}

/// Reads the items of a response's output.
struct ResponsesOutputReader {
    let text: ResponsesText
    private var choice = CompletionChoice()
    private var logprobs: JSONFragment?
    private var calls = 0
    private var hasRefusal = false

    init(text: ResponsesText) {
        self.text = text
    }

    mutating func read(_ item: Int) {
        guard let type = text.member("type", of: item) else { return }
        if text.equals(type, "message") {
            readMessage(item)
        } else if text.equals(type, "function_call") {
            readCall(item, arguments: .encoded(text.text("arguments", of: item) ?? .empty))
        } else if text.equals(type, "reasoning") {
            readReasoning(item)
        } else if text.equals(type, "custom_tool_call") {
            readCall(item, arguments: .text(text.text("input", of: item) ?? .empty))
        } else if text.equals(type, "image_generation_call"), let picture = ResponsesItems.picture(item, in: text) {
            choice.parts.append(picture)
        }
    }

    /// - Parameter response: the response's object.
    consuming func finish(_ response: Int) -> CompletionChoice {
        choice.stop = ResponsesStatus.stop(of: response, in: text, hasCalls: calls > 0, hasRefusal: hasRefusal)
        choice.logprobs = logprobs.map { all in
            JSONFragment(kind: .object) { writer in writer.object { $0.member("content", all) } }
        }
        return choice
    }

    private mutating func readMessage(_ item: Int) {
        guard let content = text.member("content", of: item) else { return }
        for part in text.index.elements(of: content) {
            guard let type = text.member("type", of: part) else { continue }
            if text.equals(type, "refusal") {
                choice.parts.append(Part(.refusal(text.text("refusal", of: part) ?? .empty)))
                hasRefusal = true
            } else if text.equals(type, "output_text"), let said = text.text("text", of: part) {
                var read = Part(.text(said))
                if let annotations = text.member("annotations", of: part), text.index.childCount(of: annotations) > 0 {
                    read.citations = text.fragment(annotations)
                }
                choice.parts.append(read)
                if logprobs == nil, let given = text.member("logprobs", of: part), text.index.childCount(of: given) > 0
                {
                    logprobs = text.fragment(given)
                }
            }
        }
    }

    /// Servers that give no `call_id` mean the item's.
    private mutating func readCall(_ item: Int, arguments: ToolArguments) {
        choice.parts.append(
            Part(
                .toolCall(
                    ToolCall(
                        id: ResponsesItems.callID(of: item, ordinal: calls, in: text),
                        name: text.text("name", of: item) ?? .empty, arguments: arguments))))
        calls += 1
    }

    private mutating func readReasoning(_ item: Int) {
        var reasoning = ResponsesItems.reasoning(item, in: text)
        reasoning.signature = ResponsesItems.signature(of: item, in: text)
        if reasoning.signature == nil { reasoning.id = nil }
        guard !reasoning.text.isEmpty || reasoning.signature != nil else { return }
        choice.parts.append(Part(.reasoning(reasoning)))
    }
}
