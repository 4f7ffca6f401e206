package import NIOCore
import Wire

/// Writes a chat completion stream.
///
/// Elements of lists that come one at a time have an `index`: the official package's helper (openai 3.52.0,
/// `lib/streaming/_deltas.py`) gathers no list of objects without. It joins texts, so a sound's id is told once, and what
/// proves the thoughts leaves with the finish.
package struct ChatStreamWriter: Sendable {
    private let includesUsageChunk: Bool
    private let isDeprecated: Bool
    private let idSeed: String
    private let createdSeconds: Int64
    private let upstreamModel: String
    /// Every chunk begins with it: from `data:` to `"choices":`. Empty: the answer has not begun.
    private var head = ByteBuffer()
    /// What every chunk but the usage's ends with, behind its choice.
    private var tail = ByteBuffer()
    /// What stands behind the delta of a choice that goes on, `tail` included.
    private var closing = ByteBuffer()
    /// With a comma before it; empty: not known.
    private var tier = ByteBuffer()
    private var usage: ReportedUsage?
    /// Those whose role has been told.
    private var choices: [ChatStreamChoice] = []

    package init(context: CompletionContext) {
        includesUsageChunk = context.includesUsageChunk
        isDeprecated = context.conversation.usesDeprecatedFunctions
        idSeed = context.idSeed
        createdSeconds = context.createdSeconds
        upstreamModel = context.upstreamModel
        makeTail()
    }

    /// Appends the event as whole chunks. What the stream ends with is written for `.ended`.
    package mutating func write(_ event: CompletionEvent, into buffer: inout ByteBuffer) {
        switch event {
        case .began(let start): begin(start, &buffer)
        case .text(let choice, let text): write("{\"content\":\"", text, choice, &buffer)
        case .refusal(let choice, let text): write("{\"refusal\":\"", text, choice, &buffer)
        case .reasoning(let choice, let text):
            guard !text.isEmpty else { return }
            choices[enter(choice, &buffer)].seal?.think(text)
            write("{\"reasoning_content\":\"", text, choice, closesThought: false, &buffer)
        case .reasoningSignature(let choice, let signature, _):
            choices[enter(choice, &buffer)].seal?.sign(signature)
        case .redactedReasoning(let choice, let signature):
            choices[enter(choice, &buffer)].seal?.redact()
            delta(choice, &buffer) { delta in
                delta.array("redacted_reasoning") { $0.text(signature.sealed(for: .openAIChat)) }
            }
        case .toolCallBegan(let choice, let call, let id, let name, let isCustom, let signature):
            let sealed = ToolCallID.sealed(id, signature: signature, for: .openAIChat)
            begin(call, sealed, name, isCustom: isCustom, choice, &buffer)
        case .toolCallArguments(let choice, let call, let text): write(arguments: text, of: call, choice, &buffer)
        case .media(let choice, let part): write(part, choice, &buffer)
        case .citation(let choice, let citation): write(citation, choice, &buffer)
        case .logprobs(let choice, let logprobs): write(logprobs: logprobs, choice, &buffer)
        case .finished(let choice, let reason): finish(enter(choice, &buffer), reason, &buffer)
        case .usage(let usage): if usage.saysSomething { self.usage = usage }
        case .serviceTier(let tier): take(tier)
        case .failed: break
        case .ended: end(&buffer)
        }
    }

    package mutating func write(failure: ClientError, into buffer: inout ByteBuffer) {
        ChatErrorWriter.writeEvent(failure, into: &buffer)
    }
}

// MARK: Beginning and end

extension ChatStreamWriter {
    private mutating func begin(_ start: CompletionStart, _ buffer: inout ByteBuffer) {
        guard head.readableBytes == 0 else { return }
        usage = start.usage ?? usage
        var writer = JSONWriter(ByteBuffer(staticString: "data: "))
        writer.beginObject()
        writer.member("id", start.id ?? JSONText("chatcmpl-" + idSeed))
        writer.member("object", raw: "\"chat.completion.chunk\"")
        writer.member("created", start.createdSeconds ?? createdSeconds)
        writer.member("model", start.model ?? JSONText(upstreamModel))
        head = writer.buffer
        head.writeStaticString(",\"choices\":")
        _ = enter(0, &buffer)
    }

