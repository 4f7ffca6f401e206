import NIOCore
import Pipeline
import Testing
import Wire

struct ToolSpellingTests {
    typealias Row = (name: String, form: RequestForm, tools: String, expected: String)

    private static let f = #"{"function":{"name":"f"},"type":"function"}"#
    private static let g = #"{"function":{"name":"g"},"type":"function"}"#

    @Test(
        arguments: [
            ("by name", .openAIChat, "[\(g),\(f)]", "[\(f),\(g)]"),
            ("one order already", .openAIChat, "[\(f),\(g)]", "[\(f),\(g)]"),
            ("white space", .openAIChat, "[ \(f) ,\n\(g) ]", "[\(f),\(g)]"),
            ("by kind", .openAIChat, #"[\#(f),{"custom":{"name":"z"},"type":"custom"}]"#, #"[{"custom":{"name":"z"},"type":"custom"},\#(f)]"#),
            ("members", .openAIChat, #"[{"type":"function","function":{"name":"f"}}]"#, "[\(f)]"),
            (
                "schemas", .openAIChat,
                #"[{"type":"function","function":{"parameters":{"type":"object","properties":{"b":{"type":"string","enum":["z","a"]},"a":{"minimum":1.0}},"required":["b","a"]},"name":"f"}}]"#,
                #"[{"function":{"name":"f","parameters":{"properties":{"a":{"minimum":1},"b":{"enum":["z","a"],"type":"string"}},"required":["b","a"],"type":"object"}},"type":"function"}]"#
            ),
            (
                "strict schemas keep their order", .openAIChat,
                #"[{"type":"function","function":{"strict":true,"parameters":{"type": "object","b":"\u0041","a":1.0},"name":"f"}}]"#,
                #"[{"function":{"name":"f","parameters":{"type":"object","b":"A","a":1.0},"strict":true},"type":"function"}]"#
            ),
            ("escaped names", .openAIChat, #"[{"function":{"name":"\u0067"},"type":"function"},\#(f)]"#, "[\(f),\(g)]"),
            ("a key twice", .openAIChat, #"[{"type":"x","name":"b","name":"a"},\#(f)]"#, #"[\#(f),{"type":"x","name":"b","name":"a"}]"#),
            ("half a pair", .openAIChat, #"[{"type":"x", "d":"\ud800"}]"#, #"[{"type":"x", "d":"\ud800"}]"#),
            (
                "strict unless it says no", .openAIResponses,
                #"[{"type":"function","name":"g","parameters":{"b":1,"a":2}},{"type":"function","name":"f","parameters":{"b":1,"a":2},"strict":false}]"#,
                #"[{"name":"f","parameters":{"a":2,"b":1},"strict":false,"type":"function"},{"name":"g","parameters":{"b":1,"a":2},"type":"function"}]"#
            ),
            (
                "servers by label", .openAIResponses, #"[{"type":"mcp","server_label":"b"},{"type":"mcp","server_label":"a"}]"#,
                #"[{"server_label":"a","type":"mcp"},{"server_label":"b","type":"mcp"}]"#
            ),
            (
                "a tool without a type is custom", .anthropicMessages,
                #"[{"type":"web_search_20250305","name":"a"},{"name":"z","input_schema":{"type":"object"}},{"type":"custom","name":"b"}]"#,
                #"[{"name":"b","type":"custom"},{"input_schema":{"type":"object"},"name":"z"},{"name":"a","type":"web_search_20250305"}]"#
            ),
            (
                "functions within their group", .geminiGenerate,
                #"[{"googleSearch":{}},{"functionDeclarations":[{"name":"g","parameters":{"type":"OBJECT","properties":{}}},{"name":"f"}]}]"#,
                #"[{"functionDeclarations":[{"name":"f"},{"name":"g","parameters":{"properties":{},"type":"OBJECT"}}]},{"googleSearch":{}}]"#
            ),
            ("none", .geminiGenerate, "[ ]", "[ ]"), ("no objects", .anthropicMessages, "[1 ,2]", "[1,2]"),
        ] as [Row])
    func toolsHaveOneFormForOneMeaning(_ row: Row) throws {
        for arrange in [PipelineOptions.Arrangement.safe, .full] {
            let body = Prompts.body(row.form, tools: row.tools)
            let expected = Prompts.body(row.form, tools: row.expected)
            #expect(try Prompts.sent(body, row.form, Prompts.options(arrange)) == expected)
            // Once more it changes nothing, and costs no edit.
            #expect(try Prompts.prepare(expected, row.form, Prompts.options(arrange)).edits.isEmpty || row.name == "a key twice" || row.name == "half a pair")
        }
        let body = Prompts.body(row.form, tools: row.tools)
        #expect(try Prompts.prepare(body, row.form, Prompts.options(.off)).edits.isEmpty)
    }

    // MARK: Cache marks

    private static let mark = #""cache_control":{"type":"ephemeral"}"#
    private static let long = #""cache_control":{"type":"ephemeral","ttl":"1h"}"#

    private static func tool(_ name: String, _ mark: String = "") -> String {
        #"{"input_schema":{"type":"object"},"name":"\#(name)"\#(mark.isEmpty ? "" : "," + mark)}"#
    }

    @Test(
        arguments: [
            ("a list that stands stays", [tool("a", mark), tool("b")], [tool("a", mark), tool("b")]),
            ("a mark stays on the last", [tool("b"), tool("a", mark)], [tool("a"), tool("b", mark)]),
            ("the longest is left", [tool("c", mark), tool("b", long), tool("a", mark)], [tool("a"), tool("b"), tool("c", long)]),
            ("one that stands amid others", [tool("b"), tool("a", long), tool("c", mark)], [tool("a"), tool("b"), tool("c", long)]),
            (
                "respelled tools keep theirs", [#"{"name":"a",\#(mark),"input_schema":{"type":"object"}}"#, tool("b", long)],
                [tool("a", mark), tool("b", long)]
            ),
            ("nothing but a mark", [tool("b"), "{\(mark)}", tool("a")], ["{}", tool("a"), tool("b", mark)]),
        ] as [(String, [String], [String])])
    func marksMeanUpToHere(_ name: String, _ tools: [String], _ expected: [String]) throws {
        let body = Prompts.body(.anthropicMessages, tools: "[" + tools.joined(separator: ",") + "]")
        let wanted = Prompts.body(.anthropicMessages, tools: "[" + expected.joined(separator: ",") + "]")
        let prepared = try Prompts.prepare(body, .anthropicMessages, Prompts.options(.safe))
        #expect(try Prompts.sent(body, prepared) == wanted)
        let again = try Prompts.prepare(wanted, .anthropicMessages, Prompts.options(.safe))
        #expect(prepared.chain == again.chain && prepared.fullHash == again.fullHash)
        #expect(prepared.view.cacheMarks.count == again.view.cacheMarks.count)
        #expect(prepared.view.caching.longMarks == again.view.caching.longMarks)
        let bare = try Prompts.sent(body, .anthropicMessages, Prompts.options(.safe, cache: .off))
        #expect(!bare.contains("cache_control") || bare == body)
    }

    /// A mark of the gateway's own lands on the tool that is last after the stages.
    @Test func aMarkPutLaterStandsInTheLastTool() throws {
        let text = MarkedRequests.words(3_000)
        let tools = #"[{"name":"b","description":"\#(text)"},{"name":"a","description":"\#(text)"}]"#
        let body =
            #"{"model":"m","max_tokens":9,"system":"\#(text)","messages":[{"role":"user","content":"q"}],"tools":"# + tools + "}"
        let (sent, rendered) = try MarkedRequests.rendered(body, terms: MarkedRequests.terms, arrange: .safe)
        #expect(sent.contains(#""name":"b","cache_control":{"type":"ephemeral"}}]"#), "\(rendered.cachePlan)")
        #expect(!sent.contains(#""name":"a","cache_control""#))
    }

    @Test func aDeferredToolBearsNoMark() throws {
        let tools = #"[{"name":"b","defer_loading":true},{"name":"a",\#(Self.mark)}]"#
        let body = Prompts.body(.anthropicMessages, tools: tools)
        let prepared = try Prompts.prepare(body, .anthropicMessages, Prompts.options(.safe))
        let expected = #"[{"name":"a",\#(Self.mark)},{"defer_loading":true,"name":"b"}]"#
        #expect(try Prompts.sent(body, prepared) == Prompts.body(.anthropicMessages, tools: expected))
        #expect(prepared.view.caching.lastTool == nil && prepared.view.cacheMarks.count == 1)
    }

    // MARK: Calls

    @Test(
        arguments: [
            (
                .openAIChat,
                #"{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{\"b\": 1, \"a\":\"x\\ny\"}"}},{"id":"2","function":{"name":"f","arguments":"no JSON"}}]}"#,
                #"{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{\"a\":\"x\\ny\",\"b\":1}"}},{"id":"2","function":{"name":"f","arguments":"no JSON"}}]}"#
            ),
            (
                .openAIChat, #"{"role":"assistant","function_call":{"name":"f","arguments":"{ }"}}"#,
                #"{"role":"assistant","function_call":{"name":"f","arguments":"{}"}}"#
            ),
            (
                .openAIResponses, #"{"type":"function_call","call_id":"1","name":"f","arguments":"{\"b\":1,\"a\":2}"}"#,
                #"{"type":"function_call","call_id":"1","name":"f","arguments":"{\"a\":2,\"b\":1}"}"#
            ),
            (
                .anthropicMessages,
                #"{"role":"assistant","content":[{"type":"text","text":"{\"b\": 1}"},{"type":"tool_use","id":"1","name":"f","input":{"b": 1, "a": [1.0, 12345678901234567890]}}]}"#,
                #"{"role":"assistant","content":[{"type":"text","text":"{\"b\": 1}"},{"type":"tool_use","id":"1","name":"f","input":{"a":[1,12345678901234567890],"b":1}}]}"#
            ),
            (
                .geminiGenerate, #"{"role":"model","parts":[{"functionCall":{"name":"f","args":{"b":1,"a": 2}}}]}"#,
                #"{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":2,"b":1}}}]}"#
            ),
            (
                .anthropicMessages, #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":"{ \"b\": 1.0 }"}]}"#,
                #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":"{ \"b\": 1.0 }"}]}"#
            ),
            (
                .geminiGenerate, #"{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"b" : 1.0}}}]}"#,
                #"{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"b" : 1.0}}}]}"#
            ),
        ] as [(RequestForm, String, String)])
    func argumentsAreRespelledAndNothingElse(_ form: RequestForm, _ message: String, _ expected: String) throws {
        func body(_ message: String) -> String {
            switch form {
            case .openAIChat: #"{"model":"m","messages":[{"role":"user","content":"q"},\#(message)]}"#
            case .openAIResponses: #"{"model":"m","input":[{"role":"user","content":"q"},\#(message)]}"#
            case .anthropicMessages: #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"},\#(message)]}"#
            case .geminiGenerate: #"{"contents":[{"role":"user","parts":[{"text":"q"}]},\#(message)]}"#
            }
        }
        #expect(try Prompts.sent(body(message), form, Prompts.options(.safe)) == body(expected))
        #expect(try Prompts.prepare(body(expected), form, Prompts.options(.safe)).edits.isEmpty)
        #expect(try Prompts.prepare(body(message), form, Prompts.options(.off)).edits.isEmpty)
    }

    @Test(arguments: [
        (RequestForm.openAIChat, #"{"model":"m","messages":[{"role":"user","content":"q"}],"response_format":{"type": "json_schema","json_schema":{"name":"n","schema":{"b":1,"a":{}}}}}"#),
        (.openAIResponses, #"{"model":"m","input":"q","text":{"format":{"type": "json_schema","schema":{"b":1,"a":{}}}}}"#),
        (.geminiGenerate, #"{"contents":[{"parts":[{"text":"q"}]}],"generationConfig":{"responseSchema":{"b": 1,"a":{}}}}"#),
    ])
    func theSchemasOfAnswersStay(_ form: RequestForm, _ body: String) throws {
        #expect(try Prompts.prepare(body, form, Prompts.options(.full)).edits.isEmpty)
    }
}
