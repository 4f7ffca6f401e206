import NIOCore
import Pipeline
import Testing
import Wire

/// Bytes from anybody: whatever they are, they end in a value or an error, and what is written is JSON.
struct ResponsesHostileTests {
    private typealias Support = ResponsesSupport

    private static let request = #"""
        {"model":"up","tools":[{"type":"function","name":"f","parameters":{"a":1},"strict":true},{"type":"custom","name":"g","format":{"type":"grammar","syntax":"lark","definition":"x"}}],"instructions":"I","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"q\ud83d","prompt_cache_breakpoint":{"mode":"explicit"}},{"type":"input_image","image_url":"data:image/png;base64,aa"}]},{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"tr1.a.redacted.gAA"},{"type":"function_call","call_id":"c1_tr1g_xx","name":"f","arguments":"{\"x\": 1}"},{"type":"function_call_output","call_id":"c1","output":"r"}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]},"text":{"format":{"type":"json_schema","name":"n","schema":{}}},"reasoning":{"effort":"low"},"max_output_tokens":64}
        """#
    private static let alphabet =
        Array(#"{}[]",:\u0123eE+-.tfn null true false 9"#.utf8) + [0x00, 0x1F, 0x80, 0xC3, 0xF0, 0xFF]

    private static func injured(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var result = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            guard let place = result.indices.randomElement(using: &random) else { return result }
            switch Int.random(in: 0..<4, using: &random) {
            case 0: result[place] = alphabet.randomElement(using: &random) ?? 0
            case 1: result.remove(at: place)
            case 2: result.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
            default:
                let end = min(result.count, place + Int.random(in: 0...24, using: &random))
                result.replaceSubrange(
                    result.indices.randomElement(using: &random).map { $0..<$0 } ?? 0..<0, with: result[place..<end])
            }
        }
        return result
    }

    private static func isJSON(_ buffer: ByteBuffer) -> Bool {
        var index = JSONIndex()
        return (try? buffer.withUnsafeReadableBytes { try index.read($0) }) != nil
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func injuredRequestsAreReadOrRefused(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var index = JSONIndex()
        for _ in 0..<50 {
            let body = ByteBuffer(bytes: Self.injured(Array(Self.request.utf8), &random))
            guard let conversation = try? ResponsesConversationReader.read(body, path: nil, index: &index) else {
                continue
            }
            let written = try ResponsesConversationWriter.write(
                conversation, for: WritingTarget(model: "up"), index: &index)
            #expect(Self.isJSON(written.body), "seed \(seed)")
            var answer = ByteBuffer()
            let context = CompletionContext(
                conversation: conversation, upstreamModel: "up", idSeed: "s", createdSeconds: 0,
                estimatedInputTokens: 0, includesUsageChunk: false)
            ResponsesCompletionWriter.write(Completion(choices: [CompletionChoice()]), context: context, into: &answer)
            #expect(Self.isJSON(answer), "seed \(seed)")
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func injuredStreamsAreReadOrRefused(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let context = try Support.context()
        for _ in 0..<50 {
            let bytes = Self.injured(Array(ResponsesStreamReaderTests.stream.utf8), &random)
            guard let events = try? Support.events([ByteBuffer(bytes: bytes)]) else { continue }
            var decoder = SSEDecoder()
            decoder.append(ByteBuffer(string: Support.stream(events, context)))
            while let event = try decoder.next() { #expect(Self.isJSON(event.data), "seed \(seed)") }
            var answer = ByteBuffer()
            ResponsesCompletionWriter.write(Support.folded(events), context: context, into: &answer)
            #expect(Self.isJSON(answer), "seed \(seed)")
        }
    }

    /// Events of any kind in any order, as no reader would give them.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func eventsInAnyOrderMakeWholeItems(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var events: [CompletionEvent] = [.began(CompletionStart())]
        for _ in 0..<Int.random(in: 0...30, using: &random) {
            let call = Int.random(in: -1...3, using: &random)
            events.append(
                [
                    .text(choice: 0, "t"), .refusal(choice: 0, "r"), .reasoning(choice: 0, "h"),
                    .reasoningSignature(choice: 0, Signature(origin: .geminiGenerate, value: "s"), itemID: nil),
                    .redactedReasoning(choice: 0, Signature(origin: .anthropicMessages, value: "d")),
                    .toolCallBegan(choice: 0, call: call, id: "c", name: "f", isCustom: call == 2, signature: nil),
                    .toolCallArguments(choice: 0, call: call, "{}"),
                    .media(choice: 0, Part(.image(Media(.base64("aa"))))), .citation(choice: 0, .emptyObject),
                    .logprobs(choice: 0, .null), .text(choice: -1, "x"),
                ].randomElement(using: &random) ?? .ended)
        }
        events += [.finished(choice: 0, .endOfTurn), .ended]
        var decoder = SSEDecoder()
        decoder.append(ByteBuffer(string: Support.stream(events, try Support.context())))
        var added = 0
        var done = 0
        while let event = try decoder.next() {
            #expect(Self.isJSON(event.data), "seed \(seed)")
            let name = event.name.map { String(buffer: $0) }
            if name == "response.output_item.added" { added += 1 }
            if name == "response.output_item.done" { done += 1 }
        }
        #expect(added == done, "seed \(seed)")
    }
}