    /// The number of a choice that is there: its role is told, and that of those before it, once. Choices past those that a
    /// reader tells apart are one.
    private mutating func enter(_ choice: Int, _ buffer: inout ByteBuffer) -> Int {
        let number = min(max(0, choice), ChatAnswerReader.maximumChoices - 1)
        if number < choices.count { return number }
        if head.readableBytes == 0 { begin(CompletionStart(), &buffer) }
        while choices.count <= number {
            choices.append(ChatStreamChoice(number: choices.count, head: head))
            buffer.writeImmutableBuffer(choices[choices.count - 1].opening)
            buffer.writeStaticString(#"{"role":"assistant","content":"","refusal":null}"#)
            buffer.writeImmutableBuffer(closing)
        }
        return number
    }

    private mutating func take(_ word: JSONText) {
        guard let known = ChatServiceTier.word(word) else { return }
        tier = ByteBuffer(staticString: ",\"service_tier\":")
        tier.writeStaticString(known)
        makeTail()
    }

    private mutating func makeTail() {
        tail = ByteBuffer(staticString: "]")
        tail.writeImmutableBuffer(tier)
        tail.writeStaticString(includesUsageChunk ? ",\"usage\":null}\n\n" : "}\n\n")
        closing = ByteBuffer(staticString: ",\"logprobs\":null,\"finish_reason\":null}")
        closing.writeImmutableBuffer(tail)
    }

    private mutating func finish(_ number: Int, _ reason: StopReason, _ buffer: inout ByteBuffer) {
        writeSeal(number, &buffer)
        choices[number].isFinished = true
        buffer.writeImmutableBuffer(choices[number].opening)
        buffer.writeStaticString("{},\"logprobs\":null,\"finish_reason\":")
        buffer.writeStaticString(ChatStopReason.word(reason, isDeprecated: isDeprecated))
        buffer.writeStaticString("}")
        buffer.writeImmutableBuffer(tail)
    }

    private mutating func writeSeal(_ number: Int, _ buffer: inout ByteBuffer) {
        guard let sealed = choices[number].seal?.sealed else { return }
        choices[number].seal = nil
        write("{\"reasoning_signature\":\"", sealed, number, &buffer)
    }

    /// Some servers never say why they ended: clients are told that they did.
    private mutating func end(_ buffer: inout ByteBuffer) {
        _ = enter(0, &buffer)
        for number in choices.indices {
            if choices[number].isFinished {
                writeSeal(number, &buffer)
            } else {
                finish(number, choices[number].hasCalls ? .toolCalls : .endOfTurn, &buffer)
            }
        }
        if includesUsageChunk, let usage {
            buffer.writeImmutableBuffer(head)
            buffer.writeStaticString("[]")
            buffer.writeImmutableBuffer(tier)
            buffer.writeStaticString(",\"usage\":")
            JSONWriter.write(into: &buffer) { writer in writer.object { ChatUsage.write(usage, to: &$0) } }
            buffer.writeStaticString("}\n\n")
        }
        buffer.writeStaticString("data: [DONE]\n\n")
    }
}

// MARK: Deltas

extension ChatStreamWriter {
    /// - Parameter member: a delta up to its only text, the quote before it included.
    private mutating func write(
        _ member: StaticString, _ text: JSONText, _ choice: Int, closesThought: Bool = true,
        _ buffer: inout ByteBuffer
    ) {
        guard !text.isEmpty else { return }
        let number = enter(choice, &buffer)
        if closesThought { choices[number].seal?.close() }
        buffer.splice(choices[number].opening, member, text.content, "\"}", closing)
    }

    private mutating func delta(_ choice: Int, _ buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void) {
        let number = enter(choice, &buffer)
        choices[number].seal?.close()
        buffer.writeImmutableBuffer(choices[number].opening)
        JSONWriter.write(into: &buffer) { $0.object(body) }
        buffer.writeImmutableBuffer(closing)
    }

    private mutating func write(logprobs: JSONFragment, _ choice: Int, _ buffer: inout ByteBuffer) {
        let number = enter(choice, &buffer)
        buffer.writeImmutableBuffer(choices[number].opening)
        buffer.writeStaticString("{},\"logprobs\":{\"content\":")
        buffer.writeImmutableBuffer(logprobs.onOneLine.bytes)
        buffer.writeStaticString("},\"finish_reason\":null}")
        buffer.writeImmutableBuffer(tail)
    }

