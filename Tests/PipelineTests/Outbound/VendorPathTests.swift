import Pipeline
import Testing
import Wire

struct VendorPathTests {
    @Test(arguments: [
        ("openai", "gpt-4.1", "v1", nil, "/chat/completions"),
        ("azure-openai", "my gpt", "v1", nil, "/chat/completions"),
        ("azure-openai", "my gpt", "v1", "preview", "/chat/completions?api-version=preview"),
        ("azure-openai", "my gpt", "", nil, "/openai/v1/chat/completions"),
        ("azure-openai", "my gpt", "openai", "2024-10-21", "/deployments/my%20gpt/chat/completions?api-version=2024-10-21"),
        ("azure-openai", "gpt", "", "2024-10-21", "/openai/deployments/gpt/chat/completions?api-version=2024-10-21"),
        ("anthropic", "claude-opus-5-5", "v1", nil, "/messages"),
        ("gemini", "gemini-3.8-flash", "v1beta", nil, "/models/gemini-3.8-flash:generateContent"),
    ])
    func aChatGoesWhereTheVendorWantsIt(
        _ kind: String, _ model: String, _ baseSegment: String, _ apiVersion: String?, _ expected: String
    ) throws {
        let rendered = try Requests.rendered(
            #"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#, kind: kind, model: model,
            apiVersion: apiVersion, baseSegment: baseSegment)
        #expect(rendered.path == expected)
    }

    @Test(arguments: [
        ("gpt-4.1", "", false), ("gpt-5.4", "", false), ("gpt-5.3", #","tools":[{}],"reasoning_effort":"low""#, false),
        ("gpt-5.4", Self.tool + #","reasoning_effort":"low""#, true),
        ("gpt-5.4", Self.tool + #","reasoning_effort":"none""#, false), ("gpt-5.4", Self.tool, false),
        ("gpt-6-astra", Self.tool, true), ("ft:gpt-6.1-terra:acme", Self.tool + #","reasoning_effort":"high""#, true),
        ("gpt-99999999999999999999", Self.tool + #","reasoning_effort":"high""#, false),
    ])
    func toolsWithReasoningGoToResponsesWhereChatRefusesThem(_ model: String, _ more: String, _ isResponses: Bool) throws {
        let rendered = try Requests.rendered(
            #"{"model":"m","messages":[{"role":"user","content":"Hi"}]"# + more + "}", kind: "openai", model: model)
        #expect(rendered.path == (isResponses ? "/responses" : "/chat/completions"))
    }

    private static let tool = #","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]"#
}
