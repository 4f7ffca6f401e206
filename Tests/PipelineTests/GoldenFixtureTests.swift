import NIOCore
import Pipeline
import Testing
import Wire

/// Recorded exchanges: what the upstream must be sent, what the client must see, what must be counted.
struct GoldenFixtureTests {
    @Test func thereAreFixtures() {
        #expect(Fixture.all(of: "openai-chat").count >= 8)
    }

    @Test(arguments: Fixture.all(of: "openai-chat"))
    func anExchangeGoesAsRecorded(_ fixture: Fixture) throws {
        let request = try #require(fixture.text("request.json"))
        let kind = try #require(fixture.string("kind", of: "target.json"))
        let model = try #require(fixture.string("model", of: "target.json"))
        let (upstream, rendered) = try Requests.render(request, kind: kind, model: model)
        #expect(upstream == fixture.text("expected-upstream.json"))
        if let response = fixture.text("response.json") {
            var index = JSONIndex()
            let summary = try AnswerReader.readUnary(
                ByteBuffer(string: response), route: rendered.answer, index: &index)
            try expect(summary.usage, of: fixture)
        } else {
            let stream = try #require(fixture.text("stream.sse"))
            try relay(stream, rendered.answer, fixture)
        }
    }

    private func relay(_ stream: String, _ route: AnswerRoute, _ fixture: Fixture) throws {
        var reader = StreamReader(route: route)
        var index = JSONIndex()
        var decoder = SSEDecoder()
        decoder.append(ByteBuffer(string: stream))
        var client = ByteBuffer()
        while let event = try decoder.next() {
            switch reader.read(event, index: &index) {
            case .forward(let bytes, _, _), .done(let bytes): client.writeImmutableBuffer(bytes)
            case .hide: break
            case .failed, .malformed: Issue.record("\(fixture.name): \(String(buffer: event.raw))")
            }
        }
        #expect(reader.finish() != nil)
        #expect(String(buffer: client) == fixture.text("expected-client.sse"))
        try expect(reader.usage, of: fixture)
    }

    private func expect(_ usage: ReportedUsage?, of fixture: Fixture) throws {
        let file = "expected-usage.json"
        let expected = try #require(fixture.text(file))
        #expect((usage == nil) == expected.hasPrefix("null"))
        #expect(usage?.prompt == fixture.number("prompt", of: file))
        #expect(usage?.completion == fixture.number("completion", of: file))
        #expect(usage?.total == fixture.number("total", of: file))
        #expect(usage?.cached == fixture.number("cached", of: file))
        #expect(usage?.cacheWrite == fixture.number("cache_write", of: file))
        #expect(usage?.reasoning == fixture.number("reasoning", of: file))
        #expect(usage?.isMalformed != true)
    }
}
