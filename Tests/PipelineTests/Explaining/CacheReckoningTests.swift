import NIOCore
import Testing
import Wire

@testable import Pipeline

@Suite struct CacheReckoningTests {
    /// Instructions, a first question and what else the body says.
    private static func chat(_ model: String, _ system: Int, _ question: String, _ more: String = "") -> String {
        let words = String(repeating: "abc ", count: system)
        return #"""
            {"model":"\#(model)"\#(more),"messages":[{"role":"system","content":"\#(words)"},{"role":"user","content":"\#(question)"}]}
            """#
    }

    private static func messages(_ system: Int, _ question: String, _ more: String = "") -> String {
        let words = String(repeating: "abc ", count: system)
        return #"""
            {"model":"claude-sonnet-5","max_tokens":9\#(more),"system":"\#(words)","messages":[{"role":"user","content":"\#(question)"}],\#
            "tools":[{"name":"f","description":"\#(words)","input_schema":{"type":"object"}}]}
            """#
    }

    private func reckon(
        _ kind: String, _ form: RequestForm, _ first: String, _ second: String
    ) throws -> (PrefixComparison, CacheReckoning) {
        let pipeline = PromptPipeline(options: PipelineOptions())
        var index = JSONIndex()
        let bodies = (ByteBuffer(string: first), ByteBuffer(string: second))
        let path = form == .geminiGenerate ? PathParameters(model: "gemini", isStream: false) : nil
        let prepared = try (
            pipeline.prepare(body: bodies.0, kind: .conversation(form), path: path, index: &index),
            pipeline.prepare(body: bodies.1, kind: .conversation(form), path: path, index: &index)
        )
        let comparison = PrefixComparison(prepared.0, bodies.0, prepared.1, bodies.1)
        let dialect = try #require(DialectRegistry.dialect(kind: kind))
        return (comparison, CacheReckoning(comparison, dialect.cacheRules(of: prepared.1.modelName, in: form)))
    }

    struct Count: Sendable, CustomTestStringConvertible {
        var name: String
        var kind: String
        var first: String
        var second: String
        /// Of `second`'s tokens.
        var served: ClosedRange<Int64>
        /// What is lost, of all that could be served.
        var lost: ClosedRange<Int64>
        var testDescription: String { name }
    }

    private static let long = String(repeating: "abc ", count: 5_000)

    static let counts = [
        Count(
            name: "openai serves what a block begins with, in steps of 128", kind: "openai",
            first: chat("gpt-5.4", 10, long + "x"), second: chat("gpt-5.4", 10, long + "y"), served: 4_992...4_992, lost: 0...128),
        Count(
            name: "openai below its minimum", kind: "openai", first: chat("gpt-5.4", 900, "x"), second: chat("gpt-5.4", 900, "y"),
            served: 0...0, lost: 0...0),
        Count(
            name: "openai: the beginning in common is below the minimum", kind: "openai", first: chat("gpt-5.4", 900, "x" + long),
            second: chat("gpt-5.4", 900, "y" + long), served: 0...0, lost: 5_800...6_000),
        Count(
            name: "breakpoints: whole blocks alone", kind: "openai", first: chat("gpt-5.6-sol", 2_000, long + "x"),
            second: chat("gpt-5.6-sol", 2_000, long + "y"), served: 2_000...2_020, lost: 4_990...5_040),
        Count(
            name: "azure, whatever its deployment's name", kind: "azure-openai", first: chat("mine", 10, long + "x"),
            second: chat("mine", 10, long + "y"), served: 4_992...4_992, lost: 0...128),
        Count(
            name: "deepseek V4: whole prompts alone", kind: "deepseek", first: chat("deepseek-v4-pro", 2_000, "x"),
            second: chat("deepseek-v4-pro", 2_000, "y"), served: 0...0, lost: 2_000...2_050),
        Count(
            name: "deepseek before: steps of 64", kind: "deepseek", first: chat("deepseek-chat", 100, long + "x"),
            second: chat("deepseek-chat", 100, long + "y"), served: 5_056...5_120, lost: 0...64),
        Count(
            name: "an engine of one's own: no minimum to speak of", kind: "openai-compatible", first: chat("llama", 20, "x"),
            second: chat("llama", 20, "y"), served: 16...32, lost: 0...32),
        Count(
            name: "a prompt that is the same", kind: "openai", first: chat("gpt-5.4", 5_000, "x"), second: chat("gpt-5.4", 5_000, "x"),
            served: 4_992...5_120, lost: 0...0),
    ]

    @Test(arguments: counts)
    func tokensAreCountedAsTheVendorDoes(expected: Count) throws {
        let (_, reckoning) = try reckon(expected.kind, .openAIChat, expected.first, expected.second)
        #expect(expected.served.contains(reckoning.servedTokens), "\(reckoning.servedTokens)")
        #expect(expected.lost.contains(reckoning.lostTokens), "\(reckoning.lostTokens)")
    }

    struct Setting: Sendable, CustomTestStringConvertible {
        var name: String
        var kind: String
        var form: RequestForm
        var first: String
        var second: String
        /// nil: nothing changes for the vendor.
        var change: String?
        var keeps = CacheTier.nothing
        var testDescription: String { name }
    }

    private static func openAI(_ name: String, _ first: String, _ second: String, _ change: String?) -> Setting {
        Setting(
            name: "openai: \(name)", kind: "openai", form: .openAIChat, first: chat("gpt-5.4", 3_000, "x", first),
            second: chat("gpt-5.4", 3_000, "x", second), change: change)
    }

    private static func anthropic(_ name: String, _ first: String, _ second: String, _ change: String?, _ keeps: CacheTier) -> Setting {
        Setting(
            name: "anthropic: \(name)", kind: "anthropic", form: .anthropicMessages, first: messages(2_000, "x", first),
            second: messages(2_000, "x", second), change: change, keeps: keeps)
    }

    static let settings = [
        Setting(
            name: "another model", kind: "openai", form: .openAIChat, first: chat("gpt-5.4", 3_000, "x"),
            second: chat("gpt-4o", 3_000, "x"), change: "model"),
        openAI("key", #","prompt_cache_key":"a""#, #","prompt_cache_key":"b""#, "prompt_cache_key"),
        openAI("key set", "", #","prompt_cache_key":"b""#, "prompt_cache_key"),
        openAI("format", #","response_format":{"type":"text"}"#, #","response_format":{"type":"json_object"}"#, "response_format"),
        openAI("the usual format", "", #","response_format":{"type":"text"}"#, nil),
        openAI("effort", #","reasoning_effort":"low""#, #","reasoning_effort":"high""#, "reasoning_effort"),
        openAI("verbosity", "", #","verbosity":"low""#, "verbosity"),
        openAI("service tier", "", #","service_tier":"flex""#, "service_tier"),
        openAI("the usual service tier", #","service_tier":null"#, #","service_tier":"auto""#, nil),
        openAI("tool choice", "", #","tool_choice":"none""#, nil),
        openAI("sampling", "", #","temperature":0.3,"max_completion_tokens":7,"user":"u""#, nil),
        anthropic("tool choice", "", #","tool_choice":{"type":"any"}"#, "tool_choice", .instructions),
        anthropic("the usual tool choice", "", #","tool_choice":{"type":"auto"}"#, nil, .nothing),
        anthropic(
            "parallel calls", #","tool_choice":{"type":"auto"}"#, #","tool_choice":{"type":"auto","disable_parallel_tool_use":true}"#,
            "tool_choice", .instructions),
        anthropic("thinking", "", #","thinking":{"type":"enabled","budget_tokens":1024}"#, "thinking", .instructions),
        anthropic("thinking off", "", #","thinking":{"type":"disabled"}"#, nil, .nothing),
        anthropic("spelling", #","thinking":{"type":"enabled","budget_tokens":5}"#, #","thinking":{ "budget_tokens": 5, "type":"enabled"}"#, nil, .nothing),
        anthropic("speed", "", #","speed":"fast""#, "speed", .tools),
        anthropic("a key that it does not know", "", #","prompt_cache_key":"b""#, nil, .nothing),
        Setting(
            name: "deepseek: user", kind: "deepseek", form: .openAIChat, first: chat("deepseek-chat", 3_000, "x", #","user_id":"a""#),
            second: chat("deepseek-chat", 3_000, "x", #","user_id":"b""#), change: "user_id"),
        Setting(
            name: "anthropic by chat: effort is thinking", kind: "anthropic", form: .openAIChat, first: chat("claude-sonnet-5", 3_000, "x"),
            second: chat("claude-sonnet-5", 3_000, "x", #","reasoning_effort":"low""#), change: "reasoning_effort", keeps: .instructions),
    ]

    @Test(arguments: settings)
    func whatTheCacheIsBoundToIsTold(expected: Setting) throws {
        let (comparison, reckoning) = try reckon(expected.kind, expected.form, expected.first, expected.second)
        #expect(comparison.parting == nil)
        #expect(reckoning.changes.map(\.change.name) == [expected.change].compactMap { $0 })
        guard expected.change != nil else {
            #expect(reckoning.lostTokens == 0)
            return
        }
        #expect(reckoning.changes.first?.keeps == expected.keeps)
        #expect(reckoning.servedTokens == comparison.tokens(within: expected.keeps))
        #expect(reckoning.lostTokens > 0)
    }

    @Test func anImageMoreIsToldToAnthropicsClients() throws {
        func body(_ more: String) -> String {
            #"{"model":"claude-sonnet-5","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"x"}\#(more)]}]}"#
        }
        let image = #",{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}"#
        let (_, reckoning) = try reckon("anthropic", .anthropicMessages, body(""), body(image))
        #expect(reckoning.changes.map(\.change.setting) == [.images])
    }

    struct Minimum: Sendable {
        var kind: String
        var model: String
        var tokens: Int64
    }

    @Test(
        arguments: [
            Minimum(kind: "openai", model: "gpt-5.4", tokens: 1_024), Minimum(kind: "azure-openai", model: "x", tokens: 1_024),
            Minimum(kind: "anthropic", model: "claude-opus-5", tokens: 512), Minimum(kind: "anthropic", model: "claude-haiku-4-5", tokens: 4_096),
            Minimum(kind: "gemini", model: "gemini-2.5-pro", tokens: 2_048), Minimum(kind: "gemini", model: "gemini-4-argon", tokens: 4_096),
            Minimum(kind: "qwen", model: "qwen4-max", tokens: 1_024), Minimum(kind: "deepseek", model: "deepseek-v4-pro", tokens: 0),
        ])
    func theVendorsMinimumIsKnown(expected: Minimum) throws {
        let dialect = try #require(DialectRegistry.dialect(kind: expected.kind))
        #expect(dialect.cacheRules(of: expected.model, in: .openAIChat).minimumTokens == expected.tokens)
        #expect(DialectRegistry.likelyKind(ofModel: expected.model, form: .openAIChat) == expected.kind || expected.model == "x")
    }

    @Test(arguments: ["gemini", "deepseek", "doubao", "openai-compatible"])
    func aVendorThatTakesNoMarksIsNotAskedForAnOutlook(kind: String) throws {
        let dialect = try #require(DialectRegistry.dialect(kind: kind))
        #expect(!dialect.usesOutlook(of: "m"))
    }
}
