import NIOCore
import Pipeline
import Testing
import Wire

/// What targets are told of a client's request, where vendors or their models differ.
struct FidelityTests {
    private static func rendered(
        _ text: String, _ form: RequestForm, kind: String, model: String = "up", isStrict: Bool = false
    ) throws -> (body: String, report: FidelityReport) {
        let body = ByteBuffer(string: text)
        var options = PipelineOptions()
        options.arrange = .off
        options.isStrict = isStrict
        let dialect = try #require(DialectRegistry.dialect(kind: kind))
        let pipeline = PromptPipeline(options: options)
        var index = JSONIndex()
        let prepared = try pipeline.prepare(
            body: body, kind: .conversation(form), path: PathParameters(model: "m", isStream: false), index: &index)
        let rendered = try pipeline.render(
            prepared, body: body, for: OutboundTarget(dialect: dialect, model: model), context: RenderContext(),
            index: &index)
        return (String(buffer: Requests.upstream(rendered, of: body)), rendered.report)
    }

    // MARK: Thinking

    private static let thinking =
        #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"}],"thinking":{"type":"enabled","budget_tokens":2048}}"#

    @Test(arguments: [
        ("gpt-4o-mini", false), ("gpt-4.1", false), ("gpt-3.5-turbo", false), ("chatgpt-4o-latest", false),
        ("gpt-5-chat-latest", false), ("ft:gpt-4o:org", false), ("gpt-5", true), ("o3", true), ("gpt-5.6-sol", true),
        ("my-deployment", true),
    ])
    func onlyModelsThatThinkAreToldHowMuch(model: String, thinks: Bool) throws {
        for kind in ["openai", "azure-openai"] {
            let (body, report) = try Self.rendered(Self.thinking, .anthropicMessages, kind: kind, model: model)
            #expect(body.contains("reasoning") == thinks, "\(kind)")
            #expect(report.dropped == (thinks ? [] : ["thinking"]), "\(kind)")
        }
    }

    // MARK: What is kept

    private static let agent =
        #"{"model":"m","instructions":"I","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"q"}]}],"#
        + #""tools":[{"type":"function","name":"shell","description":"d","strict":false,"parameters":{"type":"object","properties":{}}},"#
        + #"{"type":"custom","name":"apply_patch","description":"d","format":{"type":"grammar","syntax":"lark","definition":"start: x"}}],"#
        + #""tool_choice":"auto","parallel_tool_calls":true,"reasoning":{"effort":"medium","summary":"auto"},"store":false,"stream":true,"#
        + #""include":["reasoning.encrypted_content"],"prompt_cache_key":"k"}"#

    /// An agent's request as Codex sends it: nothing that changes the answer is left out.
    @Test(arguments: ["anthropic", "gemini", "deepseek", "qwen", "openai-compatible", "openai", "simulator"])
    func anAgentsRequestIsCarriedWhereTheModelIsStrict(kind: String) throws {
        let (body, report) = try Self.rendered(Self.agent, .openAIResponses, kind: kind, isStrict: true)
        #expect(!report.dropped.contains("store"))
        #expect(report.dropped.allSatisfy { $0 == "prompt_cache_key" })
        #expect(body.contains("start: x"), "a custom tool's format is said in one way or another")
    }

    @Test(arguments: ["anthropic", "deepseek", "openai-compatible"])
    func whatIsToBeKeptIsReportedWhereNothingIs(kind: String) throws {
        let stored = Self.agent.replacing(#""store":false"#, with: #""store":true"#)
        #expect(try Self.rendered(stored, .openAIResponses, kind: kind).report.dropped.contains("store"))
        #expect(throws: PipelineError.self) {
            try Self.rendered(stored, .openAIResponses, kind: kind, isStrict: true)
        }
    }

