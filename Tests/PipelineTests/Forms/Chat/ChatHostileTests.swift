import NIOCore
import Testing
import Wire

@testable import Pipeline

/// Bytes from anybody: whatever they are, they end in a value or an error, and what is written is JSON.
struct ChatHostileTests {
    private typealias Support = ChatSupport

    private static let request = Support.request(
        #"{"role":"system","content":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":[{"type":"text","text":"q\ud83d"},{"type":"image_url","image_url":{"url":"data:image\/png;base64,aa"}},{"type":"input_audio","input_audio":{"data":"aa","format":"wav"}},{"type":"file","file":{"file_data":"data:,x"}}]},"#
            + #"{"role":"assistant","content":null,"reasoning_content":"hm","reasoning_signature":"tr1.a.s","tool_calls":[{"id":"c1_tr1g_xx","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}}]},{"role":"tool","tool_call_id":"c1","content":"r"},{"role":"assistant","function_call":{"name":"f","arguments":""}},{"role":"function","name":"f","content":"x"}"#,
        #""tools":[{"type":"function","function":{"name":"f","parameters":{"a":1},"strict":true}},{"type":"custom","custom":{"name":"g"}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}}]}},"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}},"reasoning_effort":"low","thinking":{"type":"enabled"},"max_tokens":64,"n":2,"stop":["a"],"logit_bias":{"1":2}"#
    )
    private static let answer =
        #"{"id":"c1","created":5,"model":"x","choices":[{"index":0,"message":{"content":"a","refusal":null,"reasoning_content":"hm","annotations":[{"url":"u"}],"tool_calls":[{"id":"t1","function":{"name":"f","arguments":"{\"x\":1}"}},{"function":{"name":"f","arguments":{}}}],"function_call":{"name":"f","arguments":""},"audio":{"data":"aa"},"images":[{"image_url":{"url":"data:image/png;base64,aa"}}]},"logprobs":{"content":[{"token":"c"}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"prompt_cache_hit_tokens":1,"prompt_cache_miss_tokens":2}}"#
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
                let target = result.indices.randomElement(using: &random) ?? 0
                result.replaceSubrange(target..<target, with: result[place..<end])
            }
        }
        return result
    }

    /// Swaps values for others of any kind: unlike injured bytes, these stay JSON.
    private static func swapped(_ text: String, _ random: inout SeededGenerator) -> [UInt8] {
        let values = [
            "null", "{}", "[]", "5", "-1e400", "\"\"", "true", #""\ud800""#, #"[{"a":null}]"#, "9223372036854775807",
        ]
        var index = JSONIndex()
        var bytes = Array(text.utf8)
        guard (try? bytes.withUnsafeBytes({ try index.read($0) })) != nil else { return bytes }
        let node = Int.random(in: 0..<index.count, using: &random)
        let span = index.span(node)
        let isKey = bytes[span.upperBound...].first == UInt8(ascii: ":")
        let value = values.randomElement(using: &random) ?? "null"
        if !isKey { bytes.replaceSubrange(span, with: value.utf8) }
        return bytes
    }

    private static func mutated(_ text: String, _ random: inout SeededGenerator) -> ByteBuffer {
        ByteBuffer(bytes: random.chance(50) ? injured(Array(text.utf8), &random) : swapped(text, &random))
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func mutatedRequestsAreReadOrRefused(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var index = JSONIndex()
        for _ in 0..<50 {
            let body = Self.mutated(Self.request, &random)
            guard let conversation = try? ChatConversationReader.read(body, path: nil, index: &index) else { continue }
            for vendor in ChatVendorTests.vendors {
                guard let written = try? Support.written(conversation, vendor.traits) else { continue }
                #expect(Support.isJSON(written.body), "seed \(seed)")
            }
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func mutatedAnswersAreReadOrRefused(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var index = JSONIndex()
        let context = try Support.context()
        for _ in 0..<50 {
            let body = Self.mutated(Self.answer, &random)
            guard let completion = try? ChatCompletionReader.read(body, index: &index) else { continue }
            #expect(Support.isJSON(Support.answer(completion, context)), "seed \(seed)")
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func mutatedStreamsAreReadOrRefused(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let context = try Support.context(includesUsageChunk: true)
        for _ in 0..<50 {
            let bytes = Self.injured(Array(ChatStreamReaderTests.stream.utf8), &random)
            guard let events = try? Support.events([ByteBuffer(bytes: bytes)]) else { continue }
            #expect(events.count { $0 == .ended } <= 1, "seed \(seed)")
            var decoder = SSEDecoder()
            decoder.append(ByteBuffer(string: Support.stream(events, context)))
            while let event = try decoder.next() {
                #expect(Support.isJSON(event.data) || String(buffer: event.data) == "[DONE]", "seed \(seed)")
            }
            #expect(Support.isJSON(Support.answer(Support.folded(events), context)), "seed \(seed)")
        }
    }
}
