import Pipeline
import Testing

struct AnthropicMarkTests {
    private static let tool =
        #"{"name":"f","description":"\#(MarkedRequests.words(900))","input_schema":{"type":"object"}"#
    private static let smallTool = #"{"name":"f","input_schema":{"type":"object"}"#
    private static let system = MarkedRequests.words(2_000)
    private static let head = #"{"model":"claude-sonnet-5","max_tokens":9,"#

    private static func user(_ words: Int, _ mark: String = "") -> String {
        #"{"role":"user","content":[{"type":"text","text":"\#(MarkedRequests.words(words))"\#(mark)}]}"#
    }
    private static let answer =
        #"{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"ok"}]}"#
    private static let call = #"{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{}}]}"#

    private static func result(_ words: Int, _ mark: String = "") -> String {
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"\#(MarkedRequests.words(words))"\#(mark)}]}"#
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let template: String
        var outlook = CacheOutlook()
        var cache = PipelineOptions.CacheMarks.auto
    }

    static let rows: [Row] = [
        Row(
            testDescription: "of a question without tools or session the instructions are marked",
            template: head + #""system":<[>"\#(system)"<]5>,"messages":["# + user(50) + "]}"),
        Row(
            testDescription: "nothing is where reuse is known not to pay",
            template: head + #""tools":[\#(tool)}],"system":"\#(system)","messages":["# + user(50) + "]}",
            outlook: CacheOutlook(expectedReusePermille: 200)),
        Row(
            testDescription: "a first request with tools is marked where tools, instructions and the question end",
            template: head + #""tools":[\#(tool)<5>}],"system":<[>"\#(system)"<]5>,"messages":["# + user(50, "<5>")
                + "]}"),
        Row(
            testDescription: "tools below the minimum bear no mark of their own",
            template: head + #""tools":[\#(smallTool)}],"system":<[>"\#(system)"<]5>,"messages":["# + user(50, "<5>")
                + "]}"),
        Row(
            testDescription: "all below the minimum: none",
            template: head + #""tools":[\#(smallTool)}],"system":"\#(MarkedRequests.words(500))","messages":["#
                + user(50) + "]}"),
        Row(
            testDescription: "instructions that others sent are read, what is new in a one-shot prompt is not written",
            template: head + #""system":<[>"\#(system)"<]5>,"messages":["# + user(900) + "]}",
            outlook: CacheOutlook(turnsSeen: 0, warmBlocks: 1)),
        Row(
            testDescription: "a session is marked where the last request ended, and at its own end",
            template: head + #""system":<[>"\#(system)"<]5>,"messages":["# + user(300, "<5>") + "," + answer + ","
                + user(200, "<5>") + "]}"),
        Row(
            testDescription: "a loop of tools: the results end the request",
            template: head + #""tools":[\#(smallTool)}],"system":<[>"\#(system)"<]5>,"messages":["# + user(300, "<5>")
                + "," + call
                + "," + result(400, "<5>") + "," + call + "," + result(500, "<5>") + "]}",
            outlook: CacheOutlook(turnsSeen: 2)),
        Row(
            testDescription: "long gaps: an hour, where many turns will come",
            template: head + #""system":<[>"\#(system)"<]h>,"messages":["# + user(300, "<h>") + "," + answer + ","
                + user(200, "<h>") + "]}",
            outlook: CacheOutlook(typicalGap: .seconds(1_200), turnsSeen: 6)),
        Row(
            testDescription: "long gaps, and few turns to come: nothing pays",
            template: head + #""system":"\#(system)","messages":["# + user(300) + "," + answer + "," + user(200) + "]}",
            outlook: CacheOutlook(typicalGap: .seconds(1_200), turnsSeen: 1)),
        Row(
            testDescription: "short gaps: five minutes, however many turns come",
            template: head + #""system":<[>"\#(system)"<]5>,"messages":["# + user(300, "<5>") + "," + answer + ","
                + user(200, "<5>") + "]}",
            outlook: CacheOutlook(typicalGap: .seconds(30), turnsSeen: 20)),
        Row(
            testDescription: "the client's mark is kept, ours stand elsewhere",
            template: head + #""system":<[>"\#(system)"<]5>,"messages":["#
                + user(300, #","cache_control":{"type":"ephemeral"}"#)
                + "," + answer + "," + user(200, "<5>") + "]}"),
        Row(
            testDescription: "four of the client's: never a fifth",
            template: head
                + #""tools":[\#(tool),"cache_control":{"type":"ephemeral"}}],"system":"\#(system)","messages":["#
                + user(300, #","cache_control":{"type":"ephemeral"}"#) + "," + answer + ","
                + user(300, #","cache_control":{"type":"ephemeral"}"#) + "," + answer + ","
                + user(300, #","cache_control":{"type":"ephemeral"}"#) + "," + answer + "," + user(200) + "]}"),
        Row(
            testDescription: "before an hour of the client's no five minutes of ours",
            template: head + #""system":"\#(system)","messages":["#
                + user(300, #","cache_control":{"type":"ephemeral","ttl":"1h"}"#) + "," + answer + ","
                + user(200, "<5>") + "]}"),
        Row(
            testDescription: "an automatic mark is the end's, and counts",
            template: head + #""cache_control":{"type":"ephemeral"},"system":<[>"\#(system)"<]5>,"messages":["#
                + user(300, "<5>") + "," + answer + "," + user(200) + "]}"),
        Row(
            testDescription: "client: as it came",
            template: head + #""system":"\#(system)","messages":["#
                + user(300, #","cache_control":{"type":"ephemeral"}"#) + "," + answer + "," + user(200) + "]}",
            cache: .client),
    ]

    @Test(arguments: rows)
    func marksStandWhereTheyPay(_ row: Row) throws {
        let (text, rendered) = try MarkedRequests.rendered(
            MarkedRequests.body(row.template), cache: row.cache, outlook: row.outlook, terms: MarkedRequests.terms)
        #expect(text == MarkedRequests.expected(row.template), "\(row.testDescription): \(rendered.cachePlan)")
        #expect(rendered.cachePlan.expectedNanoUSD ?? 0 >= 0)
    }

    @Test func offTakesTheClientsMarksOut() throws {
        let mark = #","cache_control":{"type":"ephemeral"}"#
        let plain = Self.head + #""system":"\#(Self.system)","messages":["# + Self.user(300) + "]}"
        let marked =
            Self.head + #""cache_control":{"type":"ephemeral"},"system":"\#(Self.system)","messages":["#
            + Self.user(300, mark) + "]}"
        let (text, rendered) = try MarkedRequests.rendered(marked, cache: .off)
        #expect(text == plain)
        #expect(rendered.cachePlan.outcome == .off && rendered.cachePlan.droppedMarks == 2)
        let (last, _) = try MarkedRequests.rendered(
            String(plain.dropLast()) + #","cache_control":{"type":"ephemeral"}}"#, cache: .off)
        #expect(last == plain)
    }

    @Test(arguments: [
        (
            "Since 2026-11-21.", [CachePlan.Place.tools, .system, .previousEnd, .end],
            [CachePlan.Place.tools, .system, .previousEnd, .end]
        ),
        ("It is 11:23:58.", [.tools], [.tools, .system, .previousEnd, .end]),
        ("Now: 2026-11-21T11:23:58Z.", [.tools], [.tools, .system, .previousEnd, .end]),
    ])
    func aTimeInTheInstructionsLeavesTheToolsUnlessItStood(
        _ text: String, _ places: [CachePlan.Place], _ known: [CachePlan.Place]
    ) throws {
        let body =
            Self.head + #""tools":[\#(Self.tool)}],"system":"\#(text) \#(Self.system)","messages":["# + Self.user(300)
            + ","
            + Self.answer + "," + Self.user(200) + "]}"
        let (_, rendered) = try MarkedRequests.rendered(body, arrange: .safe)
        #expect(rendered.cachePlan.marks.map(\.place) == places)
        let (_, warm) = try MarkedRequests.rendered(
            body, outlook: CacheOutlook(turnsSeen: 1, warmBlocks: 2), arrange: .safe)
        #expect(warm.cachePlan.marks.map(\.place) == known)
        // Moved to the end it is in nobody's way.
        let (_, moved) = try MarkedRequests.rendered(body, arrange: .full)
        #expect(moved.cachePlan.marks.map(\.place) == known)
    }

    @Test func theMarkOfToolsThatAreRespelledStandsOnTheLast() throws {
        let tools = ["b", "a"].map {
            #"{ "name": "\#($0)", "input_schema": { "type": "object" } , "description":"\#(MarkedRequests.words(600))"}"#
        }
        let body = Self.head + #""tools":[\#(tools.joined(separator: ","))],"messages":["# + Self.user(300) + "]}"
        let (text, rendered) = try MarkedRequests.rendered(body, arrange: .safe)
        #expect(rendered.cachePlan.marks.map(\.place) == [.tools, .end])
        #expect(text.contains(#""name":"b"\#(MarkedRequests.ccMark)}],"messages""#))
    }

    @Test func longTurnsAreBridged() throws {
        let calls = (0..<12).map { _ in Self.call + "," + Self.result(40) }.joined(separator: ",")
        let body = Self.head + #""tools":[\#(Self.smallTool)}],"messages":["# + Self.user(3_000) + "," + calls + "]}"
        // Only the first question was sent before: eleven calls were answered elsewhere.
        let (_, rendered) = try MarkedRequests.rendered(body, outlook: CacheOutlook(expectedReusePermille: 9_000))
        let places = rendered.cachePlan.marks.map(\.place)
        #expect(places.contains(.end) && places.contains(.previousEnd) && places.count <= 4, "\(places)")
    }

    @Test func thePlanSaysWhatItExpects() throws {
        let body =
            Self.head + #""system":"\#(Self.system)","messages":["# + Self.user(300) + "," + Self.answer + ","
            + Self.user(200) + "]}"
        let (_, rendered) = try MarkedRequests.rendered(
            body, outlook: CacheOutlook(typicalGap: .seconds(10), turnsSeen: 4, warmBlocks: 1),
            terms: MarkedRequests.terms)
        let plan = rendered.cachePlan
        #expect(plan.outcome == .marked)
        #expect(plan.marks.map(\.place) == [.system, .previousEnd, .end])
        #expect(plan.marks.allSatisfy { $0.life == .seconds(300) && !$0.isLong })
        #expect(zip(plan.marks, plan.marks.dropFirst()).allSatisfy { $0.tokens < $1.tokens })
        let sum = plan.marks.reduce(0) { $0 + ($1.expectedPicoUSD ?? 0) }
        #expect(plan.expectedNanoUSD == sum / 1_000 && sum > 0)
    }

    @Test func withoutPricesThePlanNamesNoMoney() throws {
        let body = Self.head + #""tools":[\#(Self.tool)}],"messages":["# + Self.user(300) + "]}"
        let (_, rendered) = try MarkedRequests.rendered(body)
        #expect(rendered.cachePlan.outcome == .marked && rendered.cachePlan.expectedNanoUSD == nil)
        // A list that knows no price of reading does not keep from it.
        let (_, listed) = try MarkedRequests.rendered(
            body, terms: CacheTerms(input: 3_000_000, read: 3_000_000, shortWrite: 3_000_000))
        #expect(listed.cachePlan.outcome == .marked && listed.cachePlan.expectedNanoUSD ?? 0 > 0)
    }

    @Test(arguments: [
        ("claude-opus-5-5", 450, true), ("claude-opus-5-5", 200, false), ("claude-opus-4-8", 450, false),
        ("claude-opus-4-7", 1_000, false), ("claude-opus-4-7", 1_700, true), ("claude-haiku-4-5", 2_500, false),
        ("claude-haiku-4-5", 4_000, true), ("claude-sonnet-4-6", 900, true), ("some-model", 900, true),
    ])
    func theMinimumIsTheModels(_ model: String, _ tokens: Int, _ isMarked: Bool) throws {
        let body =
            Self.head + #""tools":[\#(Self.smallTool)}],"system":"\#(MarkedRequests.words(tokens))","messages":["#
            + #"{"role":"user","content":"hi"}]}"#
        let (_, rendered) = try MarkedRequests.rendered(body, model: model)
        #expect(!rendered.cachePlan.marks.isEmpty == isMarked, "\(rendered.cachePlan)")
    }

    @Test func aDeferredToolAndThoughtsBearNoMark() throws {
        let template =
            Self.head + #""tools":[\#(Self.tool),"defer_loading":true}],"system":<[>"\#(Self.system)"<]5>,"messages":["#
            + Self.user(300, "<5>") + ","
            + #"{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"}]}"#
            + "," + Self.user(100, "<5>") + "]}"
        let (text, _) = try MarkedRequests.rendered(MarkedRequests.body(template))
        #expect(text == MarkedRequests.expected(template))
    }
}
