package import NIOCore

/// What one event of a chat completion stream says.
package enum ChatStreamPayload: Sendable, Equatable {
    /// `[DONE]`: the stream is whole.
    case done
    case chunk(ChatChunk)
    /// An `error` in place of a chunk: the stream has failed.
    case error(UpstreamError)
    /// Neither `[DONE]` nor a JSON object whose `choices`, if any, are an array.
    case malformed
}

/// A chunk, reduced to what a relay acts on.
package struct ChatChunk: Sendable, Equatable {
    /// How many choices it carries; 0 for the extra usage chunk and for what vendors send besides (Azure's filter results).
    package var choiceCount = 0
    package var choices = ChatChoices()
    /// Something generated is in it: the first such chunk is the first token.
    package var hasContent = false
    /// Bytes of generated text, escapes as written.
    package var textBytes = 0
    /// nil: absent or null.
    package var usage: ReportedUsage?

    package init() {}

    /// The extra chunk that `stream_options.include_usage` asks for: usage, and no choice.
    package var isUsageOnly: Bool { choiceCount == 0 && usage != nil }
}

/// Reads the payloads of a chat completion stream.
package enum ChatChunkReader {
    /// - Parameters:
    ///   - data: an event's data.
    ///   - index: scratch; holds the payload's index afterwards.
    package static func read(_ data: ByteBuffer, index: inout JSONIndex) -> ChatStreamPayload {
        data.withUnsafeReadableBytes { read($0, index: &index) }
    }

    static func read(_ bytes: UnsafeRawBufferPointer, index: inout JSONIndex) -> ChatStreamPayload {
        if isDone(bytes) { return .done }
        do throws(JSONError) {
            try index.read(bytes)
        } catch {
            return .malformed
        }
        guard index.kind(of: 0) == .object else { return .malformed }
        var chunk = ChatChunk()
        let end = index.childEnd(of: 0)
        var key = 1
        while key < end {
            let value = key &+ 1
            if index.means(key, "choices", in: bytes) {
                guard readChoices(value, in: bytes, index: index, into: &chunk) else { return .malformed }
            } else if index.means(key, "usage", in: bytes) {
                chunk.usage = ReportedUsage(value, in: bytes, index: index) ?? chunk.usage
            } else if index.means(key, "error", in: bytes), index.kind(of: value) != .null {
                return .error(UpstreamErrorReader.read(error: 0, in: bytes, index: index))
            }
            key = index.successor(of: value)
        }
        return .chunk(chunk)
    }

    /// `[DONE]` with nothing but spaces around it.
    private static func isDone(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 6, bytes.count <= 16 else { return false }
        var trimmed = bytes[...]
        while trimmed.first == JSONByte.space { trimmed = trimmed.dropFirst() }
        while trimmed.last == JSONByte.space { trimmed = trimmed.dropLast() }
        return UnsafeRawBufferPointer(rebasing: trimmed).spells("[DONE]")
    }

    /// False where the value is neither an array of objects nor null.
    private static func readChoices(
        _ choices: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex, into chunk: inout ChatChunk
    ) -> Bool {
        switch index.kind(of: choices) {
        case .null: return true
        case .object, .string, .number, .true, .false: return false
        case .array: break
        }
        let end = index.childEnd(of: choices)
        var choice = choices &+ 1
        while choice < end {
            guard index.kind(of: choice) == .object else { return false }
            readChoice(choice, in: bytes, index: index, into: &chunk)
            choice = index.successor(of: choice)
        }
        return true
    }

    private static func readChoice(
        _ choice: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex, into chunk: inout ChatChunk
    ) {
        var number: Int64?
        var isFinished = false
        let end = index.childEnd(of: choice)
        var key = choice &+ 1
        while key < end {
            let value = key &+ 1
            if index.means(key, "delta", in: bytes) {
                let content = ChatContent(value, in: bytes, index: index)
                chunk.textBytes &+= content.textBytes
                chunk.hasContent = chunk.hasContent || content.isPresent
            } else if index.means(key, "index", in: bytes) {
                number = index.int64(value, in: bytes)
            } else if index.means(key, "finish_reason", in: bytes) {
                isFinished = index.contentCount(value) > 0
            }
            key = index.successor(of: value)
        }
        chunk.choices.add(index: number, position: chunk.choiceCount, isFinished: isFinished)
        chunk.choiceCount &+= 1
    }
}
