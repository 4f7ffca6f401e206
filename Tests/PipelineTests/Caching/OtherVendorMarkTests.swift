import NIOCore
import Pipeline
import Testing
import Wire

struct OtherVendorMarkTests {
    private static let system = MarkedRequests.words(2_000)
    private static let question = MarkedRequests.words(200)

    private static func chat(_ model: String) -> String {
        #"{"model":"\#(model)","messages":[{"role":"system","content":<[>"\#(system)"<]5>},{"role":"user","content":<[>"\#(question)"<]5>},{"role":"assistant","content":"ok"},{"role":"user","content":"more"}]}"#
    }

    @Test func breakpointsEndTheInstructionsOfModelsThatTakeThem() throws {
        let template = Self.chat("gpt-5.6-sol")
        let (text, rendered) = try MarkedRequests.rendered(
            MarkedRequests.body(template), form: .openAIChat, kind: "openai", model: "gpt-5.6-sol")
        #expect(text == MarkedRequests.expected(template, MarkedRequests.breakpoint))
        #expect(rendered.cachePlan.marks.map(\.place) == [.system, .previousEnd])
        #expect(rendered.report.isEmpty)
    }

    @Test(arguments: ["gpt-5.5", "gpt-4o", "o3", "gpt-5"])
    func olderModelsGetNone(_ model: String) throws {
        let body = MarkedRequests.body(Self.chat(model))
        let (text, rendered) = try MarkedRequests.rendered(body, form: .openAIChat, kind: "openai", model: model)
        #expect(text == body)
        #expect(rendered.cachePlan.outcome == .automatic)
    }

    @Test func azureGetsAKeyAndNoBreakpoint() throws {
        let body = MarkedRequests.body(Self.chat("gpt-5.6-sol"))
        let (text, rendered) = try MarkedRequests.rendered(
            body, form: .openAIChat, kind: "azure-openai", model: "gpt-5.6-sol",
            outlook: CacheOutlook(identity: CacheIdentity(tenant: 1, conversation: 2)))
        let key = try #require(rendered.cachePlan.key)
        #expect(text == #"{"prompt_cache_key":"\#(key)","# + body.dropFirst())
    }

