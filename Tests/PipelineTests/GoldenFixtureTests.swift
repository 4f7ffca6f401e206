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
    @Test(arguments: (Fixture.all + Fixture.operations).filter(\.isStream))
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