    private mutating func write(_ citation: JSONFragment, _ choice: Int, _ buffer: inout ByteBuffer) {
        guard let page = ChatCitation(citation.onOneLine) else { return }
        let number = enter(choice, &buffer)
        let index = choices[number].citations
        choices[number].citations += 1
        delta(number, &buffer) { delta in
            delta.array("annotations") { list in list.object { page.write(index: index, to: &$0) } }
        }
    }

    private mutating func write(_ part: Part, _ choice: Int, _ buffer: inout ByteBuffer) {
        switch part.content {
        case .image(let media):
            let number = enter(choice, &buffer)
            let index = choices[number].images
            choices[number].images += 1
            delta(number, &buffer) { delta in
                delta.array("images") { list in
                    list.object { image in
                        image.member("index", index)
                        ChatMedia.write(image: media, to: &image)
                    }
                }
            }
        case .audio(let media):
            guard case .base64(let data) = media.source else { return }
            let number = enter(choice, &buffer)
            let id = choices[number].hasSound ? nil : "audio_" + idSeed
            choices[number].hasSound = true
            delta(number, &buffer) { delta in
                delta.object("audio") { audio in
                    guard let id else { return audio.member("data", data) }
                    audio.member("id", id)
                    ChatMedia.write(audio: data, to: &audio)
                }
            }
        case .text, .refusal, .file, .toolCall, .toolResult, .reasoning, .other: break
        }
    }
}

// MARK: Calls

extension ChatStreamWriter {
    private mutating func begin(
        _ call: Int, _ id: JSONText, _ name: JSONText, isCustom: Bool, _ choice: Int, _ buffer: inout ByteBuffer
    ) {
        let number = enter(choice, &buffer)
        choices[number].begin(call: call, isCustom: isCustom)
        if isDeprecated {
            guard call == 0 else { return }
            return delta(number, &buffer) { delta in
                delta.object("function_call") { function in
                    function.member("name", name)
                    function.member("arguments", JSONText.empty)
                }
            }
        }
        delta(number, &buffer) { delta in
            delta.array("tool_calls") { list in
                list.object { object in
                    object.member("index", call)
                    object.member("id", id)
                    object.member("type", raw: isCustom ? "\"custom\"" : "\"function\"")
                    object.object(isCustom ? "custom" : "function") { function in
                        function.member("name", name)
                        function.member(isCustom ? "input" : "arguments", JSONText.empty)
                    }
                }
            }
        }
    }

    private mutating func write(
        arguments text: JSONText, of call: Int, _ choice: Int, _ buffer: inout ByteBuffer
    ) {
        guard !text.isEmpty else { return }
        if isDeprecated {
            guard call == 0 else { return }
            return delta(choice, &buffer) { $0.object("function_call") { $0.member("arguments", text) } }
        }
        let number = enter(choice, &buffer)
        choices[number].seal?.close()
        buffer.splice(choices[number].opening(ofCall: call), "", text.content, "\"}}]}", closing)
    }
}

extension ByteBuffer {
    /// Appends what stands before a text, the text, and what stands behind it, all in one write.
    fileprivate mutating func splice(
        _ head: ByteBuffer, _ opening: StaticString, _ text: ByteBuffer, _ closing: StaticString, _ tail: ByteBuffer
    ) {
        let count =
            head.readableBytes &+ opening.utf8CodeUnitCount &+ text.readableBytes &+ closing.utf8CodeUnitCount
            &+ tail.readableBytes
        writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
            var rest = room
            head.withUnsafeReadableBytes { rest.fill($0) }
            opening.withUTF8Buffer { rest.fill(UnsafeRawBufferPointer($0)) }
            text.withUnsafeReadableBytes { rest.fill($0) }
            closing.withUTF8Buffer { rest.fill(UnsafeRawBufferPointer($0)) }
            tail.withUnsafeReadableBytes { rest.fill($0) }
            return count
        }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Copies the bytes to the beginning, and is what is behind them.
    fileprivate mutating func fill(_ bytes: UnsafeRawBufferPointer) {
        copyMemory(from: bytes)
        self = UnsafeMutableRawBufferPointer(rebasing: self[bytes.count...])
    }
}

extension JSONFragment {
    /// Without line ends, which only white space can hold, and which would end an event's line.
    fileprivate var onOneLine: JSONFragment {
        func isEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
        guard bytes.readableBytesView.contains(where: isEnd) else { return self }
        return JSONFragment(
            trusted: ByteBuffer(bytes: bytes.readableBytesView.map { isEnd($0) ? 0x20 : $0 }), kind: kind)
    }
}