    /// A function as google-genai's automatic calling describes it.
    @Test(arguments: ["anthropic", "openai", "qwen"])
    func whatAFunctionGivesBackIsCarried(kind: String) throws {
        let text =
            #"{"contents":[{"role":"user","parts":[{"text":"q"}]}],"tools":[{"functionDeclarations":[{"name":"f","description":"D.","#
            + #""parameters_json_schema":{"type":"object","properties":{}},"response_json_schema":{"type":"string"},"behavior":"BLOCKING"}]}]}"#
        let (body, report) = try Self.rendered(text, .geminiGenerate, kind: kind, isStrict: true)
        #expect(body.contains(#""description":"D.\n\nWhat it gives back follows this JSON Schema: {\"type\":\"string\"}""#))
        #expect(report.rewritten == ["tools.functionDeclarations.responseJsonSchema"])
    }

    @Test func howCloselyToLookIsReportedWhereItCannotBeSaid() throws {
        let text =
            #"{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x","detail":"low"}}]}]}"#
        #expect(try Self.rendered(text, .openAIChat, kind: "anthropic").report.dropped == ["messages.detail"])
        let usual = text.replacing(#""low""#, with: #""auto""#)
        #expect(try Self.rendered(usual, .openAIChat, kind: "anthropic").report.isEmpty)
    }

    // MARK: Thoughts that DeepSeek wants back

    private static func history(_ thoughts: String, _ more: String = "") -> String {
        #"{"model":"up","messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"#
            + thoughts + #""tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},"#
            + #"{"role":"tool","tool_call_id":"c","content":"r"}],"tools":[{"type":"function","function":{"name":"f"}}]"#
            + more + "}"
    }

    @Test(arguments: [
        (Self.history(#""reasoning_content":"hm","#), nil, []),
        (Self.history(""), #"{"thinking":{"type":"disabled"},"model""#, ["reasoning_effort"]),
        (Self.history(#""reasoning_content":"","#), #"{"thinking":{"type":"disabled"},"model""#, ["reasoning_effort"]),
        (
            Self.history("", #","thinking":{"type":"enabled"}"#), #"}}],"thinking":{"type":"disabled"}}"#, ["thinking"]
        ),
        (Self.history("", #","thinking":{"type":"disabled"}"#), nil, []),
        (Self.history("", #","thinking":null"#), #"}}],"thinking":{"type":"disabled"}}"#, ["thinking"]),
    ] as [(String, String?, [String])])
    func aHistoryWithoutThoughtsIsAskedAboutWithout(text: String, expected: String?, rewritten: [String]) throws {
        let (body, report) = try Self.rendered(text, .openAIChat, kind: "deepseek")
        #expect(expected.map { body.contains($0) } ?? (body == text))
        #expect(report.rewritten == rewritten && report.dropped.isEmpty)
        #expect(try Self.rendered(text, .openAIChat, kind: "qwen").body == text)
    }

    /// Another turn's answers need no thoughts, and a turn without calls needs none.
    @Test func onlyTurnsWithCallsNeedThoughts() throws {
        let plain =
            #"{"model":"up","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},"#
        let called = Self.history(#""reasoning_content":"hm","#).replacing(#"{"model":"up","messages":["#, with: plain)
        #expect(try Self.rendered(called, .openAIChat, kind: "deepseek").body == called)
        let answered = called.replacing(
            #""content":"r"}"#, with: #""content":"r"},{"role":"assistant","content":"so"},{"role":"user","content":"d"}"#)
        #expect(try Self.rendered(answered, .openAIChat, kind: "deepseek").body.hasPrefix(#"{"thinking""#))
    }

    @Test func aTranslatedHistoryWithoutThoughtsIsAskedAboutWithout() throws {
        let text =
            #"{"model":"m","max_tokens":9,"tools":[{"name":"f","input_schema":{}}],"messages":[{"role":"user","content":"q"},"#
            + #"{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{}}]},"#
            + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"r"}]}],"thinking":{"type":"adaptive"}}"#
        let (body, report) = try Self.rendered(text, .anthropicMessages, kind: "deepseek")
        #expect(body.contains(#""thinking":{"type":"disabled"}"#) && !body.contains("reasoning_content"))
        #expect(report.rewritten == ["thinking"])
        let off = text.replacing("adaptive", with: "disabled")
        #expect(try Self.rendered(off, .anthropicMessages, kind: "deepseek").report.isEmpty)
        #expect(try !Self.rendered(text, .anthropicMessages, kind: "doubao").body.contains("disabled"))
    }

    // MARK: Cache marks

    private static let marked =
        #"{"model":"m","max_tokens":9,"stop_sequences":["x"],"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],"#
        + #""messages":[{"role":"user","content":[{"type":"text","text":"q","cache_control":{"type":"ephemeral"}}]}]}"#

    @Test func marksGoWhereTheModelTakesThem() throws {
        let (body, report) = try Self.rendered(Self.marked, .anthropicMessages, kind: "openai", model: "gpt-5.6-sol")
        #expect(
            body.contains(
                #"[{"type":"text","text":"s","prompt_cache_breakpoint":{"mode":"explicit"}}]},{"role":"user","content":[{"type":"text","text":"q","prompt_cache_breakpoint":{"mode":"explicit"}}]}]"#
            ))
        #expect(report.dropped.isEmpty && report.rewritten == ["cache_control"])
        let older = try Self.rendered(Self.marked, .anthropicMessages, kind: "openai", model: "gpt-5.5")
        #expect(!older.body.contains("breakpoint") && older.report.dropped == ["cache_control"])
    }

    private static func own(_ mark: String) -> String {
        #"{"model":"up","messages":[{"role":"user","content":[{"type":"text","text":"q""# + mark + "}]}]}"
    }

    private static let control = #","cache_control":{"type":"ephemeral"}"#
    private static let breakpoint = #","prompt_cache_breakpoint":{"mode":"explicit"}"#

    /// OpenAI refuses members it does not know; others skip them.
    @Test(arguments: [
        ("openai", "gpt-5.5", Self.breakpoint, ["prompt_cache_breakpoint"]), ("openai", "gpt-4o", Self.control, ["cache_control"]),
        ("openai", "gpt-5.6-sol", Self.control, ["cache_control"]), ("openai", "gpt-5.6-sol", Self.breakpoint, []),
        ("azure-openai", "gpt-5.5", Self.breakpoint, ["prompt_cache_breakpoint"]),
        ("azure-openai", "my-deployment", Self.breakpoint, []), ("qwen", "qwen4-max", Self.control, []),
        ("deepseek", "deepseek-v4-pro", Self.control, []),
    ])
    func aClientsMarksInItsOwnFormStayWhereTheyAreTaken(
        kind: String, model: String, mark: String, dropped: [String]
    ) throws {
        let (body, report) = try Self.rendered(Self.own(mark), .openAIChat, kind: kind, model: model)
        let expected = Self.own(dropped.isEmpty ? mark : "").replacing(#""up""#, with: "\"\(model)\"")
        #expect(body == expected)
        #expect(report.dropped == dropped)
    }

    @Test func aChatClientsCacheOptionsGoWithItToResponses() throws {
        let text =
            #"{"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f"}}],"#
            + #""reasoning_effort":"low","prompt_cache_options":{"ttl":"30m"},"prompt_cache_retention":"24h"}"#
        let (body, report) = try Self.rendered(text, .openAIChat, kind: "openai", model: "gpt-5.6-sol")
        #expect(body.contains(#""prompt_cache_options":{"ttl":"30m"},"prompt_cache_retention":"24h""#))
        #expect(report.dropped.isEmpty)
        let older = try Self.rendered(text, .openAIChat, kind: "openai", model: "gpt-5.4").report
        #expect(older.dropped == ["prompt_cache_options"])
    }
}
