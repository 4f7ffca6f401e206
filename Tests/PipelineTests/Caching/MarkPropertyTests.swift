import NIOCore
import Pipeline
import Testing
import Wire

/// Over generated sessions, prices and outlooks.
struct MarkPropertyTests {
    @Test(arguments: 0..<300 as Range<UInt64>)
    func marksKeepEveryRule(_ seed: UInt64) throws {
        var session = SessionGenerator(seed: seed)
        let body = session.body()
        let target = session.target
        let arrange = [PipelineOptions.Arrangement.off, .safe, .full][Int(seed / 4 % 3)]
        let (text, rendered) = try MarkedRequests.rendered(
            body, form: target.form, kind: target.kind, model: target.model, outlook: session.outlook(),
            terms: session.terms(), arrange: arrange)
        let marks = try Marks(of: text, mark: target.mark)
        #expect(marks.count <= 4 || marks.count == session.clientMarks, "seed \(seed)")
        // Marks on tools that are put in order become one.
        #expect(marks.count <= session.clientMarks + rendered.cachePlan.marks.count, "seed \(seed)")
        #expect(marks.count >= rendered.cachePlan.marks.count, "seed \(seed)")
        #expect(rendered.cachePlan.clientMarks == session.clientMarks, "seed \(seed)")
        #expect(marks.areInOrder || !session.clientMarksAreInOrder, "seed \(seed): \(marks.lives)")
        #expect(!marks.isMisplaced, "seed \(seed)")
        #expect(rendered.cachePlan.expectedNanoUSD ?? 0 >= 0, "seed \(seed): \(rendered.cachePlan)")

        // Without what was put in, these are the client's bytes.
        let (plain, _) = try MarkedRequests.rendered(
            body, form: target.form, kind: target.kind, model: target.model, cache: .client, arrange: arrange)
        #expect(arrange != .off || target.unmarked(text) == target.unmarked(plain), "seed \(seed)")
        // Without any mark, this is what `off` sends.
        let (off, _) = try MarkedRequests.rendered(
            body, form: target.form, kind: target.kind, model: target.model, cache: .off, arrange: arrange)
        #expect(try Marks(of: off, mark: target.mark).count == 0, "seed \(seed)")
        let prompt = try target.prompt(of: off)
        #expect(try target.prompt(of: text) == prompt && target.prompt(of: plain) == prompt, "seed \(seed)")
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func translatedSessionsAreMarkedByTheSameRules(_ seed: UInt64) throws {
        var session = SessionGenerator(seed: seed, target: .chat(kind: "openai", model: "gpt-5.6-sol"))
        let body = session.body()
        let (text, rendered) = try MarkedRequests.rendered(
            body, form: .openAIChat, outlook: session.outlook(), terms: session.terms())
        let marks = try Marks(of: text, mark: "cache_control")
        #expect(marks.count <= 4 && marks.areInOrder && !marks.isMisplaced, "seed \(seed): \(marks.lives)")
        #expect(marks.count >= rendered.cachePlan.marks.count, "seed \(seed)")
        #expect(rendered.cachePlan.expectedNanoUSD ?? 0 >= 0, "seed \(seed)")
        let (off, _) = try MarkedRequests.rendered(body, form: .openAIChat, cache: .off)
        let unmarked = text.replacing(MarkedRequests.ccMark, with: "").replacing(MarkedRequests.ccLong, with: "")
        #expect(unmarked == off, "seed \(seed)")
    }
}

/// A vendor that takes marks in the client's form.
struct MarkTarget: Sendable {
    let form: RequestForm
    let kind: String
    let model: String
    /// The mark's key.
    let mark: StaticString

    static let anthropic = MarkTarget(
        form: .anthropicMessages, kind: "anthropic", model: "claude-opus-5-5", mark: "cache_control")

    static func chat(kind: String, model: String) -> MarkTarget {
        MarkTarget(
            form: .openAIChat, kind: kind, model: model,
            mark: kind == "qwen" ? "cache_control" : "prompt_cache_breakpoint")
    }

    static let responses = MarkTarget(
        form: .openAIResponses, kind: "openai", model: "gpt-6-sol", mark: "prompt_cache_breakpoint")

    static let all = [
        anthropic, chat(kind: "qwen", model: "qwen3-max"), chat(kind: "openai", model: "gpt-5.6-sol"), responses,
    ]

