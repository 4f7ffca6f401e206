import NIOCore
import Testing
import Wire

@testable import Pipeline

/// Lists of tools that were spelled before are spelled the same from memory.
struct ToolMemoryTests {
    private static let tools = #"[{"name":"b","input_schema":{"type":"object"}},{"name":"a","input_schema":{"type":"object"}}]"#

    private static func prepare(
        _ text: String, _ form: RequestForm, cache: PipelineOptions.CacheMarks = .auto, _ tools: inout ToolMemory
    ) throws -> PreparedRequest {
        var index = JSONIndex()
        let body = ByteBuffer(string: text)
        let path = form == .geminiGenerate ? PathParameters(model: "m", isStream: false) : nil
        let inbound = try PromptPipeline.read(body, kind: .conversation(form), path: path, index: &index)
        return try PromptPipeline(options: Prompts.options(.safe, cache: cache))
            .prepare(inbound, body: body, index: index, tools: &tools)
    }

    /// Behind other bytes each time, so that every place counts from another start.
    private static func shifted(_ body: String, by count: Int) -> String {
        "{" + String(repeating: " ", count: count) + body.dropFirst()
    }

    @Test(
        arguments: [
            ("moved tools", .anthropicMessages, tools),
            ("tools that stand", .anthropicMessages, #"[{"input_schema":{"type":"object"},"name":"a"}]"#),
            (
                "a mark among them", .anthropicMessages,
                #"[{"name":"b","cache_control":{"type":"ephemeral","ttl":"1h"}},{"name":"a","input_schema":{}}]"#
            ),
            (
                "functions of Chat", .openAIChat,
                #"[{"type":"function","function":{"parameters":{"b":1,"a":2},"name":"x"}},{"type":"function","function":{"name":"c"}}]"#
            ),
            (
                "groups of Gemini", .geminiGenerate,
                #"[{"functionDeclarations":[{"name":"z"},{"name":"y","parameters":{"type":"OBJECT"}}]}]"#
            ),
        ] as [(String, RequestForm, String)])
    func spellsAsTheFirstTime(_ name: String, _ form: RequestForm, _ list: String) throws {
        let body = Prompts.body(form, tools: list)
        var memory = ToolMemory()
        for round in 0..<3 {
            let shifted = Self.shifted(body, by: round * 7)
            let remembered = try Self.prepare(shifted, form, &memory)
            let fresh = try Prompts.prepare(shifted, form, Prompts.options(.safe))
            #expect(try Prompts.sent(shifted, remembered) == Prompts.sent(shifted, fresh))
            #expect(remembered.chain == fresh.chain && remembered.fullHash == fresh.fullHash)
            #expect(remembered.view.cacheMarks == fresh.view.cacheMarks)
            #expect(remembered.view.caching.lastTool == fresh.view.caching.lastTool)
        }
    }

    /// Lists of the same bytes mean other things in another form or with other options.
    @Test func tellsFormsAndOptionsApart() throws {
        let list = #"[{"name":"b","cache_control":{"type":"ephemeral"}},{"name":"a"}]"#
        var memory = ToolMemory()
        for form in [RequestForm.anthropicMessages, .openAIChat] {
            for cache in [PipelineOptions.CacheMarks.auto, .off] {
                guard form == .anthropicMessages || cache == .off else { continue }
                let body = form == .openAIChat
                    ? #"{"model":"m","messages":[{"role":"user","content":"q"}],"functions":"# + list + "}" : Prompts.body(form, tools: list)
                let remembered = try Self.prepare(body, form, cache: cache, &memory)
                let fresh = try Prompts.prepare(body, form, Prompts.options(.safe, cache: cache))
                #expect(try Prompts.sent(body, remembered) == Prompts.sent(body, fresh), "\(form), \(cache)")
            }
        }
    }

    @Test func forgetsRatherThanGrows() throws {
        var memory = ToolMemory(maximumBytes: 2_000)
        for number in 0..<200 {
            let list = #"[{"name":"b\#(number)","input_schema":{"type":"object"}},{"name":"a","input_schema":{}}]"#
            let body = Prompts.body(.anthropicMessages, tools: list)
            let remembered = try Self.prepare(body, .anthropicMessages, &memory)
            #expect(try Prompts.sent(body, remembered) == Prompts.sent(body, .anthropicMessages, Prompts.options(.safe)))
            #expect(memory.byteCount <= 2_000)
        }
        let long = String(repeating: "x", count: 3_000)
        _ = try Self.prepare(Prompts.body(.anthropicMessages, tools: #"[{"name":"\#(long)"}]"#), .anthropicMessages, &memory)
        #expect(memory.byteCount <= 2_000)
    }
}
