import NIOCore
import Pipeline
import Testing
import Wire

struct PrefixHashTests {
    private static let system = Requests.message("system", "Be brief.")
    private static let turn = [Requests.message("user", "2+2?"), Requests.message("assistant", "4")]

    @Test func thePrefixLeavesTheCurrentTurnOut() throws {
        let first = try Requests.prepare(Requests.chat([Self.system, Requests.message("user", "a")]))
        let second = try Requests.prepare(Requests.chat([Self.system, Requests.message("user", "b")]))
        #expect(first.prefixHash == second.prefixHash && first.prefixHash == first.chain[0])
        #expect(first.fullHash != second.fullHash && first.chain.last != second.chain.last)
    }

    @Test(arguments: [
        (
            "another system text",
            Requests.chat([Requests.message("system", "Be brief!"), Requests.message("user", "a")])
        ),
        ("a developer's", Requests.chat([Requests.message("developer", "Be brief."), Requests.message("user", "a")])),
        ("tools", Requests.chat([system, Requests.message("user", "a")], #","tools":[{"type":"function"}]"#)),
        ("functions", Requests.chat([system, Requests.message("user", "a")], #","functions":[{"name":"f"}]"#)),
        ("a turn before", Requests.chat([system] + turn + [Requests.message("user", "a")])),
        ("no system text", Requests.chat([Requests.message("user", "a")])),
    ])
    func whatStandsInThePrefixDecides(_ name: String, _ other: String) throws {
        let plain = try Requests.prepare(Requests.chat([Self.system, Requests.message("user", "a")]))
        #expect(try Requests.prepare(other).prefixHash != plain.prefixHash, "\(name)")
    }

    @Test(arguments: [
        ("another field", #","temperature":0.5"#, false),
        ("the wish for a stream", #","stream":true"#, false),
        ("white space between messages", "", true),
    ])
    func whatStandsElsewhereIsInTheFullHashAlone(_ name: String, _ more: String, _ isSpace: Bool) throws {
        let messages = [Self.system, Requests.message("user", "a")]
        let plain = try Requests.prepare(Requests.chat(messages))
        let text =
            isSpace
            ? #"{"model":"m","messages":[ "# + messages.joined(separator: " ,\n") + "]}" : Requests.chat(messages, more)
        let other = try Requests.prepare(text)
        #expect(other.prefixHash == plain.prefixHash && other.chain == plain.chain, "\(name)")
        #expect((other.fullHash == plain.fullHash) == isSpace, "\(name)")
    }

    @Test func theOrderOfToolsAndMessagesInTheBodyIsNotThePrompts() throws {
        let messages = #""messages":["# + Self.system + "," + Requests.message("user", "a") + "]"
        let tools = #""tools":[{"type":"function"}]"#
        let one = try Requests.prepare(#"{"model":"m","# + messages + "," + tools + "}")
        let other = try Requests.prepare(#"{"model":"m","# + tools + "," + messages + "}")
        #expect(one.chain == other.chain && one.prefixHash == other.prefixHash)
    }

    @Test func tenantsDoNotShareTheFullHash() throws {
        let prepared = try Requests.prepare(Requests.chat([Self.system]))
        #expect(prepared.fullHash(tenant: 1) != prepared.fullHash(tenant: 2))
        #expect(prepared.fullHash(tenant: 1) == prepared.fullHash(tenant: 1))
    }

    /// Turn N's prompt up to its last turn's end is where turn N+1's chain passes through.
    @Test(arguments: 0..<150 as Range<UInt64>)
    func aGrowingConversationKeepsItsChain(_ seed: UInt64) throws {
        var generator = ChatBodyGenerator(seed: seed)
        var messages = generator.messages()
        var previous: PreparedRequest?
        for _ in 0..<5 {
            let text = Tree.object([Member("messages", .array(messages)), Member("model", .scalar("\"m\""))]).text
            let prepared = try Requests.prepare(text)
            if let previous {
                let shared = previous.blocks.count - 1
                #expect(Array(prepared.chain.prefix(shared)) == Array(previous.chain.prefix(shared)), "seed \(seed)")
                #expect(shared == 0 || prepared.chain.contains(previous.prefixHash), "seed \(seed)")
            }
            previous = prepared
            messages += [generator.message("assistant"), generator.message("user")]
        }
    }

    /// Marks put on tools, messages and parts, anywhere among their members, change no hash of the prompt.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func cacheMarksAreLeftOut(_ seed: UInt64) throws {
        var generator = ChatBodyGenerator(seed: seed)
        let tree = generator.body()
        let marked = Self.marked(tree, &generator.random)
        let (plain, other) = (try Requests.prepare(tree.text), try Requests.prepare(marked.text))
        #expect(plain.chain == other.chain && plain.prefixHash == other.prefixHash, "seed \(seed): \(marked.text)")
        #expect(plain.fullHash == other.fullHash, "seed \(seed)")
    }

    private static func marked(_ tree: Tree, _ random: inout SeededGenerator) -> Tree {
        guard case .object(var members) = tree else { return tree }
        for place in members.indices where members[place].key == "messages" || members[place].key == "tools" {
            guard case .array(let elements) = members[place].value else { continue }
            var changed: [Tree] = []
            for element in elements { changed.append(markedElement(element, &random)) }
            members[place].value = .array(changed)
        }
        return .object(members)
    }

    private static func markedElement(_ element: Tree, _ random: inout SeededGenerator) -> Tree {
        guard case .object(var members) = element else { return element }
        for place in members.indices {
            switch (members[place].key, members[place].value) {
            case ("content", .array(let parts)):
                var changed: [Tree] = []
                for part in parts { changed.append(withMarks(part, &random)) }
                members[place].value = .array(changed)
            case ("function", let function): members[place].value = withMarks(function, &random)
            default: break
            }
        }
        return withMarks(.object(members), &random)
    }

    private static func withMarks(_ tree: Tree, _ random: inout SeededGenerator) -> Tree {
        guard case .object(var members) = tree else { return tree }
        for (name, value) in [
            ("cache_control", #"{"type":"ephemeral"}"#), ("prompt_cache_breakpoint", #"{"mode":"explicit"}"#),
        ]
        where random.chance(30) {
            members.insert(Member(name, .scalar(value)), at: Int.random(in: 0...members.count, using: &random))
        }
        return .object(members)
    }

    @Test func aSessionIsKnownByItsFirstWordsWhateverElseChanges() throws {
        func session(_ messages: [String], named name: UInt64? = nil, caller: UInt64 = 1) throws -> UInt64 {
            let body = Requests.chat(messages)
            return try Requests.prepare(body).sessionHash(named: name, caller: caller)
        }
        func user(_ mark: String) -> String { #"{"role":"user","content":[{"type":"text","text":"a"\#(mark)}]}"# }
        let first = try session([Requests.message("system", "at 10:00"), user("")])
        let marked = user(#","prompt_cache_breakpoint":{"mode":"explicit"}"#)
        #expect(try session([Requests.message("system", "at 10:01"), marked] + Self.turn) == first)
        #expect(try session([Requests.message("user", "b")]) != first)
        #expect(try session([user("")], caller: 2) != first)
        #expect(try session([user("")], named: 7) == session([Requests.message("user", "b")], named: 7))
    }

    @Test func aTurnIsTheSameAtEitherEndOfAHistory() throws {
        func ends(_ turns: Range<Int>) throws -> HistoryEnds? {
            let history = turns.flatMap { [Requests.message("user", "q\($0)"), Requests.message("assistant", "a\($0)")] }
            return try Requests.prepare(Requests.chat([Self.system] + history + [Requests.message("user", "now")])).historyEnds
        }
        #expect(try ends(0..<0) == nil)
        let whole = try #require(try ends(0..<4))
        let slid = try #require(try ends(3..<6))
        #expect(slid.first == whole.last && slid.last != whole.last && whole.first != whole.last)
        let one = try #require(try ends(3..<4))
        #expect(one.first == one.last && one.last == whole.last)
    }
}
