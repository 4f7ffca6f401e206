package import NIOCore
package import Wire

/// Reads a whole chat completion, in any vendor's dialect of the form.
package enum ChatCompletionReader {
    /// - Parameter index: scratch; holds the body's index afterwards.
    package static func read(_ body: ByteBuffer, index: inout JSONIndex) throws(CompletionError) -> Completion {
        do throws(JSONError) {
            try body.withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
        } catch {
            throw .malformed("the body is not one whole JSON text")
        }
        guard index.kind(of: 0) == .object else { throw .malformed("the body is not a JSON object") }
        var events: [CompletionEvent] = []
        // What an answer of one text says; it grows for others.
        events.reserveCapacity(8)
        var answer = ChatAnswerReader()
        let outcome = body.withUnsafeReadableBytes { bytes in
            answer.read(whole: ChatNodes(body: body, bytes: bytes, index: index), into: &events)
        }
        switch outcome {
        case .read: break
        case .invalid(let reason): throw .malformed(reason)
        case .failed(let error): throw .upstream(UpstreamErrorReader.read(error, index: &index))
        }
        var fold = CompletionFold()
        for event in events { fold.take(event) }
        var completion = fold.finish()
        // Choices that say nothing are choices too.
        while completion.choices.count < answer.choiceCount { completion.choices.append(CompletionChoice()) }
        return completion
    }
}
