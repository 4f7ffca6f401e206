import NIOCore
import Pipeline
import Testing

/// `full` moves what is volatile behind the last user's text: a mark stands before it.
struct MovedTextMarkTests {
    private static let stamp = "Now: 2026-11-21T11:23:58Z."
    private static let system = MarkedRequests.words(2_000)
    private static let question = MarkedRequests.words(300)
    private static let mark = MarkedRequests.ccMark

    private static func chat(_ last: String = #"{"role":"user","content":"\#(question)"}"#) -> String {
        #"{"model":"m","messages":[{"role":"system","content":"\#(stamp)\n\#(system)"},{"role":"user","content":"\#(question)"},{"role":"assistant","content":"ok"},\#(last)]}"#
    }

    private static let messages =
        #"{"model":"m","max_tokens":9,"system":"\#(stamp)\n\#(system)","messages":[{"role":"user","content":"\#(question)"},{"role":"assistant","content":"ok"},{"role":"user","content":"\#(question)"}]}"#
    private static let call =
        #"{"role":"user","content":"\#(question)"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"\#(question)"}"#

    private static func parts(_ mark: String, type: String = "text") -> String {
        #"[{"type":"\#(type)","text":"\#(question)"\#(mark)},{"type":"\#(type)","text":"\#(stamp)"}]"#
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var form = RequestForm.openAIChat
        let kind: String
        let model: String
        let body: String
        /// How the prompt ends.
        let end: String
    }

    static let rows: [Row] = [
        Row(
            testDescription: "Anthropic's form", form: .anthropicMessages, kind: "anthropic", model: "claude-sonnet-5",
            body: messages, end: #""content":\#(parts(mark))}]}"#),
        Row(
            testDescription: "chat told to Anthropic", kind: "anthropic", model: "claude-sonnet-5", body: chat(),
            end: #""content":\#(parts(mark))}]"#),
        Row(
            testDescription: "results of tools, told to Anthropic", kind: "anthropic", model: "claude-sonnet-5",
            body: chat(call),
            end: #""text":"\#(question)"}]\#(mark)},{"type":"text","text":"\#(stamp)"}]"#),
        Row(
            testDescription: "a breakpoint beside the vendor's own at the end", kind: "openai", model: "gpt-5.6-sol",
            body: chat(),
            end: #""content":\#(parts(MarkedRequests.breakpoint))}]}"#),
        Row(
            testDescription: "Qwen", kind: "qwen", model: "qwen3-max", body: chat(),
            end: #""content":\#(parts(mark))}]}"#),
        Row(
            testDescription: "a vendor without marks keeps the one text", kind: "deepseek", model: "deepseek-chat",
            body: chat(),
            end: #""content":"\#(question)\n\n\#(stamp)"}]}"#),
    ]

    @Test(arguments: rows)
    func theLastMarkStandsBeforeIt(_ row: Row) throws {
        let (text, rendered) = try MarkedRequests.rendered(
            row.body, form: row.form, kind: row.kind, model: row.model,
            outlook: CacheOutlook(typicalGap: .seconds(20), turnsSeen: 5), arrange: .full)
        #expect(text.contains(row.end), "\(rendered.cachePlan) \(text.suffix(400))")
        #expect(text.components(of: Self.stamp) == 1)
    }

    @Test func turnAfterTurnTheMarkedPrefixIsTheNextTurnsToo() throws {
        func rendered(_ turns: Int, at time: String) throws -> String {
            let more = (0..<turns).map {
                #"{"role":"user","content":"\#(Self.question)\#($0)"},{"role":"assistant","content":"ok"},"#
            }.joined()
            return try MarkedRequests.rendered(
                #"{"model":"m","max_tokens":9,"system":"Now: \#(time).\n\#(Self.system)","messages":[\#(more){"role":"user","content":"\#(Self.question)\#(turns)"}]}"#,
                outlook: CacheOutlook(typicalGap: .seconds(20), turnsSeen: 5), arrange: .full
            ).text.replacing(Self.mark, with: "").replacing(#"[{"type":"text","text":"#, with: "").replacing(
                "}]", with: "")
        }
        for turns in 1..<6 {
            let one = try rendered(turns, at: "2026-11-21T11:23:0\(turns)Z")
            let next = try rendered(turns + 1, at: "2026-11-21T11:24:0\(turns)Z")
            let end = try #require(one.range(of: #"},{"type":"text","text":"Now"#)).lowerBound
            #expect(next.hasPrefix(one[..<end]), "turn \(turns)")
        }
    }
}

extension String {
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }

    fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
