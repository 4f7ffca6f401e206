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

    /// Name, the system's message, what stays of it, what goes.
    @Test(arguments: [
        (
            "a sentence of a short line",
            "You are careful. You know rules. The time is 2026-11-21T11:23:58Z. Never lie. Be nice.",
            "You are careful. You know rules. Never lie. Be nice.", "The time is 2026-11-21T11:23:58Z."
        ),
        ("the last sentence", "You are helpful. Current time: 2026-11-21 11:23", "You are helpful.", "Current time: 2026-11-21 11:23"),
        ("the first sentence", "It is 11:23:58! Be brief.", "Be brief.", "It is 11:23:58!"),
        ("in small letters", "be brief. it is 11:23:58. be exact.", "be brief. be exact.", "it is 11:23:58."),
        ("two that touch", "Be brief. It is 11:23:58. Turn: 7. Be exact.", "Be brief. Be exact.", "It is 11:23:58. Turn: 7."),
        ("two apart", "It is 11:23:58. Be brief. Turn: 7.", "Be brief.", #"It is 11:23:58.\nTurn: 7."#),
        ("all of a line", #"Be brief.\n- It is 11:23:58. Turn: 7.\nBe exact."#, #"Be brief.\nBe exact."#, "- It is 11:23:58. Turn: 7."),
        ("the end of a line and the last line", #"Be brief. It is 11:23:58.\nTurn: 7."#, "Be brief.", #"It is 11:23:58.\nTurn: 7."#),
        ("breaks of two bytes", #"A. B.\r\nTurn: 7. It is 11:23:58.\r\nC"#, #"A. B.\r\nC"#, "Turn: 7. It is 11:23:58."),
        ("a list's item", #"- Be brief. It is 11:23:58.\n- Be exact."#, #"- Be brief.\n- Be exact."#, "It is 11:23:58."),
        ("a numbered item", #"1. It is 11:23:58. Be brief.\n2. Be exact."#, #"1. Be brief.\n2. Be exact."#, "It is 11:23:58."),
        (
            "numbered items in a line", "Rules: 1. Be brief. 2. It is 11:23:58. 3. Never lie.",
            "Rules: 1. Be brief. 3. Never lie.", "2. It is 11:23:58."
        ),
        ("in brackets", "(It is 11:23:58.) Be brief.", "Be brief.", "(It is 11:23:58.)"),
        ("behind a quote", #"Say \"no.\" It is 11:23:58."#, #"Say \"no.\""#, "It is 11:23:58."),
        ("emphasis", "**Be brief.** *It is 11:23:58.* Be exact.", "**Be brief.** Be exact.", "*It is 11:23:58.*"),
        ("in a tag", "<env>Be brief. It is 11:23:58.</env>", "<env>Be brief.</env>", "It is 11:23:58."),
        ("a tag between", "<a>Be brief.</a><b>11:23:58</b>", "<a>Be brief.</a>", "<b>11:23:58</b>"),
        ("a tag of its own", #"<time>It is 11:23:58.</time>\nBe brief."#, "Be brief.", "<time>It is 11:23:58.</time>"),
        ("a weekday shortened", "Be brief. Sat. 21 Nov 2026. Be exact.", "Be brief. Be exact.", "Sat. 21 Nov 2026."),
        ("a month shortened", "Be brief. It is 11:23:58 on Nov. 21, 2026. Be exact.", "Be brief. Be exact.", "It is 11:23:58 on Nov. 21, 2026."),
        ("a title", "Be brief. Dr. Roe came at 11:23:58. Be exact.", "Be brief. Be exact.", "Dr. Roe came at 11:23:58."),
        (
            "half of the day, and the weekday", "Be brief. It is 2026-11-21 11:23 a.m. Saturday. Be exact.", "Be brief. Be exact.",
            "It is 2026-11-21 11:23 a.m. Saturday."
        ),
        ("half of the day at the end", "Now: 2026-11-21 11:23 a.m. Be exact.", "Be exact.", "Now: 2026-11-21 11:23 a.m."),
        ("an id that ends like a word", "Trace id: 1ca. Be brief.", "Be brief.", "Trace id: 1ca."),
        (
            "Chinese", "你是认真的助手，回答要简短。当前时间：2026-11-21 11:23:58。不要编造事实！", "你是认真的助手，回答要简短。不要编造事实！",
            "当前时间：2026-11-21 11:23:58。"
        ),
        (
            "Chinese with numbers for characters",
            #"\u56de\u7b54\u8981\u7b80\u77ed\u3002\u4eca\u5929\u662f2026\u5e7411\u670821\u65e5\uff01\u4e0d\u8981\u7f16\u9020\uff1b"#,
            #"\u56de\u7b54\u8981\u7b80\u77ed\u3002\u4e0d\u8981\u7f16\u9020\uff1b"#, #"\u4eca\u5929\u662f2026\u5e7411\u670821\u65e5\uff01"#
        ),
        ("Japanese in quotes", "「簡潔に。」今は11時23分です．正確に。", "「簡潔に。」正確に。", "今は11時23分です．"),
        ("Chinese with Latin marks", "1.简短!现在是11时23分58秒.不要编造?", "1.简短!不要编造?", "现在是11时23分58秒."),
        ("Chinese items", "规则：1.简短。2.现在是11时23分。3.真实。", "规则：1.简短。3.真实。", "2.现在是11时23分。"),
    ])
    func theSentenceGoesThatHoldsIt(_ name: String, _ system: String, _ stays: String, _ goes: String) throws {
        for filler in ["", String(repeating: "abc ", count: 150) + #"end.\n"#, String(repeating: "言葉", count: 150) + "。"] {
            // A list's item stays at the beginning of its line.
            let front = filler.hasSuffix("。") ? filler + #"\n"# : filler
            let body = Requests.chat([Requests.message("system", front + system), Requests.message("user", "q")])
            let expected = Requests.chat([Requests.message("system", front + stays), Requests.message("user", #"q\n\n"# + goes)])
            #expect(try Prompts.sent(body, .openAIChat, Self.full) == expected, "\(name)")
        }
    }

    @Test(arguments: [
        ("a sentence that is too long", String(repeating: "abc ", count: 90) + "11:23:58" + String(repeating: " abc", count: 20)),
        ("a longer one", String(repeating: "abc ", count: 200) + "11:23:58" + String(repeating: " abc 11:23:58", count: 60)),
        ("more sentences than a stamp has", String(repeating: "Be brief. It is 11:23:58. ", count: 17)),
        ("more lines", String(repeating: #"Turn: 7\n"#, count: 17)),
    ])
    func whatIsNoStampStays(_ name: String, _ system: String) throws {
        let body = Requests.chat([Requests.message("system", "Be exact. " + system), Requests.message("user", "q")])
        #expect(try Prompts.sent(body, .openAIChat, Self.full) == body, "\(name)")
    }

    @Test func asManySentencesGoAsAStampMayHave() throws {
        let body = Requests.chat([
            Requests.message("system", String(repeating: "Be brief. It is 11:23:58. ", count: 16)), Requests.message("user", "q"),
        ])
        let sent = try Prompts.sent(body, .openAIChat, Self.full)
        let stays = String(repeating: "Be brief. ", count: 16).dropLast()
        #expect(sent.contains(#""content":"\#(stays)""#), "\(sent)")
    }

    /// Whatever the stamps say this time, the same stays, and all that is stable in it.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func whatStaysIsTheSameWhateverTheStampsSay(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let stable = [
            "You are careful.", "Never lie!", "回答要简短。", "不要编造事实！", "(Be kind.)", #"Say \"no.\""#, "Use tables, e.g. of words.",
            "**Be exact.**", "何でも聞いて？", "Ask Mr. Roe;",
        ]
        func stamp(_ kind: Int) -> String {
            func digits(_ range: ClosedRange<Int>) -> String { String(Int.random(in: range, using: &random)) }
            func hex(_ count: Int) -> String {
                (0..<count).map { _ in String(Int.random(in: 0..<16, using: &random), radix: 16) }.joined()
            }
            let time = "\(digits(10...23)):\(digits(10...59)):\(digits(10...59))"
            return switch kind {
            case 0: "It is \(time) now."
            case 1: "Today is Sat. \(digits(1...28)) Nov 2026."
            case 2: "This is request #\(digits(1...99_999))."
            case 3: "现在是\(digits(0...23))时\(digits(0...59))分\(digits(0...59))秒。"
            case 4: "今天是2026年\(digits(1...12))月\(digits(1...28))日，\(time)！"
            case 5: "Trace \(hex(8))-\(hex(4))-\(hex(4))-\(hex(4))-\(hex(12)); "
            default: "Session ID: \(digits(1...9))\(hex(6))."
            }
        }
        enum Piece { case stable(String), stamp(Int), gap(String) }
        var pieces: [Piece] = []
        for _ in 0..<Int.random(in: 2...12, using: &random) {
            pieces.append(random.chance(40) ? .stamp(Int.random(in: 0...6, using: &random)) : .stable(stable.randomElement(using: &random) ?? ""))
            pieces.append(.gap([" ", " ", "  ", #"\n"#, #"\n- "#, #"\r\n"#].randomElement(using: &random) ?? " "))
        }
        let isEscaped = random.chance(50)
        func spelled(_ text: String) -> String {
            guard isEscaped else { return text }
            return text.unicodeScalars.map { $0.isASCII ? String($0) : "\\u" + String($0.value | 0x10000, radix: 16).dropFirst() }.joined()
        }
        var rest: String?
        for _ in 0..<3 {
            var system = "Begin. "
            var stamps: [String] = []
            for piece in pieces {
                switch piece {
                case .stable(let text), .gap(let text): system += spelled(text)
                case .stamp(let kind):
                    stamps.append(spelled(stamp(kind)))
                    system += stamps[stamps.count - 1]
                }
            }
            let sent = try Prompts.sent(
                Requests.chat([Requests.message("system", system), Requests.message("user", "q")]), .openAIChat, Self.full)
            let parts = sent.split(separator: #"{"role":"user""#)
            try #require(parts.count == 2, "seed \(seed)")
            #expect(rest ?? String(parts[0]) == String(parts[0]), "seed \(seed): \(system)")
            rest = String(parts[0])
            for stamp in stamps { #expect(parts[1].contains(stamp.trimmingSpace), "seed \(seed): \(stamp) in \(parts[1])") }
            for case .stable(let text) in pieces { #expect(parts[0].contains(spelled(text)), "seed \(seed): \(text) of \(system)") }
        }
    }
}

extension String {
    fileprivate var trimmingSpace: String { hasSuffix(" ") ? String(dropLast()) : self }
}
