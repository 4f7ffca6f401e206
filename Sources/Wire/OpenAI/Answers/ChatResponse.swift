package import NIOCore

/// What an upstream's whole answer says.
package struct ChatResponse: Sendable, Equatable {
    package var choiceCount = 0
    package var choices = ChatChoices()
    /// Bytes of generated text, escapes as written.
    package var textBytes = 0
    /// nil: absent or null.
    package var usage: ReportedUsage?

    package init() {}
}

/// Why a 200's body is no answer.
package enum ChatResponseError: Error, Equatable {
    /// Not one whole JSON text: cut short, or something else.
    case notJSON(JSONError)
    /// JSON, but no chat completion; the text says what is missing, in words of ours.
    case notAnAnswer(StaticReason)
    /// An error in an answer's place.
    case upstream(UpstreamError)

    package enum StaticReason: String, Sendable {
        case notAnObject = "the body is no object"
        case noChoices = "'choices' is missing or no array"
        case emptyChoices = "'choices' is empty and there is no usage"
        case noMessage = "a choice has no message"
    }
}

/// Reads an upstream's answer to a chat completion that was not streamed.
package enum ChatResponseReader {
    /// - Parameters:
    ///   - body: an answer with status 200, whole.
    ///   - index: scratch; holds the body's index afterwards.
    ///
    /// Asks for what every vendor sends: an object with an array of `choices`, each an object with a `message` object. Not
    /// asked for, since some leave it out: `id`, `object`, `finish_reason`, `usage`. Empty `choices` pass beside a usage
    /// object. What else is there (Azure's `prompt_filter_results`, a null `error`) is not looked at.
    package static func read(_ body: ByteBuffer, index: inout JSONIndex) throws(ChatResponseError) -> ChatResponse {
        try body.withUnsafeReadableBytes { bytes throws(ChatResponseError) in try read(bytes, index: &index) }
    }

    static func read(
        _ bytes: UnsafeRawBufferPointer, index: inout JSONIndex
    ) throws(ChatResponseError) -> ChatResponse {
        do throws(JSONError) {
            try index.read(bytes)
        } catch {
            throw .notJSON(error)
        }
        guard index.kind(of: 0) == .object else { throw .notAnAnswer(.notAnObject) }
        var response = ChatResponse()
        var choices: Int?
        for (key, value) in index.members(of: 0) {
            if index.means(key, "choices", in: bytes) {
                choices = value
            } else if index.means(key, "usage", in: bytes) {
                response.usage = ReportedUsage(value, in: bytes, index: index) ?? response.usage
            } else if index.means(key, "error", in: bytes), index.kind(of: value) != .null {
                throw .upstream(UpstreamErrorReader.read(error: 0, in: bytes, index: index))
            }
        }
        guard let choices, index.kind(of: choices) == .array else { throw .notAnAnswer(.noChoices) }
        for choice in index.elements(of: choices) {
            try readChoice(choice, in: bytes, index: index, into: &response)
        }
        if response.choiceCount == 0, response.usage == nil { throw .notAnAnswer(.emptyChoices) }
        return response
    }

    private static func readChoice(
        _ choice: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex, into response: inout ChatResponse
    ) throws(ChatResponseError) {
        var number: Int64?
        var hasMessage = false
        var isFinished = false
        for (key, value) in index.members(of: choice) {
            if index.means(key, "message", in: bytes) {
                hasMessage = index.kind(of: value) == .object
                response.textBytes &+= ChatContent(value, in: bytes, index: index).textBytes
            } else if index.means(key, "index", in: bytes) {
                number = index.int64(value, in: bytes)
            } else if index.means(key, "finish_reason", in: bytes) {
                isFinished = index.contentCount(value) > 0
            }
        }
        guard hasMessage else { throw .notAnAnswer(.noMessage) }
        response.choices.add(index: number, position: response.choiceCount, isFinished: isFinished)
        response.choiceCount &+= 1
    }
}