    @Test func responsesTakeTwelveHoursWhereGapsAreLong() throws {
        let template =
            #"{"model":"gpt-6-sol","input":[{"role":"developer","content":<[>"\#(Self.system)"<]h>},{"role":"user","content":<[>"\#(Self.question)"<]h>},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"ok"}]},{"role":"user","content":"more"}]}"#
        let (text, _) = try MarkedRequests.rendered(
            MarkedRequests.body(template), form: .openAIResponses, kind: "openai", model: "gpt-6-sol",
            outlook: CacheOutlook(typicalGap: .seconds(10_800), turnsSeen: 12))
        #expect(
            text
                == MarkedRequests.expected(
                    template, MarkedRequests.breakpoint, long: MarkedRequests.breakpointLong, type: "input_text"))
    }

    @Test func aClientThatMarksAllItselfIsLeftToIt() throws {
        let body = MarkedRequests.body(Self.chat("gpt-5.6-sol")).replacing(
            #""messages""#, with: #""prompt_cache_options":{"mode":"explicit"},"messages""#)
        let (text, _) = try MarkedRequests.rendered(body, form: .openAIChat, kind: "openai", model: "gpt-5.6-sol")
        #expect(text == body)
    }

    @Test func qwenIsMarkedWhereThatBeatsItsImplicitCache() throws {
        let template =
            #"{"model":"qwen3-max","messages":[{"role":"system","content":<[>"\#(Self.system)"<]5>},{"role":"user","content":<[>"\#(Self.question)"<]5>},{"role":"assistant","content":"ok"},{"role":"user","content":<[>"more"<]5>}]}"#
        let outlook = CacheOutlook(typicalGap: .seconds(20), turnsSeen: 5)
        let (text, _) = try MarkedRequests.rendered(
            MarkedRequests.body(template), form: .openAIChat, kind: "qwen", model: "qwen3-max", outlook: outlook)
        #expect(text == MarkedRequests.expected(template))
        for (model, outlook) in [
            ("qwen2.5-72b-instruct", outlook), ("qwen3-max", CacheOutlook(typicalGap: .seconds(900), turnsSeen: 5)),
        ] {
            let body = MarkedRequests.body(template)
            let (text, _) = try MarkedRequests.rendered(
                body, form: .openAIChat, kind: "qwen", model: model, outlook: outlook)
            #expect(text == body.replacing(#""qwen3-max""#, with: "\"\(model)\""), "\(model)")
        }
    }

    @Test(arguments: ["deepseek", "doubao", "openai-compatible"])
    func vendorsThatCacheByThemselvesGetTheClientsBytes(_ kind: String) throws {
        let body = MarkedRequests.body(Self.chat("m"))
        let (text, rendered) = try MarkedRequests.rendered(
            body, form: .openAIChat, kind: kind, model: "m",
            outlook: CacheOutlook(turnsSeen: 9, identity: CacheIdentity(tenant: 1, conversation: 2)))
        #expect(text == body)
        #expect(rendered.cachePlan.outcome == .automatic && rendered.cachePlan.key == nil)
    }

    @Test(arguments: [RequestForm.openAIChat, .openAIResponses, .geminiGenerate])
    func translatedRequestsAreMarkedToo(_ form: RequestForm) throws {
        let body =
            switch form {
            case .openAIChat: MarkedRequests.body(Self.chat("m"))
            case .openAIResponses:
                #"{"model":"m","instructions":"\#(Self.system)","input":[{"role":"user","content":"\#(Self.question)"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"\#(Self.question)"}]}"#
            case .anthropicMessages, .geminiGenerate:
                #"{"systemInstruction":{"parts":[{"text":"\#(Self.system)"}]},"contents":[{"role":"user","parts":[{"text":"\#(Self.question)"}]},{"role":"model","parts":[{"text":"ok"}]},{"role":"user","parts":[{"text":"more"}]}]}"#
            }
        let (text, rendered) = try MarkedRequests.rendered(body, form: form, outlook: CacheOutlook(turnsSeen: 3))
        #expect(rendered.cachePlan.marks.map(\.place) == [.system, .previousEnd, .end])
        #expect(text.split(separator: "\"cache_control\"", omittingEmptySubsequences: false).count == 4)
        #expect(!rendered.report.dropped.contains { $0.contains("cache") })
        let (plain, off) = try MarkedRequests.rendered(
            body, form: form, cache: .off, outlook: CacheOutlook(turnsSeen: 3))
        #expect(text.replacing(MarkedRequests.ccMark, with: "") == plain && off.cachePlan.outcome == .off)
    }

    @Test func ofTooManyMarksTheLatestAreTranslated() throws {
        let mark = #","prompt_cache_breakpoint":{"mode":"explicit"}"#
        let turns = (0..<6).map {
            #"{"role":"user","content":[{"type":"text","text":"q\#($0)"\#(mark)}]},{"role":"assistant","content":"a"}"#
        }.joined(separator: ",")
        let body =
            #"{"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"s"\#(mark)}]},\#(turns),{"role":"user","content":"more"}]}"#
        let (text, rendered) = try MarkedRequests.rendered(body, form: .openAIChat, cache: .client)
        #expect(text.contains(#"{"type":"text","text":"s"\#(MarkedRequests.ccMark)}"#))
        for place in 0..<6 {
            #expect(text.contains(#""text":"q\#(place)"\#(MarkedRequests.ccMark)"#) == (place > 2), "\(place)")
        }
        #expect(rendered.cachePlan.droppedMarks == 3 && rendered.report.dropped.contains("prompt_cache_breakpoint"))
    }
}

struct PromptCacheKeyTests {
    private static func key(
        tenant: UInt64 = 7, conversation: UInt64 = 3, sent: Int = 0, more: String = ""
    ) throws -> String? {
        try MarkedRequests.rendered(
            #"{"model":"gpt-4o"\#(more),"messages":[{"role":"user","content":"a"}]}"#, form: .openAIChat,
            kind: "openai", model: "gpt-4o",
            outlook: CacheOutlook(
                identity: CacheIdentity(tenant: tenant, conversation: conversation, sentThisMinute: sent))
        ).rendered.cachePlan.key
    }

    @Test func itStaysWithTheConversationAndApartFromOthers() throws {
        let key = try #require(try Self.key())
        #expect(key.count == 16)
        #expect(try Self.key(sent: 1) == key)
        #expect(try Self.key(tenant: 8) != key)
        #expect(try Self.key(conversation: 4) != key)
    }

    @Test(arguments: [(15, 1), (16, 2), (60, 4), (100, 7)])
    func whatAKeyCannotBearInAMinuteHasTheNext(_ requests: Int, _ keys: Int) throws {
        let minute = try (0..<requests).map { try Self.key(sent: $0) }
        #expect(Set(minute).count == keys)
        #expect(minute.prefix(15).allSatisfy { $0 == minute[0] })
        #expect(try (0..<requests).map { try Self.key(sent: $0) } == minute)
    }

    @Test func theClientsOwnStays() throws {
        #expect(try Self.key(more: #","prompt_cache_key":"mine""#) == nil)
        #expect(try Self.key(more: #","prompt_cache_key":null"#) != nil)
    }

    @Test func aTranslatedRequestHasOneToo() throws {
        let body = #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"}]}"#
        let (text, rendered) = try MarkedRequests.rendered(
            body, kind: "openai", model: "gpt-4o",
            outlook: CacheOutlook(identity: CacheIdentity(tenant: 1, conversation: 2)))
        let key = try #require(rendered.cachePlan.key)
        #expect(text.contains(#""prompt_cache_key":"\#(key)""#))
    }
}
