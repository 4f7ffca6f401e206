import NIOCore
import Testing
import Wire

@testable import Pipeline

/// What proves thoughts goes to a client of this form and comes back with them.
struct ChatThoughtSealTests {
    private typealias Support = ChatSupport

    private static func thought(_ text: JSONText, _ signature: JSONText?, _ origin: RequestForm = .anthropicMessages)
        -> Reasoning
    {
        Reasoning(text: text, signature: signature.map { Signature(origin: origin, value: $0) })
    }

    private static func hidden(_ data: JSONText) -> Reasoning {
        Reasoning(redacted: Signature(origin: .anthropicMessages, value: data))
    }

    static let cases: [(name: String, thoughts: [Reasoning])] = [
        ("one", [thought("hm", "s/+=")]),
        ("one of Gemini", [thought("hm", "s", .geminiGenerate)]),
        ("one with what is hidden", [thought("hm", "s"), hidden("d"), hidden("e")]),
        ("what is hidden alone", [hidden("d")]),
        ("nothing signed", [thought("hm", nil)]),
        ("several", [thought("first", "s1"), thought("second", "s2"), thought("third", "s3")]),
        ("several, one without a text", [thought("first", "s1"), thought("", "s2"), thought("third", "s3")]),
        ("several, hidden ones between", [hidden("c"), thought("first", "s1"), hidden("d"), thought("second", "s2")]),
        ("one behind a hidden one", [hidden("d"), thought("hm", "s")]),
        ("one behind one that nobody signed", [thought("first", nil), thought("second", "s2")]),
        ("several of Responses", [thought("a", "s1", .openAIResponses), thought("b", "s2", .openAIResponses)]),
        (
            "letters of all lengths",
            [
                thought(ChatSupport.escaped(#"é\"你\u00e9\n😀"#), "1.2"),
                thought(ChatSupport.escaped(#"\ud83d\ude00r3."#), "3."),
                thought("9", "r"),
            ]
        ),
    ]

    private static func events(_ thoughts: [Reasoning]) -> [CompletionEvent] {
        var events: [CompletionEvent] = [.began(CompletionStart(id: "c1", model: "x", createdSeconds: 5))]
        for thought in thoughts {
            if let data = thought.redacted { events.append(.redactedReasoning(choice: 0, data)) }
            if !thought.text.isEmpty { events.append(.reasoning(choice: 0, thought.text)) }
            if let signature = thought.signature {
                events.append(.reasoningSignature(choice: 0, signature, itemID: nil))
            } else {
                events.append(.text(choice: 0, "said"))
            }
        }
        return events + [.text(choice: 0, "said"), .finished(choice: 0, .endOfTurn), .ended]
    }

    /// A message as a client puts it together: texts joined, lists one behind the other.
    private static func gathered(_ stream: String) throws -> (message: String, signatures: Int) {
        var (thoughts, signature, redacted, signatures) = ("", "", [String](), 0)
        var index = JSONIndex()
        for line in stream.split(separator: "\n") where line.hasPrefix("data: {") {
            let chunk = try #require(JSONView(ByteBuffer(string: String(line.dropFirst(6))), index: &index))
            for choice in chunk["choices"]?.elements ?? [] {
                thoughts += choice["delta"]?["reasoning_content"]?.string ?? ""
                if let piece = choice["delta"]?["reasoning_signature"]?.string {
                    signature += piece
                    signatures += 1
                }
                redacted += choice["delta"]?["redacted_reasoning"]?.elements.compactMap(\.string) ?? []
            }
        }
        return (message(thoughts, signature, redacted), signatures)
    }

    private static func message(_ thoughts: String, _ signature: String, _ redacted: [String]) -> String {
        var buffer = ByteBuffer()
        JSONWriter.write(into: &buffer) { writer in
            writer.object { message in
                message.member("role", "assistant")
                message.member("content", "said")
                if !thoughts.isEmpty { message.member("reasoning_content", thoughts) }
                if !signature.isEmpty { message.member("reasoning_signature", signature) }
                message.array("redacted_reasoning") { list in for data in redacted { list.string(data) } }
            }
        }
        return String(buffer: buffer)
    }

    private static func thoughts(of message: String) throws -> [Reasoning] {
        let turn = try Support.conversation(Support.request(#"{"role":"user","content":"hi"},"# + message)).messages
            .last
        return turn?.parts.compactMap { if case .reasoning(let reasoning) = $0.content { reasoning } else { nil } }
            ?? []
    }

    /// The same meaning, however it is escaped.
    private static func decoded(_ thoughts: [Reasoning]) -> [Reasoning] {
        thoughts.map { thought in
            var thought = thought
            thought.text = JSONText(escaping: thought.text.decoded)
            if let value = thought.signature?.value { thought.signature?.value = JSONText(escaping: value.decoded) }
            return thought
        }
    }

    @Test(arguments: cases)
    func aStreamsThoughtsComeBackAsTheyWere(_ name: String, _ thoughts: [Reasoning]) throws {
        let sent = try Self.gathered(Support.stream(Self.events(thoughts), try Support.context()))
        #expect(sent.signatures == (thoughts.contains { $0.signature != nil } ? 1 : 0), "\(name)")
        #expect(Self.decoded(try Self.thoughts(of: sent.message)) == Self.decoded(thoughts), "\(name)")
    }

    @Test(arguments: cases)
    func anAnswersThoughtsComeBackAsTheyWere(_ name: String, _ thoughts: [Reasoning]) throws {
        let choice = CompletionChoice(
            parts: thoughts.map { Part(.reasoning($0)) } + [Support.text("said")], stop: .endOfTurn)
        var index = JSONIndex()
        let answer = Support.answer(Completion(choices: [choice]), try Support.context())
        let message = try #require(
            JSONView(ByteBuffer(string: answer), index: &index)?["choices"]?.elements.first?["message"])
        #expect(try Self.thoughts(of: String(buffer: message.fragment.bytes)) == thoughts, "\(name)")
    }

    /// A piece of thought may end between the two halves of a pair.
    @Test func piecesAreCountedAsTheirWhole() throws {
        let signature = Signature(origin: .anthropicMessages, value: "s")
        let events: [CompletionEvent] = [
            .reasoning(choice: 0, Support.escaped(#"a\ud83d"#)), .reasoning(choice: 0, Support.escaped(#"\ude00b"#)),
            .reasoningSignature(choice: 0, signature, itemID: nil), .reasoning(choice: 0, "c"),
            .reasoningSignature(choice: 0, signature, itemID: nil), .finished(choice: 0, .endOfTurn),
        ]
        let stream = Support.stream(events, try Support.context())
        #expect(stream.contains(#"{"reasoning_signature":"tr1.l.4.7.tr1.a.s1.7.tr1.a.s"}"#))
        let message = Self.message("a😀bc", "tr1.l.4.7.tr1.a.s1.7.tr1.a.s", [])
        #expect(
            try Self.thoughts(of: message)
                == [Reasoning(text: "a😀b", signature: signature), Reasoning(text: "c", signature: signature)])
    }

    /// It leaves with the finish, in one piece, for clients join the pieces.
    @Test func theSealLeavesBeforeTheFinish() throws {
        let stream = Support.stream(Self.events([Self.thought("hm", "s")]), try Support.context())
        let seal = try #require(stream.firstRange(of: #"{"reasoning_signature":"tr1.a.s"}"#))
        let text = try #require(stream.firstRange(of: #"{"content":"said"}"#))
        let finish = try #require(stream.firstRange(of: #""finish_reason":"stop""#))
        #expect(text.upperBound < seal.lowerBound && seal.upperBound < finish.lowerBound)
    }

    @Test(arguments: [
        ("other thoughts", "first", "tr1.l.2.7.tr1.a.s2.7.tr1.a.t"), ("a cut", "hm", "tr1.l.2.7.tr1.a"),
        ("no counts", "hm", "tr1.l.x"), ("a count too long", "hm", "tr1.l.99999999999999999999.0."),
        ("half a pair", "😀", "tr1.l.1.0.1.0."), ("too few", "hm", "tr1.l."),
        ("joined", "hm", "tr1.l.1.0.1.0.tr1.l.1.0.1.0."),
    ])
    func aSealOfOtherThoughtsProvesNothing(_ name: String, _ text: String, _ seal: String) throws {
        let thoughts = try Self.thoughts(of: Self.message(text, seal, ["tr1.a.d"]))
        #expect(thoughts == [Reasoning(text: JSONText(text)), Self.hidden("d")], "\(name)")
    }

    /// An Anthropic model's thoughts, in several blocks, go through a client of this form and back to it.
    @Test func anAnthropicTurnComesBackToAnthropic() throws {
        let thoughts = [Self.thought("first", "s1"), Self.hidden("d"), Self.thought("second", "s2")]
        let sent = try Self.gathered(Support.stream(Self.events(thoughts), try Support.context()))
        let conversation = try Support.conversation(
            Support.request(
                #"{"role":"user","content":"hi"},"# + sent.message + #",{"role":"user","content":"on"}"#,
                #""max_tokens":2048,"reasoning_effort":"low""#))
        var index = JSONIndex()
        let body = try AnthropicConversationWriter.write(
            conversation, for: WritingTarget(model: "claude-sonnet-5", traits: VendorTraits()), index: &index)
        #expect(
            String(buffer: body.body).contains(
                #"[{"type":"thinking","thinking":"first","signature":"s1"},{"type":"redacted_thinking","data":"d"},{"type":"thinking","thinking":"second","signature":"s2"},{"type":"text","text":"said"}]"#
            ))
    }
}
