import NIOCore
import Pipeline
import Testing
import Wire

/// Recorded exchanges: what the vendor must be sent, what the client must be given, what must be counted and what said of
/// the difference. `Fixture` tells what a case is made of; adding one needs no code.
struct GoldenFixtureTests {
    @Test(arguments: Fixture.folders.map(\.name))
    func everyClientFormHasFixtures(_ folder: String) {
        #expect(Fixture.all.count { $0.name.hasPrefix(folder + "/") } >= 8)
    }

    @Test func nothingIsHeldAgainstFilesBeingRecorded() {
        #expect(!Fixture.isRecording, "a run that records proves nothing")
    }

    @Test func operationsHaveFixtures() {
        #expect(Fixture.operations.count >= 8)
    }

    @Test(arguments: Fixture.all + Fixture.operations)
    func anExchangeGoesAsRecorded(_ fixture: Fixture) throws {
        let request = ByteBuffer(string: try #require(fixture.text("request.json")))
        let rendered = try fixture.render(request)
        try fixture.expect(rendered.path, as: "expected-path.txt")
        try fixture.expect(
            String(buffer: Requests.upstream(rendered, of: request)), as: "expected-upstream.json")
        try fixture.expect(rendered.report.told, as: "expected-fidelity.txt")
        if let response = fixture.text("response.json") {
            try answer(response, rendered.answer, fixture)
        } else {
            let stream = ByteBuffer(string: try #require(fixture.text("stream.sse")))
            var relay = Relay(rendered.answer, form: fixture.form)
            try relay.append(stream)
            relay.finish()
            try fixture.expect(String(buffer: relay.client), as: "expected-client.sse")
            try fixture.expect(relay.usage.told, as: "expected-usage.json")
        }
    }

    /// What a client is given depends on the events alone, so equal events are equal bytes for the client.
    @Test(arguments: Fixture.distinctStreams(of: Fixture.all + Fixture.operations))
    func aStreamCutInTwoAnywhereHasTheSameEvents(_ fixture: Fixture) throws {
        let stream = ByteBuffer(string: try #require(fixture.text("stream.sse")))
        let whole = try events(of: [stream])
        try #require(whole.count > 2)
        for cut in 1..<stream.readableBytes {
            var rest = stream
            let head = rest.readSlice(length: cut) ?? ByteBuffer()
            let told = try events(of: [head, rest])
            try #require(told == whole, "\(fixture.name), cut before byte \(cut)")
        }
    }

    @Test(arguments: (Fixture.all + Fixture.operations).filter(\.isStream))
    func aStreamIsToldTheSameByteByByte(_ fixture: Fixture) throws {
        let route = try fixture.render(ByteBuffer(string: try #require(fixture.text("request.json")))).answer
        var stream = ByteBuffer(string: try #require(fixture.text("stream.sse")))
        var whole = Relay(route, form: fixture.form)
        try whole.append(stream)
        whole.finish()
        var bytewise = Relay(route, form: fixture.form)
        while let byte = stream.readSlice(length: 1) { try bytewise.append(byte) }
        bytewise.finish()
        #expect(String(buffer: bytewise.client) == String(buffer: whole.client))
        #expect(bytewise.usage.told == whole.usage.told)
    }

    /// A client must not take what broke for what is whole.
    @Test(arguments: Fixture.all.filter(\.isStream))
    func aStreamHasItsFormsEndOrAnErrorAndNeverBoth(_ fixture: Fixture) throws {
        let route = try fixture.render(ByteBuffer(string: try #require(fixture.text("request.json")))).answer
        var relay = Relay(route, form: fixture.form)
        try relay.append(ByteBuffer(string: try #require(fixture.text("stream.sse"))))
        relay.finish()
        #expect(relay.hasFailed == fixture.isBrokenStream)
        let told = try events(of: [relay.client])
        let last = String(buffer: try #require(told.last).raw)
        #expect(last.contains(fixture.form.errorMark) == fixture.isBrokenStream, "\(last)")
        let ends = told.count { event in fixture.form.endMarks.contains { String(buffer: event.raw).contains($0) } }
        #expect(fixture.isBrokenStream ? ends == 0 : ends >= 1)
    }

    /// What a vendor must get back, it gets back as it gave it, though the client kept it in a form of its own.
    @Test(arguments: Fixture.all.filter { $0.earlier != nil })
    func aLaterTurnTakesTheVendorsProofsBackToIt(_ fixture: Fixture) throws {
        let earlier = try #require(fixture.earlier)
        let all = sequence(first: earlier, next: \.earlier)
        let proofs = all.reduce(into: Set()) { $0.formUnion(Proofs.all(in: $1.text("response.json") ?? "")) }
        try #require(!proofs.isEmpty)
        let request = try #require(fixture.text("request.json"))
        let kept = Proofs.all(in: try #require(earlier.text("expected-client.json")))
        let sent = Proofs.all(in: request)
        #expect(kept.allSatisfy(sent.contains), "the request does not hold what the earlier answer gave the client")
        let upstream = Proofs.all(
            in: String(buffer: Requests.upstream(try fixture.render(ByteBuffer(string: request)), of: ByteBuffer(string: request))))
        #expect(proofs.allSatisfy(upstream.contains), "of \(proofs) the vendor gets back \(upstream)")
    }

    private func events(of pieces: [ByteBuffer]) throws -> [SSEEvent] {
        var decoder = SSEDecoder()
        var events: [SSEEvent] = []
        for piece in pieces {
            decoder.append(piece)
            while let event = try decoder.next() { events.append(event) }
        }
        if let last = decoder.finish() { events.append(last) }
        return events
    }

    private func answer(_ response: String, _ route: AnswerRoute, _ fixture: Fixture) throws {
        var index = JSONIndex()
        let summary = try AnswerReader.readUnary(ByteBuffer(string: response), route: route, index: &index)
        try fixture.expect(String(buffer: summary.body), as: "expected-client.json")
        try fixture.expect(summary.usage.told, as: "expected-usage.json")
    }
}

extension RequestForm {
    /// Stands in the event that tells a client of a failure.
    fileprivate var errorMark: String {
        switch self {
        case .openAIChat, .geminiGenerate: #"{"error":{"#
        case .openAIResponses, .anthropicMessages: #"{"type":"error","#
        }
    }

    /// One of them stands in an event that says that the answer is whole.
    fileprivate var endMarks: [String] {
        switch self {
        case .openAIChat: ["[DONE]", #""finish_reason":""#]
        case .openAIResponses: ["response.completed", "response.incomplete"]
        case .anthropicMessages: ["message_stop", #""stop_reason":""#]
        case .geminiGenerate: [#""finishReason":""#]
        }
    }
}

/// What only a vendor can make of its thoughts.
private enum Proofs {
    private static let names: Set<String> = [
        "signature", "data", "thoughtSignature", "thought_signature", "encrypted_content", "reasoning_signature",
        "redacted_reasoning",
    ]

    /// Every one in a JSON text, in base64's usual alphabet: some packages send them back in the other.
    static func all(in text: String) -> Set<String> {
        ByteBuffer(string: text).withUnsafeReadableBytes { bytes in
            var index = JSONIndex()
            guard (try? index.read(bytes)) != nil else { return [] }
            var found: Set<String> = []
            collect(0, named: nil, bytes, index, into: &found)
            return found
        }
    }

    private static func collect(
        _ node: Int, named name: String?, _ bytes: UnsafeRawBufferPointer, _ index: JSONIndex, into found: inout Set<String>
    ) {
        switch index.kind(of: node) {
        case .object:
            for (key, value) in index.members(of: node) {
                collect(value, named: index.string(key, in: bytes), bytes, index, into: &found)
            }
        case .array: for element in index.elements(of: node) { collect(element, named: name, bytes, index, into: &found) }
        case .string:
            guard let name, names.contains(name), let text = index.string(node, in: bytes), !text.isEmpty else { return }
            found.insert(String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }))
        case .number, .true, .false, .null: break
        }
    }
}

extension FidelityReport {
    /// As the header says it.
    var told: String {
        var sides: [String] = []
        if !dropped.isEmpty { sides.append("dropped=" + dropped.joined(separator: ",")) }
        if !rewritten.isEmpty { sides.append("rewritten=" + rewritten.joined(separator: ",")) }
        return sides.joined(separator: "; ")
    }
}

extension ReportedUsage? {
    /// As a case's file says it.
    fileprivate var told: String {
        guard let usage = self else { return "null" }
        let counts: [(name: String, count: Int64?)] = [
            ("prompt", usage.prompt), ("completion", usage.completion), ("total", usage.total),
            ("cached", usage.cached),
            ("cache_write", usage.cacheWrite), ("cache_write_long", usage.cacheWriteLong),
            ("reasoning", usage.reasoning),
            ("prompt_audio", usage.promptAudio), ("completion_audio", usage.completionAudio),
        ]
        var members = counts.compactMap { name, count in count.map { "\"\(name)\":\($0)" } }
        if usage.isMalformed { members.append("\"malformed\":true") }
        return "{" + members.joined(separator: ",") + "}"
    }
}
