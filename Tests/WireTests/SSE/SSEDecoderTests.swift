import NIOCore
import Testing

@testable import Wire

@Suite struct SSEDecoderTests {
    /// A stream and its events as name, data (nil: a comment), and whether the blank line was there.
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var stream: String
        var events: [(name: String?, data: String?)]
        var isCutOff = false
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "nothing", stream: "", events: []),
        Case(name: "line feeds", stream: "data: a\n\ndata: b\n\n", events: [(nil, "a"), (nil, "b")]),
        Case(name: "pairs", stream: "data: a\r\n\r\ndata: b\r\n\r\n", events: [(nil, "a"), (nil, "b")]),
        Case(name: "carriage returns", stream: "data: a\r\rdata: b\r\r", events: [(nil, "a"), (nil, "b")]),
        Case(
            name: "mixed endings", stream: "data: a\r\n\ndata: b\n\rdata: c\r\r\n",
            events: [(nil, "a"), (nil, "b"), (nil, "c")]),
        Case(name: "pair after a blank line", stream: "data: a\n\n\r\ndata: b\n\n", events: [(nil, "a"), (nil, "b")]),
        Case(name: "several data lines", stream: "data: a\ndata:b\ndata:  c\n\n", events: [(nil, "a\nb\n c")]),
        Case(name: "several data lines in pairs", stream: "data: a\r\ndata: b\r\n\r\n", events: [(nil, "a\nb")]),
        Case(name: "empty data", stream: "data:\n\ndata\n\ndata: \n\n", events: [(nil, ""), (nil, ""), (nil, "")]),
        Case(name: "empty data lines", stream: "data\ndata\n\n", events: [(nil, "\n")]),
        Case(name: "comment", stream: ": ping\n\ndata: a\n\n", events: [(nil, nil), (nil, "a")]),
        Case(name: "comment within", stream: ": x\ndata: a\n:\ndata: b\n\n", events: [(nil, "a\nb")]),
        Case(name: "name", stream: "event: message_start\ndata: {}\n\n", events: [("message_start", "{}")]),
        Case(name: "name last", stream: "data: {}\nevent:ping\n\n", events: [("ping", "{}")]),
        Case(name: "last name counts", stream: "event: a\nevent: b\ndata: 1\n\n", events: [("b", "1")]),
        Case(name: "empty name", stream: "event: a\nevent\ndata: 1\n\n", events: [(nil, "1")]),
        Case(name: "name alone", stream: "event: ping\n\n", events: [("ping", nil)]),
        Case(name: "id and retry", stream: "id: 1\nretry: 10\ndata: a\n\n", events: [(nil, "a")]),
        Case(
            name: "other fields", stream: "dataset: x\nevents: y\n data: z\nDATA: u\ndata: a\n\n", events: [(nil, "a")]),
        Case(name: "byte order mark", stream: "\u{FEFF}data: a\n\n", events: [(nil, "a")]),
        Case(name: "byte order mark, two lines", stream: "\u{FEFF}data: a\ndata: b\n\n", events: [(nil, "a\nb")]),
        Case(name: "byte order mark alone", stream: "\u{FEFF}\n\ndata: a\n\n", events: [(nil, "a")]),
        Case(
            name: "byte order mark later", stream: "data: a\n\n\u{FEFF}data: b\ndata: c\ndata: d\n\n",
            events: [(nil, "a"), (nil, "c\nd")]),
        Case(name: "second byte order mark", stream: "\u{FEFF}\u{FEFF}data: b\ndata: c\n\n", events: [(nil, "c")]),
        Case(name: "blank lines", stream: "\n\r\n\rdata: a\n\n\n\n\ndata: b\n\n\n", events: [(nil, "a"), (nil, "b")]),
        Case(
            name: "no blank line at the end", stream: "data: a\n\ndata: [DONE]\n",
            events: [(nil, "a"), (nil, "[DONE]")], isCutOff: true),
        Case(name: "no ending at all", stream: "data: [DONE]", events: [(nil, "[DONE]")], isCutOff: true),
        Case(name: "cut within a field", stream: "data: a\n\nda", events: [(nil, "a"), (nil, nil)], isCutOff: true),
        Case(name: "ends with half a pair", stream: "data: a\r\n\r", events: [(nil, "a")]),
        Case(name: "only a mark", stream: "\u{FEFF}", events: []),
        Case(name: "colons in data", stream: "data: a: b\n\ndata:: c\n\n", events: [(nil, "a: b"), (nil, ": c")]),
        Case(name: "not ASCII", stream: "data: 你好\u{2028}\u{85}é\n\n", events: [(nil, "你好\u{2028}\u{85}é")]),
        Case(
            name: "chat",
            stream:
                #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hi"}}]}"#
                + "\n\n" + #"data: {"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":3}}"#
                + "\n\ndata: [DONE]\n\n",
            events: [
                (
                    nil,
                    #"{"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hi"}}]}"#
                ),
                (nil, #"{"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":3}}"#), (nil, "[DONE]"),
            ]),
    ]

    /// All events of a stream given in these pieces.
    static func decode(_ pieces: [[UInt8]]) throws -> [SSEEvent] {
        var decoder = SSEDecoder()
        var events: [SSEEvent] = []
        for piece in pieces {
            decoder.append(ByteBuffer(bytes: piece))
            while let event = try decoder.next() { events.append(event) }
        }
        while let event = decoder.finish() { events.append(event) }
        return events
    }

    @Test(arguments: cases)
    func readsAsTheStandardSays(_ example: Case) throws {
        let events = try Self.decode([Array(example.stream.utf8)])
        #expect(events.map { $0.name.map { String(buffer: $0) } } == example.events.map(\.name))
        #expect(events.map { $0.isComment ? nil : String(buffer: $0.data) } == example.events.map(\.data))
        #expect(events.dropLast().allSatisfy { $0.isTerminated })
        #expect((events.last?.isTerminated ?? true) == !example.isCutOff)
    }

    @Test(arguments: cases)
    func givesTheSameEventsHoweverTheBytesAreCut(_ example: Case) throws {
        let bytes = Array(example.stream.utf8)
        let whole = try Self.decode([bytes])
        #expect(try Self.decode(bytes.map { [$0] }) == whole)
        for first in 0...bytes.count {
            #expect(try Self.decode([Array(bytes[..<first]), Array(bytes[first...])]) == whole, "cut at \(first)")
            guard bytes.count <= 64 else { continue }
            for second in first...bytes.count {
                let pieces = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                #expect(try Self.decode(pieces) == whole, "cut at \(first) and \(second)")
            }
        }
    }

    @Test func keepsEveryByteOfItsBlocks() throws {
        let stream = "\u{FEFF}: hi\n\nid: 7\r\ndata: a\r\n\r\nevent: x\ndata: 1\ndata: 2\n\ndata: [DONE]"
        let events = try Self.decode([Array(stream.utf8)])
        #expect(events.map { String(buffer: $0.raw) }.joined() == stream)
        #expect(events.map { String(buffer: $0.raw) }[1] == "id: 7\r\ndata: a\r\n\r\n")
    }

    @Test func slicesWhatCameWhole() throws {
        let received = ByteBuffer(string: "event: x\ndata: hello\n\ndata: more\n\n")
        var decoder = SSEDecoder()
        decoder.append(received)
        let event = try #require(try decoder.next())
        let inEvent = event.data.withUnsafeReadableBytes { UnsafeRawPointer($0.baseAddress) }
        let inReceived = received.withUnsafeReadableBytes { $0.baseAddress.map { UnsafeRawPointer($0 + 15) } }
        #expect(inEvent == inReceived)
        #expect(try decoder.next()?.data == ByteBuffer(string: "more"))
        #expect(try decoder.next() == nil && decoder.finish() == nil)
    }

    @Test func takesBytesBeforeTheEventsAreTaken() throws {
        var decoder = SSEDecoder()
        for piece in ["data: a\n", "\ndata: b\n\nda", "ta: c\n\n", "data: d\n\n"] {
            decoder.append(ByteBuffer(string: piece))
        }
        var found: [String] = []
        while let event = try decoder.next() { found.append(String(buffer: event.data)) }
        #expect(found == ["a", "b", "c", "d"])
    }

    /// The limit is met by size alone, not by how the bytes come.
    @Test(arguments: [1, 3, 1000]) func boundsAnEvent(pieceSize: Int) throws {
        func decode(_ stream: String) throws -> Int {
            var decoder = SSEDecoder(maximumEventBytes: 20)
            var events = 0
            var rest = Array(stream.utf8)[...]
            while !rest.isEmpty {
                decoder.append(ByteBuffer(bytes: rest.prefix(pieceSize)))
                rest = rest.dropFirst(pieceSize)
                while try decoder.next() != nil { events += 1 }
            }
            return events
        }
        let fits = "data: 123456789012\n\n"
        #expect(try decode(fits + "\n\n\n\n" + fits) == 2)
        #expect(throws: SSEError.eventTooLarge) { try decode(fits + "data: 1234567890123\n\n") }
        #expect(throws: SSEError.eventTooLarge) { try decode(": " + String(repeating: "x", count: 30)) }
        #expect(try decode(String(repeating: "\r\n", count: 50)) == 0)
    }

    @Test func staysFailed() {
        var decoder = SSEDecoder(maximumEventBytes: 4)
        decoder.append(ByteBuffer(string: "data: long\n\n"))
        #expect(throws: SSEError.eventTooLarge) { try decoder.next() }
        decoder.append(ByteBuffer(string: "a\n\n"))
        #expect(throws: SSEError.eventTooLarge) { try decoder.next() }
        #expect(decoder.finish() == nil)
    }

    @Test func agreesWithASlowReaderOnMutatedStreams() throws {
        let seed: UInt64 = 0x5EED_0002
        var random = SeededGenerator(seed: seed)
        let streams = Self.cases.map { Array($0.stream.utf8) }.filter { !$0.isEmpty && $0.count < 100 }
        let alphabet = Array("\n\n\r\r: dataevent\u{FEFF}x".utf8) + [0xFF]
        for round in 0..<100_000 {
            let stream = random.mutate(streams[round % streams.count], alphabet: alphabet)
            var pieces: [[UInt8]] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let size = Int.random(in: 1...stream.count, using: &random)
                pieces.append(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            let events = try Self.decode(pieces).map {
                ReferenceSSE.Event(
                    name: $0.name.map { Array($0.readableBytesView) },
                    data: $0.isComment ? nil : Array($0.data.readableBytesView),
                    isTerminated: $0.isTerminated)
            }
            #expect(events == ReferenceSSE.events(stream), "seed \(seed), round \(round): \(pieces)")
        }
    }
}
