import NIOCore
import Pipeline
import Testing
import Wire

struct RenderTests {
    @Test(arguments: [
        (
            "the model's name", #"{"model":"chat","messages":[{"role":"user"}]}"#,
            #"{"model":"gpt-4.1","messages":[{"role":"user"}]}"#
        ),
        (
            "the same name", #"{"model":"gpt-4.1","messages":[{"role":"user"}]}"#,
            #"{"model":"gpt-4.1","messages":[{"role":"user"}]}"#
        ),
        (
            "an escaped name", #"{"model":"ch\u0061t","messages":[{"role":"user"}]}"#,
            #"{"model":"gpt-4.1","messages":[{"role":"user"}]}"#
        ),
        (
            "white space, order and what is unknown",
            "\n{ \"x\" : 1.50 ,\"messages\":[ {\"role\":\"user\"} ], \"model\" : \"chat\" }\n",
            "\n{ \"x\" : 1.50 ,\"messages\":[ {\"role\":\"user\"} ], \"model\" : \"gpt-4.1\" }\n"
        ),
    ])
    func onlyTheModelsNameChanges(_ name: String, _ body: String, _ expected: String) throws {
        let (text, rendered) = try Requests.render(body, model: "gpt-4.1")
        #expect(text == expected, "\(name)")
        #expect(!rendered.hidesUsageChunk && rendered.report.isEmpty)
        #expect(rendered.path == "/chat/completions")
    }