    /// The text without marks as the gateway spells them; the generator spells all else with more space.
    func unmarked(_ text: String) -> String {
        var text = text
        for mark in [
            MarkedRequests.ccMark, MarkedRequests.ccLong, MarkedRequests.breakpoint, MarkedRequests.breakpointLong,
        ] {
            text = text.replacing("\"" + mark + "}]", with: "\"").replacing(mark, with: "")
        }
        let type = form == .openAIResponses ? "input_text" : "text"
        return text.replacing(#"[{"type":"\#(type)","text":""#, with: "\"")
    }

    /// The body without any mark and without white space, a list of texts as one: what was moved behind a text is a part of
    /// its own where the text bears a mark, and else stands behind an empty line.
    func prompt(of text: String) throws -> Tree { plain(try RenderPropertyTests.parse(text)) }

    private func plain(_ tree: Tree) -> Tree {
        switch tree {
        case .scalar: return tree
        case .array(let elements):
            let elements = elements.map(plain)
            let texts = elements.compactMap(text(of:))
            guard !texts.isEmpty, texts.count == elements.count else { return .array(elements) }
            return .scalar("\"" + texts.joined(separator: #"\n\n"#) + "\"")
        case .object(let members):
            return .object(members.filter { $0.key != mark.description }.map { Member($0.key, plain($0.value)) })
        }
    }
}

/// Between the quotes of a part that is nothing but a text.
private func text(of part: Tree) -> String? {
    guard case .object(let members) = part, members.map(\.key) == ["type", "text"] else { return nil }
    return String(members[1].value.text.dropFirst().dropLast())
}

/// A request of a session that has gone on for a while.
struct SessionGenerator {
    private var random: SeededGenerator
    let target: MarkTarget
    private(set) var clientMarks = 0
    /// No hour of the client's behind its five minutes.
    private(set) var clientMarksAreInOrder = true
    private var hasShort = false

    init(seed: UInt64, target: MarkTarget? = nil) {
        random = SeededGenerator(seed: seed)
        self.target = target ?? MarkTarget.all[Int(seed % UInt64(MarkTarget.all.count))]
    }

    mutating func outlook() -> CacheOutlook {
        CacheOutlook(
            typicalGap: random.chance(60) ? .seconds(Int.random(in: 0...20_000, using: &random)) : nil,
            turnsSeen: random.chance(60) ? Int.random(in: 0...30, using: &random) : nil,
            warmBlocks: random.chance(60) ? Int.random(in: 0...9, using: &random) : nil,
            expectedReusePermille: random.chance(40) ? Int64.random(in: 0...20_000, using: &random) : nil,
            sharedReusePermille: random.chance(40) ? Int64.random(in: 0...20_000, using: &random) : nil)
    }

    mutating func terms() -> CacheTerms? {
        guard random.chance(70) else { return nil }
        let input = Int64.random(in: 1...20_000_000, using: &random)
        return CacheTerms(
            input: input, read: Int64.random(in: 0...input, using: &random),
            shortWrite: Int64.random(in: 0...(2 * input), using: &random),
            longWrite: random.chance(50) ? Int64.random(in: 0...(4 * input), using: &random) : nil)
    }

    /// In the order of the prompt: tools, instructions, messages.
    mutating func body() -> String {
        let names = ["f", "g", "h"].prefix(Int.random(in: 0...3, using: &random)).shuffled(using: &random)
        let tools = names.isEmpty ? "" : #""tools": [ \#(names.map { tool($0) }.joined(separator: ", ")) ], "#
        let time = random.chance(30) ? "It is 11:23:58.\\n" : ""
        let system = random.chance(70) ? content(1_500, time) : nil
        var messages =
            system.flatMap { text in instructionRole.map { [#"{"role": "\#($0)", "content": \#(text)}"#] } } ?? []
        let turns = Int.random(in: 1...8, using: &random)
        for turn in 0..<turns {
            messages.append(user())
            if turn < turns - 1 || random.chance(30) { messages += loop() }
            if turn < turns - 1 { messages.append(answer()) }
        }
        let list = messages.joined(separator: ", ")
        switch target.form {
        case .anthropicMessages:
            let member = system.map { #""system": \#($0), "# } ?? ""
            return #"{"model": "m", "max_tokens": 99, \#(tools)\#(member)"messages": [ \#(list) ]}"#
        case .openAIResponses: return #"{"model": "m", \#(tools)"input": [ \#(list) ]}"#
        case .openAIChat, .geminiGenerate: return #"{"model": "m", \#(tools)"messages": [ \#(list) ]}"#
        }
    }

    /// Who instructs, where instructions are messages.
    private var instructionRole: String? {
        switch target.form {
        case .anthropicMessages: nil
        case .openAIResponses: "developer"
        case .openAIChat, .geminiGenerate: "system"
        }
    }

    private var isAnthropic: Bool { target.form == .anthropicMessages }

    private mutating func words(_ most: Int) -> String {
        MarkedRequests.words(Int.random(in: 2...max(3, most), using: &random))
    }

    private mutating func mark() -> String {
        guard clientMarks < 5, random.chance(6) else { return "" }
        clientMarks += 1
        let isLong = random.chance(30)
        if isLong, hasShort { clientMarksAreInOrder = false }
        hasShort = hasShort || !isLong
        if target.mark.description == "cache_control" {
            return isLong
                ? #", "cache_control": {"type": "ephemeral", "ttl": "1h"}"#
                : #", "cache_control": {"type": "ephemeral"}"#
        }
        return isLong
            ? #", "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "12h"}"#
            : #", "prompt_cache_breakpoint": {"mode": "explicit"}"#
    }

    /// A text, or a list of parts.
    private mutating func content(_ most: Int, _ start: String = "") -> String {
        if random.chance(50) { return #""\#(start)\#(words(most))""# }
        let type = target.form == .openAIResponses ? "input_text" : "text"
        let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            #"{ "type": "\#(type)", "text": "\#(start)\#(words(most))"\#(mark()) }"#
        }
        return "[ " + parts.joined(separator: ", ") + " ]"
    }

    private mutating func user() -> String { #"{"role": "user", "content": \#(content(700))}"# }

    private mutating func answer() -> String {
        if isAnthropic, random.chance(40) {
            return
                #"{"role": "assistant", "content": [ {"type": "text", "text": "\#(words(90))"}, {"type": "thinking", "thinking": "t", "signature": "s"} ]}"#
        }
        return #"{"role": "assistant", "content": "\#(words(200))"}"#
    }

    private mutating func tool(_ name: String) -> String {
        switch target.form {
        case .anthropicMessages:
            #"{"name": "\#(name)", "description": "\#(words(900))", "input_schema": {"type":"object"}\#(mark())}"#
        case .openAIResponses: #"{"type": "function", "name": "\#(name)", "description": "\#(words(900))"}"#
        case .openAIChat, .geminiGenerate:
            #"{"type": "function", "function": {"name": "\#(name)", "description": "\#(words(900))"}}"#
        }
    }

    /// Calls and what came back, some in parallel.
    private mutating func loop() -> [String] {
        (0..<Int.random(in: 1...4, using: &random)).flatMap { _ in round(of: Int.random(in: 1...3, using: &random)) }
    }

    private mutating func round(of count: Int) -> [String] {
        let ids = 0..<count
        switch target.form {
        case .anthropicMessages:
            let calls = ids.map { #"{"type": "tool_use", "id": "c\#($0)", "name": "f", "input": {}}"# }
            let results = ids.map {
                #"{"type": "tool_result", "tool_use_id": "c\#($0)", "content": "\#(words(300))"\#(mark())}"#
            }
            return [
                #"{"role": "assistant", "content": [ \#(calls.joined(separator: ", ")) ]}"#,
                #"{"role": "user", "content": [ \#(results.joined(separator: ", ")) ]}"#,
            ]
        case .openAIResponses:
            return ids.map { #"{"type": "function_call", "call_id": "c\#($0)", "name": "f", "arguments": "{}"}"# }
                + ids.map { #"{"type": "function_call_output", "call_id": "c\#($0)", "output": "\#(words(300))"}"# }
        case .openAIChat, .geminiGenerate:
            let calls = ids.map {
                #"{"id": "c\#($0)", "type": "function", "function": {"name": "f", "arguments": "{}"}}"#
            }
            return [#"{"role": "assistant", "content": null, "tool_calls": [ \#(calls.joined(separator: ", ")) ]}"#]
                + ids.map { #"{"role": "tool", "tool_call_id": "c\#($0)", "content": "\#(words(300))"}"# }
        }
    }
}

/// The marks of a body, found by a reader of its own.
private struct Marks {
    /// In the order vendors render: tools, instructions, messages. True: the longer life.
    private(set) var lives: [Bool] = []
    /// One stands on a thought, on an empty text, or twice on one object.
    private(set) var isMisplaced = false

    var count: Int { lives.count }
    var areInOrder: Bool { !zip(lives, lives.dropFirst()).contains { !$0 && $1 } }

    init(of text: String, mark: StaticString) throws {
        let tree = try RenderPropertyTests.parse(text)
        guard case .object(let members) = tree else { return }
        for name in ["tools", "system", "instructions", "messages", "input"] {
            for member in members where member.key == name { visit(member.value, mark.description) }
        }
    }

    private mutating func visit(_ tree: Tree, _ mark: String) {
        switch tree {
        case .object(let members):
            for member in members where member.key != mark { visit(member.value, mark) }
            let found = members.filter { $0.key == mark }
            for member in found {
                let life = member.value["ttl"]
                lives.append(life == .scalar(#""1h""#) || life == .scalar(#""12h""#))
            }
            guard !found.isEmpty else { return }
            let isThought = tree["type"] == .scalar(#""thinking""#)
            if found.count > 1 || isThought || tree["text"] == .scalar(#""""#) { isMisplaced = true }
        case .array(let elements): for element in elements { visit(element, mark) }
        case .scalar: break
        }
    }
}
