import NIOCore
import Pipeline
import Testing
import Wire

struct GeminiHostileTests {
    private static let request = [
        #"{"contents":[{"role":"user","parts":[{"text":"q é 😀"},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]},"#,
        #"{"role":"model","parts":[{"text":"T","thought":true,"thoughtSignature":"dHIxLmEuRXErLz0="},{"functionCall":{"name":"f","args":{"x":[1,{"y":null}]},"id":"c"},"thoughtSignature":"c2ln"}]},"#,
        #"{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"r"},"id":"c"}}]}],"system_instruction":{"parts":[{"text":"s"}]},"#,
        #""tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"x":{"type":"ARRAY","nullable":true,"items":{"any_of":[{"type":"STRING"}]}}}}}]},{"googleSearch":{}}],"#,
        #""toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},"generationConfig":{"maxOutputTokens":64,"topK":4.0,"candidateCount":2,"thinkingConfig":{"thinkingBudget":512}}}"#,
    ].joined()
    private static let pieces = [
        "null", "true", "-1", "1e999", "9223372036854775808", "\"\"", "\"\\ud800\"", "{}", "[]", "[[[[]]]]", "\"", "\\",
        "{", "}",
        "[", "]", ",", ":", "\u{0}", "é", "\n\ndata: ", "\"text\":", "\"role\":\"model\"", "\"index\":99999999999",
        "\"thoughtSignature\":\"dHIxLg==\"", "\"functionCall\":{}", "\"finishReason\":\"STOP\"",
    ]

    /// A few bytes replaced, left out, doubled or set in.
    private static func mutated(_ text: String, _ generator: inout SeededGenerator) -> ByteBuffer {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 0...24, using: &generator))
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 2:
                let piece = pieces.randomElement(using: &generator) ?? ""
                bytes.replaceSubrange(place..<end, with: piece.utf8)
            default: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &generator) }
            }
        }
        return ByteBuffer(bytes: bytes)
    }

    /// Every request ends in a body that is JSON or in an error; none in a trap.
    @Test(arguments: 0..<10)
    func standsMutatedRequests(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var index = JSONIndex()
        for round in 0..<200 {
            let body = Self.mutated(Self.request, &generator)
            do throws(ConversationError) {
                let read = try GeminiConversationReader.read(body, path: GeminiSupport.path, index: &index)
                for model in ["gemini-3.8-flash", "gemini-2.5-pro", "gemini-1.5-pro"] {
                    var told = read
                    if round % 2 == 1 { told.form = .openAIChat }
                    let written = try GeminiConversationWriter.write(
                        told, for: WritingTarget(model: model), index: &index)
                    #expect(GeminiSupport.parses(String(buffer: written.body)), "seed \(seed), round \(round)")
                }
            } catch {
                #expect(!error.message.isEmpty, "seed \(seed), round \(round)")
            }
            do throws(JSONError) {
                try body.withUnsafeReadableBytes { bytes throws(JSONError) in
                    try index.read(bytes)
                    _ = try? PromptView(gemini: bytes, index: index, model: "m", isStream: false)
                }
            } catch {
                continue
            }
        }
    }

    /// Every stream ends in events that are written as JSON, or is refused.
    @Test(arguments: 0..<10)
    func standsMutatedStreams(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let text = GeminiSupport.sse(GeminiStreamTests.chunks + [GeminiCompletionTests.whole])
        var index = JSONIndex()
        for round in 0..<200 {
            let stream = Self.mutated(text, &generator)
            if let events = try GeminiSupport.events([stream]) {
                #expect(
                    events.count { if case .began = $0 { true } else { false } } <= 1, "seed \(seed), round \(round)")
                for data in try GeminiSupport.stream(events) {
                    #expect(GeminiSupport.parses(data), "seed \(seed), round \(round): \(data)")
                }
            }
            let answer = Self.mutated(GeminiCompletionTests.whole, &generator)
            do throws(CompletionError) {
                let read = try GeminiCompletionReader.read(answer, index: &index)
                #expect(GeminiSupport.parses(GeminiSupport.answer(read)), "seed \(seed), round \(round)")
            } catch {
                continue
            }
        }
    }
}