    @Test func aNameThatNeedsEscapesIsEscaped() throws {
        let (text, _) = try Requests.render(#"{"model":"m","messages":[{"role":"user"}]}"#, model: "a\"b\\c\n")
        #expect(text == #"{"model":"a\"b\\c\n","messages":[{"role":"user"}]}"#)
    }

    @Test(arguments: [
        ("absent", #"{"stream":true,"#, #"{"stream_options":{"include_usage":true},"stream":true,"#, true),
        (
            "null", #"{"stream":true,"stream_options": null,"#,
            #"{"stream":true,"stream_options": {"include_usage":true},"#, true
        ),
        (
            "empty", #"{"stream":true,"stream_options":{ },"#,
            #"{"stream":true,"stream_options":{"include_usage":true },"#, true
        ),
        (
            "another option", #"{"stream":true,"stream_options":{ "include_obfuscation":false},"#,
            #"{"stream":true,"stream_options":{"include_usage":true, "include_obfuscation":false},"#, true
        ),
        (
            "refused", #"{"stream":true,"stream_options":{"include_usage":false},"#,
            #"{"stream":true,"stream_options":{"include_usage":true},"#, true
        ),
        (
            "null within", #"{"stream":true,"stream_options":{"include_usage":null},"#,
            #"{"stream":true,"stream_options":{"include_usage":true},"#, true
        ),
        (
            "asked for", #"{"stream":true,"stream_options":{"include_usage":true},"#,
            #"{"stream":true,"stream_options":{"include_usage":true},"#, false
        ),
        ("no stream", #"{"stream":false,"#, #"{"stream":false,"#, false),
        ("null stream", #"{"stream":null,"stream_options":null,"#, #"{"stream":null,"stream_options":null,"#, false),
    ])
    func usageIsAskedOfAStream(_ name: String, _ start: String, _ expected: String, _ hides: Bool) throws {
        let rest = #""model":"m","messages":[{"role":"user"}]}"#
        for kind in ["openai", "deepseek", "openai-compatible", "simulator"] {
            let (text, rendered) = try Requests.render(start + rest, kind: kind, model: "m")
            #expect(text == expected + rest, "\(name)")
            #expect(rendered.hidesUsageChunk == hides, "\(name)")
        }
    }

    @Test func aKindThatIsNotBuiltTakesNothing() throws {
        let text = #"{"model":"m","messages":[{"role":"user"}]}"#
        #expect(DialectRegistry.dialect(kind: "no-such-kind") == nil)
        let prepared = try Requests.prepare(text)
        var index = JSONIndex()
        #expect(throws: PipelineError.self) {
            try PromptPipeline(options: PipelineOptions()).render(
                prepared, body: ByteBuffer(string: text), for: OutboundTarget(dialect: .unbuilt, model: "m"),
                context: RenderContext(), index: &index)
        }
    }

    @Test func aRefusalNamesTheField() {
        #expect(
            throws: PipelineError.invalidRequest(
                message: "'messages' must be a non-empty array of message objects.", param: "messages")
        ) { try Requests.prepare(#"{"model":"m","messages":[]}"#) }
    }
}

/// Over generated bodies: what no edit names stays byte for byte.
struct RenderPropertyTests {
    @Test(arguments: 0..<400 as Range<UInt64>)
    func theUpstreamGetsTheClientsDocumentButForModelAndUsage(_ seed: UInt64) throws {
        var generator = ChatBodyGenerator(seed: seed)
        let tree = generator.body()
        let text = tree.text(&generator.random)
        let (upstream, rendered) = try Requests.render(text, model: "up-\(seed)", options: Requests.untouched)
        let document = try Self.parse(upstream)
        #expect(document == Self.expected(tree, model: "up-\(seed)"), "seed \(seed): \(upstream)")

        // With the model's name put back, all that differs is one place, and no more of it than a wish for usage.
        let prepared = try Requests.prepare(text, Requests.untouched)
        let name = Requests.slice(text, try #require(prepared.modelSpan))
        let restored = upstream.split(separator: "\"up-\(seed)\"", omittingEmptySubsequences: false).joined(
            separator: name)
        let (prefix, suffix) = Self.commonEnds(text, restored)
        let (gone, added) = (text.utf8.count - prefix - suffix, restored.utf8.count - prefix - suffix)
        if rendered.hidesUsageChunk {
            #expect(
                gone <= "false".utf8.count && added <= #""stream_options":{"include_usage":true},"#.utf8.count,
                "seed \(seed)")
        } else {
            #expect(gone == 0 && added == 0, "seed \(seed)")
        }
    }

    /// The document the upstream should get.
    static func expected(_ tree: Tree, model: String) -> Tree {
        guard case .object(var members) = tree else { return tree }
        let isStream = tree["stream"] == .scalar("true")
        for place in members.indices {
            if members[place].key == "model" { members[place].value = .scalar("\"\(model)\"") }
            if members[place].key == "stream_options", isStream { members[place].value = asking(members[place].value) }
        }
        if isStream, tree["stream_options"] == nil {
            members.insert(Member("stream_options", asking(.scalar("null"))), at: 0)
        }
        return .object(members)
    }

    private static func asking(_ options: Tree) -> Tree {
        guard case .object(var members) = options else { return .object([Member("include_usage", .scalar("true"))]) }
        if let place = members.firstIndex(where: { $0.key == "include_usage" }) {
            members[place].value = .scalar("true")
        } else {
            members.insert(Member("include_usage", .scalar("true")), at: 0)
        }
        return .object(members)
    }

    static func commonEnds(_ one: String, _ other: String) -> (prefix: Int, suffix: Int) {
        let (left, right) = (Array(one.utf8), Array(other.utf8))
        let prefix = zip(left, right).prefix { $0 == $1 }.count
        let rest = min(left.count, right.count) - prefix
        let suffix = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
        return (prefix, min(rest, suffix))
    }

    /// The text as the index sees it, white space gone.
    static func parse(_ text: String) throws -> Tree {
        let body = ByteBuffer(string: text)
        return try body.withUnsafeReadableBytes { bytes in
            var index = JSONIndex()
            try index.read(bytes)
            return tree(0, index, bytes)
        }
    }

    private static func tree(_ node: Int, _ index: JSONIndex, _ bytes: UnsafeRawBufferPointer) -> Tree {
        switch index.kind(of: node) {
        case .object:
            var members: [Member] = []
            for (key, value) in index.members(of: node) {
                members.append(
                    Member(
                        String(decoding: bytes[index.span(key)].dropFirst().dropLast(), as: UTF8.self),
                        tree(value, index, bytes)))
            }
            return .object(members)
        case .array: return .array(index.elements(of: node).map { tree($0, index, bytes) })
        case .string, .number, .true, .false, .null:
            return .scalar(String(decoding: bytes[index.span(node)], as: UTF8.self))
        }
    }
}
