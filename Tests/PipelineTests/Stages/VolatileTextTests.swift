import Pipeline
import Testing

struct VolatileTextTests {
    typealias Kind = VolatileText.Kind

    /// What is found in a text of the system prompt, escapes as written.
    private static func found(_ text: String) throws -> [(Kind, String)] {
        let body = Requests.chat([Requests.message("system", text), Requests.message("user", "2026-01-01")])
        let prepared = try Prompts.prepare(body, .openAIChat, Prompts.options(.off))
        return prepared.volatility.map { ($0.kind, Requests.slice(body, $0.span)) }
    }

    @Test func itsKindsAreToldByWhetherTheyWereMoved() throws {
        let body = Requests.chat([
            Requests.message("system", #"Now: 2026-11-21.\nBe brief."#), Requests.message("user", "2026-01-01 11:23:58"),
        ])
        for (arrange, isMoved) in [(PipelineOptions.Arrangement.off, false), (.safe, false), (.full, true)] {
            let kinds = try Prompts.prepare(body, .openAIChat, Prompts.options(arrange)).volatileKinds
            #expect(kinds.contains(.date, isMoved: isMoved) && !kinds.contains(.date, isMoved: !isMoved), "\(arrange)")
            #expect(!kinds.contains(.time, isMoved: false) && !kinds.isEmpty, "\(arrange)")
        }
    }

    @Test(
        arguments: [
            ("Today is 2026-11-21.", .date, "2026-11-21"),
            ("Now: 2026-11-21T11:23:58.123456+01:00", .date, "2026-11-21T11:23:58.123456+01:00"),
            ("Now: 2026-11-21T11:23Z;", .date, "2026-11-21T11:23Z"),
            ("at 2026-11-21 11:23:58 UTC", .date, "2026-11-21 11:23:58 UTC"),
            (#"x\n2026-11-21\n"#, .date, "2026-11-21"),
            (#"\u00e92026-11-21"#, .date, "2026-11-21"),
            ("今日は2026-11-21です", .date, "2026-11-21"),
            ("on 2026/11/21 it", .date, "2026/11/21"),
            ("stamp 20261121T112358Z", .date, "20261121T112358Z"),
            ("Nov 21, 2026", .date, "Nov 21, 2026"),
            (#"Date:\nNovember 21st, 2026 at 11:23 PM"#, .date, "November 21st, 2026 at 11:23 PM"),
            ("Sat, 21 Nov 2026 11:23:58 +0000", .date, "21 Nov 2026 11:23:58 +0000"),
            ("the 3rd of May 2026", .date, "3rd of May 2026"),
            ("Sept. 1 2026", .date, "Sept. 1 2026"),
            ("11/21/2026, 11:23 AM", .date, "11/21/2026, 11:23 AM"),
            ("time: 11:23:58", .time, "11:23:58"),
            ("it is 1:05 pm", .time, "1:05 pm"),
            ("epoch 1795219200", .epoch, "1795219200"),
            (#"\"ts\":1795219200123,"#, .epoch, "1795219200123"),
            ("t=1795219200.25", .epoch, "1795219200.25"),
            ("id 550e8400-e29b-41d4-a716-446655440000.", .uuid, "550e8400-e29b-41d4-a716-446655440000"),
            ("user-deadbeef-cafe-4abc-9def-abcdefabcdef", .uuid, "deadbeef-cafe-4abc-9def-abcdefabcdef"),
            (#"\nFEEDBEEF-CAFE-4ABC-9DEF-ABCDEFABCDEF"#, .uuid, "FEEDBEEF-CAFE-4ABC-9DEF-ABCDEFABCDEF"),
            ("This is request #123 of many", .counter, "123"),
            ("turn: 7", .counter, "7"), ("Turn = 12", .counter, "12"), ("Request ID: req-a81b", .counter, "req-a81b"),
            ("今天是2026年11月21日。", .date, "2026年11月21日"), ("2026年1月2号", .date, "2026年1月2号"),
            ("当前时间：2026年11月21日 11:23:58。", .date, "2026年11月21日 11:23:58"),
            ("2026 年 11 月 21 日 11 时 23 分", .date, "2026 年 11 月 21 日 11 时 23 分"),
            (#"\u65e52026\u5e7411\u670821\u65E511\u65f623\u5206"#, .date, #"2026\u5e7411\u670821\u65E511\u65f623\u5206"#),
            ("今日は11月21日です", .date, "11月21日"), ("现在是11时23分", .time, "11时23分"),
            ("现在是11时23分58秒。", .time, "11时23分58秒"), ("午後2時5分", .time, "2時5分"), ("11点23分", .time, "11点23分"),
            ("This is request number 17.", .counter, "17"), ("Turn no 3 of this session", .counter, "3"),
            ("request id 83741", .counter, "83741"), ("session_id=abc123", .counter, "abc123"), ("message count: 4", .counter, "4"),
        ] as [(String, Kind, String)])
    func isFound(_ text: String, _ kind: Kind, _ expected: String) throws {
        let found = try Self.found(text)
        #expect(found.count == 1 && found.first?.0 == kind && found.first?.1 == expected, "\(text): \(found)")
    }

    @Test(arguments: [
        "", "No digits at all.", "GPT-4o and claude-3-5-sonnet-20241022, gpt-4o-2024-08-06", "1. First\\n2. Second",
        "version 1.2.3 of 10.20.30", "a ratio of 4:3, psalm 23:1", "call 555-123-4567", "12345678901234567890",
        "2026-13-01 and 2026-00-10", "0x1F600", #"caf\u00e9 \u2026 \u2026-11-21"#, "Step 1: do it. Step 2: rest.",
        "at most 3 turns, 10 messages", "max turns: 7", "/var/2026-11-21/log", "2026-11-21-report.md", "April 30",
        "1,024 tokens", "9999999999", "v2026-11", "C:12:34:56:78", "request a refund of 10", "100 % of 2026",
        #"deadbeef-cafe-4abc-9def-abcdefabcdefa"#, "run 5 tests", "call number 911", "request number a7", "message 3", "4/3", "40/50/2026",
        "2026年", "11月", "2026年11月", "13月21日", "11月32日", "24时10分", "11时", "2小时30分", "2時間5分", "第3条，共10条",
        #"\u4f6011\u67086\u4eba"#, "3年11月有21人",
    ])
    func isNotFound(_ text: String) throws {
        #expect(try Self.found(text).isEmpty, "\(text)")
    }

    @Test func severalAreFoundInOrder() throws {
        let found = try Self.found(#"Today: 2026-11-21 (Sat).\nRequest #5 at 11:00:01\nid 550e8400-e29b-41d4-a716-446655440000"#)
        #expect(found.map(\.0) == [.date, .counter, .time, .uuid])
    }

    @Test(arguments: [
        (RequestForm.openAIResponses, #"{"model":"m","instructions":"On 2026-11-21.","input":[{"role":"developer","content":[{"type":"input_text","text":"turn: 7"}]},{"role":"user","content":"2026-11-21"}]}"#, 2),
        (.anthropicMessages, #"{"model":"m","max_tokens":9,"system":[{"type":"text","text":"a"},{"type":"text","text":"2026-11-21"}],"messages":[{"role":"user","content":"2026-11-21"}]}"#, 1),
        (.anthropicMessages, #"{"model":"m","max_tokens":9,"system":"2026-11-21","messages":[{"role":"user","content":"2026-11-21"}]}"#, 1),
        (.geminiGenerate, #"{"systemInstruction":{"parts":[{"text":"x"},{"text":"2026-11-21 11:23"}]},"contents":[{"role":"user","parts":[{"text":"2026-11-21"}]}]}"#, 1),
        (.openAIChat, #"{"model":"m","messages":[{"role":"user","content":"2026-11-21"},{"role":"system","content":"2026-11-21"}]}"#, 0),
    ])
    func onlyTheSystemPromptIsSearched(_ form: RequestForm, _ body: String, _ count: Int) throws {
        for arrange in [PipelineOptions.Arrangement.off, .safe] {
            let prepared = try Prompts.prepare(body, form, Prompts.options(arrange))
            #expect(prepared.volatility.count == count && prepared.volatility.allSatisfy { !$0.isMoved })
            for block in prepared.blocks {
                let expected: Block.Stability =
                    block.kind == .currentTurn ? .growing : block.kind == .system ? .volatile : .stable
                #expect(block.stability == expected)
            }
        }
    }

    /// However many there are, so many are told and the rest is not looked at: a prompt full of dates costs no more than a short one.
    @Test(arguments: ["2026-11-21T11:00:00Z ", #"2026-11-21T11:00:00Z\n"#, "It is 11:00:00. ", "2026年11月21日。"])
    func noMoreAreFoundThanAreTold(_ stamp: String) throws {
        var known: [VolatileText]?
        for count in [200, 100_000] {
            let body = Requests.chat([
                Requests.message("system", String(repeating: stamp, count: count)), Requests.message("user", "x"),
            ])
            let prepared = try Prompts.prepare(body, .openAIChat, Prompts.options(.full))
            #expect(prepared.volatility.count == VolatileText.maximumCount)
            #expect(prepared.volatility == known ?? prepared.volatility)
            #expect(prepared.blocks.first?.stability == .volatile && !prepared.volatileKinds.isEmpty)
            #expect(try Prompts.sent(body, prepared) == body)
            known = prepared.volatility
        }
    }

    @Test func ofManyTextsNoMoreAreFoundThanAreTold() throws {
        let count = 20_000
        let system = (0..<count).map { Requests.message($0 % 4 < 2 ? "system" : "developer", "It is 11:00:00.") }
        let body = Requests.chat(system + [Requests.message("user", "x")])
        let prepared = try Prompts.prepare(body, .openAIChat, Prompts.options(.full))
        #expect(prepared.volatility.count == VolatileText.maximumCount)
        let sent = try Prompts.sent(body, prepared)
        #expect(sent.ranges(of: "It is 11:00:00.").count == count && sent.hasSuffix(#""content":"x"}]}"#))
        // Each pair that becomes one is an edit: they are bounded too.
        #expect(sent.ranges(of: #""role""#).count == count - 64 + 1)
    }

    /// Whatever stands there, nothing is found outside the text, and spans are in order.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func anyTextIsSearched(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "2026-11-21", "T", "11:23:58", "1795219200", "-", "a", "é", #"\n"#, #"\\"#, #"\u00e9"#, #"\u0031"#, #"\""#, " ", "#", ":", "7",
            "turn", "Nov ", "550e8400-e29b-41d4-a716-446655440000", "/", "Z", ".", "request id ", "20261121T112358",
        ]
        let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        let body = Requests.chat([Requests.message("system", text), Requests.message("user", "q")])
        let prepared = try Prompts.prepare(body, .openAIChat, Prompts.options(.safe))
        var end = 0
        for text in prepared.volatility {
            #expect(text.span.lowerBound >= end && !text.span.isEmpty, "seed \(seed)")
            end = text.span.upperBound
        }
        #expect(prepared.blocks.first.map { $0.span.upperBound > end } ?? false, "seed \(seed)")
        _ = try Prompts.sent(body, .openAIChat, Prompts.options(.full))
    }
}
