import NIOCore
import Pipeline
import Testing
import Wire

/// What `full` makes of a system prompt in which something changes with each request.
struct SystemPromptTests {
    private static let full = Prompts.options(.full)

    @Test(arguments: [
        (
            "the last lines, with the break before them", RequestForm.openAIChat,
            #"{"model":"m","messages":[{"role":"system","content":"a\nb\nTurn: 7\nIt is 11:23:58."},{"role":"user","content":"q"}]}"#,
            #"{"model":"m","messages":[{"role":"system","content":"a\nb"},{"role":"user","content":"q\n\nTurn: 7\nIt is 11:23:58."}]}"#
        ),
        (
            "lines between others, with the breaks behind them", .openAIChat,
            #"{"model":"m","messages":[{"role":"system","content":"a\nTurn: 7\nIt is 11:23:58.\nb"},{"role":"user","content":"q"}]}"#,
            #"{"model":"m","messages":[{"role":"system","content":"a\nb"},{"role":"user","content":"q\n\nTurn: 7\nIt is 11:23:58."}]}"#
        ),
        (
            "the last line alone", .openAIResponses, #"{"model":"m","instructions":"a\nTurn: 7","input":"q"}"#,
            #"{"model":"m","instructions":"a","input":"q\n\nTurn: 7"}"#
        ),
        (
            "a part of nothing else, with its mark", .openAIChat,
            #"{"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"a"},{"type":"text","text":"Turn: 7","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":"q"}]}"#,
            #"{"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"a"}]},{"role":"user","content":"q\n\nTurn: 7"}]}"#
        ),
        (
            "a part of nothing else, in a form that counts no parts", .geminiGenerate,
            #"{"systemInstruction":{"parts":[{"text":"a"},{"text":"Turn: 7"}]},"contents":[{"role":"user","parts":[{"text":"q"}]}]}"#,
            #"{"systemInstruction":{"parts":[{"text":"a"}]},"contents":[{"role":"user","parts":[{"text":"q"},{"text":"Turn: 7"}]}]}"#
        ),
    ])
    func whatIsVolatileGoesAndLeavesNoTrace(
        _ name: String, _ form: RequestForm, _ body: String, _ expected: String
    ) throws {
        #expect(try Prompts.sent(body, form, Self.full) == expected, "\(name)")
    }
}
