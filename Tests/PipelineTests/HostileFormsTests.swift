import NIOCore
import Pipeline
import Testing
import Wire

/// Requests, answers and streams that nobody meant to send, through every reader and writer that the fixtures reach: each
/// comes to an answer or an error that has a name, and what leaves is whole JSON whatever came in.
struct HostileFormsTests {
    private static let seed: UInt64 = 0x70_6B_65_6E

    @Test(arguments: Fixture.all)
    func aMutatedRequestIsWrittenWholeOrRefused(_ fixture: Fixture) throws {
        let request = try #require(fixture.text("request.json"))
        for round in 0..<60 {
            var mutator = Mutator(seed: Self.seed &+ UInt64(round))
            let mutated = mutator.mutate(json: Array(request.utf8))
            do {
                let rendered = try fixture.render(ByteBuffer(bytes: mutated))
                let upstream = Requests.upstream(rendered, of: ByteBuffer(bytes: mutated))
                try #require(upstream.isJSON, said(fixture, round, String(buffer: upstream)))
                try #require(rendered.path.hasPrefix("/"))
            } catch is PipelineError {
                // Refused by name.
            }
        }
    }

    @Test(arguments: Fixture.all.filter { !$0.isStream })
    func aMutatedAnswerIsToldWholeOrRefused(_ fixture: Fixture) throws {
        let route = try fixture.render(ByteBuffer(string: try #require(fixture.text("request.json")))).answer
        let response = try #require(fixture.text("response.json"))
        var index = JSONIndex()
        for round in 0..<60 {
            var mutator = Mutator(seed: Self.seed &+ UInt64(round))
            let mutated = ByteBuffer(bytes: mutator.mutate(json: Array(response.utf8)))
            do throws(AnswerError) {
                let summary = try AnswerReader.readUnary(mutated, route: route, index: &index)
                #expect(summary.body.isJSON, said(fixture, round, String(buffer: summary.body)))
                #expect(summary.contentBytes >= 0)
            } catch {
                // Refused by name.
            }
        }
    }

    @Test(arguments: Fixture.all.filter(\.isStream))
    func aMutatedStreamIsToldInWholeEvents(_ fixture: Fixture) throws {
        let rendered = try fixture.render(ByteBuffer(string: try #require(fixture.text("request.json"))))
        let events = try #require(fixture.text("stream.sse")).split(separator: "\n\n").map { Array($0.utf8) }
        for round in 0..<60 {
            var mutator = Mutator(seed: Self.seed &+ UInt64(round))
            var relay = Relay(rendered.answer, form: fixture.form)
            let stream = mutator.mutate(stream: events)
            do throws(SSEError) {
                for piece in mutator.cut(stream) { try relay.append(ByteBuffer(bytes: piece)) }
                relay.finish()
            } catch {
                // Framing that nobody can follow is refused by name.
            }
            guard case .translated = rendered.answer else { continue }
            try expectWholeEvents(relay.client, fixture, round)
        }
    }

    private func expectWholeEvents(_ client: ByteBuffer, _ fixture: Fixture, _ round: Int) throws {
        var decoder = SSEDecoder()
        decoder.append(client)
        while let event = try decoder.next() {
            guard event.data.readableBytes > 0, String(buffer: event.data) != "[DONE]" else { continue }
            try #require(event.data.isJSON, said(fixture, round, String(buffer: event.raw)))
        }
        let last = decoder.finish()
        #expect(last == nil, said(fixture, round, "ends within an event"))
    }

    private func said(_ fixture: Fixture, _ round: Int, _ text: String) -> Comment {
        "\(fixture.name), seed \(Self.seed) and round \(round): \(text)"
    }
}

extension ByteBuffer {
    fileprivate var isJSON: Bool {
        withUnsafeReadableBytes { bytes in
            var index = JSONIndex()
            return (try? index.read(bytes)) != nil
        }
    }
}

/// Spoils bytes, the same way for the same seed.
private struct Mutator {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// Values that have been where others were expected.
    private static let values: [[UInt8]] = [
        "null", "true", "0", "-1", "1e999", "-0.0", "9223372036854775807", "9223372036854775808", "1.5", #""""#,
        #""x""#,
        #""\ud800""#, #""\u0000""#, #""tr1.""#, #""tr1.r.""#, #""_tr1g_""#, #""dHIx""#, #""data:;base64,""#, "[]",
        "[null]",
        "{}", #"{"":null}"#, #"{"type":"text"}"#, #"[{"type":"x"}]"#, #""漢字😀""#, #""\\\"""#,
    ].map { Array($0.utf8) }

    /// One to four changes, most of which leave JSON.
    mutating func mutate(json: [UInt8]) -> [UInt8] {
        var bytes = json
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            if random.chance(80) { changeNode(&bytes) } else { changeBytes(&bytes) }
        }
        return bytes
    }

    /// Events changed, left out, said twice, in another order; ended early or not.
    mutating func mutate(stream events: [[UInt8]]) -> [UInt8] {
        var events = events
        for _ in 0..<Int.random(in: 1...4, using: &random) where !events.isEmpty {
            let place = Int.random(in: 0..<events.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: events.remove(at: place)
            case 1: events.insert(events[place], at: Int.random(in: 0...events.count, using: &random))
            case 2: events.swapAt(place, Int.random(in: 0..<events.count, using: &random))
            case 3: changeBytes(&events[place])
            default: changeData(&events[place])
            }
        }
        var stream = Array(events.joined(separator: Array("\n\n".utf8)))
        if random.chance(85) { stream += Array("\n\n".utf8) }
        return stream
    }

    mutating func cut(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...700, using: &random))
            pieces.append(bytes[start..<end])
            start = end
        }
        return pieces
    }

    private mutating func changeData(_ event: inout [UInt8]) {
        let head = Array("data: ".utf8)
        let start = event.indices.first { event[$0...].starts(with: head) }.map { $0 + head.count } ?? 0
        var data = Array(event[start...])
        changeNode(&data)
        event = event[..<start] + data
    }

    /// A value becomes another, or goes where another was; bytes that are no JSON are changed as bytes.
    private mutating func changeNode(_ bytes: inout [UInt8]) {
        var spans: [Range<Int>] = []
        bytes.withUnsafeBytes { raw in
            var index = JSONIndex()
            guard (try? index.read(raw)) != nil else { return }
            spans = (0..<index.count).map { index.span($0) }
        }
        guard let place = spans.randomElement(using: &random), let other = spans.randomElement(using: &random) else {
            return changeBytes(&bytes)
        }
        let value =
            random.chance(60) ? Self.values.randomElement(using: &random) ?? [] : Array(bytes[other].prefix(4096))
        bytes.replaceSubrange(place, with: value)
    }

    private mutating func changeBytes(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let start = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 1...24, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[start] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(start..<end)
        case 2: bytes.insert(contentsOf: bytes[start..<end], at: start)
        case 3: bytes.removeSubrange(start...)
        default: bytes.insert(contentsOf: Self.values.randomElement(using: &random) ?? [], at: start)
        }
    }
}
