import DataPlane
import NIOCore
import Testing

/// A response, or several, and what must come out, a line for each event.
struct GoodResponse: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let isTunnel: Bool
    let closes: Bool
    let events: [String]

    init(_ name: String, _ text: String, isTunnel: Bool = false, closes: Bool = false, _ events: String...) {
        testDescription = name
        bytes = rawBytes(text)
        self.isTunnel = isTunnel
        self.closes = closes
        self.events = events
    }

    static let all: [GoodResponse] = [
        .init("a body by length", responseText("Content-Length: 5", body: "hello"), "200 length(5)", "hello", "end"),
        .init("a length of 0", responseText("content-length:0"), "200 length(0)", "end"),
        .init(
            "chunks", responseText("Transfer-Encoding: Chunked", body: "5\r\nhello\r\n1\r\n!\r\n0\r\nX: a\r\n\r\n"),
            "200 chunked",
            "hello!", "end"),
        .init(
            "until the connection closes", responseText(body: "hello"), closes: true, "200 untilClose close", "hello",
            "end"),
        .init("an empty body until it closes", responseText(), closes: true, "200 untilClose close", "end"),
        .init("until it closes, still open", responseText(body: "hello"), "200 untilClose close", "hello"),
        .init("no content", responseText(line: "HTTP/1.1 204 No Content"), closes: true, "204 none", "end"),
        .init(
            "no content, with a length of 0", responseText("Content-Length: 0", line: "HTTP/1.1 204 x"), "204 none",
            "end"),
        .init(
            "not modified, with a length", responseText("Content-Length: 5", line: "HTTP/1.1 304 x"), "304 none", "end"),
        .init(
            "informational first",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
                + responseText("Content-Length: 1", body: "a"),
            "100", "103", "200 length(1)", "a", "end"),
        .init(
            "eight informational first, twice",
            String(
                repeating: String(repeating: "HTTP/1.1 102 x\r\n\r\n", count: 8) + responseText("Content-Length: 0"),
                count: 2),
            "102", "102", "102", "102", "102", "102", "102", "102", "200 length(0)", "end",
            "102", "102", "102", "102", "102", "102", "102", "102", "200 length(0)", "end"),
        .init(
            "one after another",
            responseText("Content-Length: 1", body: "a") + responseText("Transfer-Encoding: chunked", body: "0\r\n\r\n")
                + responseText("Content-Length: 1", line: "HTTP/1.1 500", body: "b"),
            closes: true, "200 length(1)", "a", "end", "200 chunked", "end", "500 length(1)", "b", "end"),
        .init("close", responseText("Connection: close", "Content-Length: 0"), "200 length(0) close", "end"),
        .init("HTTP/1.0", responseText("Content-Length: 0", line: "HTTP/1.0 200 OK"), "200 length(0) close", "end"),
        .init(
            "HTTP/1.0 kept alive", responseText("Connection: keep-alive", "Content-Length: 0", line: "HTTP/1.0 200 OK"),
            "200 length(0)", "end"),
        .init(
            "HTTP/1.0 kept alive in vain", responseText("Connection: keep-alive", line: "HTTP/1.0 200 OK", body: "a"),
            closes: true, "200 untilClose close", "a", "end"),
        .init("no reason", responseText("Content-Length: 0", line: "HTTP/1.1 429"), "429 length(0)", "end"),
        .init("an empty reason", responseText("Content-Length: 0", line: "HTTP/1.1 599 "), "599 length(0)", "end"),
        .init(
            "a reason past ASCII", responseText("Content-Length: 0", line: "HTTP/1.1 404 \u{E9}\t:"), "404 length(0)",
            "end"),
        .init("a tunnel", responseText(), isTunnel: true, "200 none", "end"),
        .init(
            "a tunnel with a length, which says nothing", responseText("Content-Length: 5"), isTunnel: true, "200 none",
            "end"),
        .init(
            "a tunnel refused", responseText("Content-Length: 2", line: "HTTP/1.1 407 x", body: "no"), isTunnel: true,
            "407 length(2)", "no", "end"),
        .init(
            "a tunnel refused, then an answer",
            responseText("Content-Length: 0", line: "HTTP/1.1 407 x") + responseText("Content-Length: 2", body: "ok"),
            isTunnel: true, "407 length(0)", "end", "200 length(2)", "ok", "end"),
        .init("a close between two answers", "", closes: true),
    ]
}

struct HTTP1ResponseTests {
    @Test(arguments: GoodResponse.all)
    func isReadAlikeHoweverItIsCut(_ good: GoodResponse) {
        let whole = ResponseTranscript(good.bytes, isTunnel: good.isTunnel, closes: good.closes)
        #expect(whole.error == nil)
        #expect(whole.events == good.events)
        #expect(whole.unread == 0)
        let differing = everyCut(of: good.bytes).filter {
            ResponseTranscript(good.bytes, cutAt: $0, isTunnel: good.isTunnel, closes: good.closes) != whole
        }
        #expect(differing.isEmpty, "cut at \(differing.prefix(5))")
    }

    @Test(arguments: HostileResponse.all)
    func hostileOneIsRefusedHoweverItIsCut(_ hostile: HostileResponse) {
        let whole = ResponseTranscript(hostile.bytes, closes: hostile.closes)
        #expect(whole.error == hostile.error)
        let differing = everyCut(of: hostile.bytes).filter {
            ResponseTranscript(hostile.bytes, cutAt: $0, closes: hostile.closes) != whole
        }
        #expect(differing.isEmpty, "cut at \(differing.prefix(5))")
    }

    /// An answer is whole with its last byte, even if its end was not yet asked for.
    @Test func closeBehindTheLastByteIsItsEnd() throws {
        for text in [responseText("Content-Length: 2", body: "ab"), responseText("Content-Length: 0")] {
            var parser = HTTP1ResponseParser(limits: HTTP1Limits())
            var buffer = ByteBuffer(bytes: rawBytes(text))
            while buffer.readableBytes > 0 { _ = try parser.next(&buffer) }
            guard case .end? = try parser.connectionClosed() else { return #expect(Bool(false), "no end") }
            #expect(try parser.connectionClosed() == nil)
        }
    }

    @Test(
        arguments: [
            ("text/event-stream", true), ("Text/Event-Stream; charset=utf-8", true), ("text/event-stream ;x", true),
            ("text/event-streams", false), ("text/plain; text/event-stream", false), ("", false),
        ])
    func contentTypeIsToldWithoutItsParameters(_ value: String, isEventStream: Bool) throws {
        #expect(try head("Content-Type: \(value)").hasContentType("text/event-stream") == isEventStream)
        #expect(try !head("X: \(value)").hasContentType("text/event-stream"))
    }

    @Test(arguments: [("gzip", true), ("identity", false), ("IDENTITY", false), ("", false), ("identity, br", true)])
    func contentEncodingIsTold(_ value: String, isEncoded: Bool) throws {
        #expect(try head("Content-Encoding: \(value)").isContentEncoded == isEncoded)
        #expect(try !head("X: \(value)").isContentEncoded)
    }

    @Test(
        arguments: [
            ("0", 0), ("120", 120), ("-1", nil), ("1.5", 2), ("", nil), ("99999999999999999999", nil), ("1e3", nil),
            // The moment told as now is a millisecond past 08:49:37.
            ("Sun, 06 Nov 1994 10:19:37 GMT", 5_400), ("Sun, 06 Nov 1994 08:49:36 GMT", 0),
            ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun, 06 Now 1994 08:49:37 GMT", nil),
        ] as [(String, Int?)])
    func retryAfterIsReadAsSeconds(_ value: String, seconds: Int?) throws {
        let now: Int64 = 784_111_777_001
        #expect(try head("Retry-After: \(value)").retryAfterSeconds(nowMilliseconds: now) == seconds)
        #expect(try head("X: \(value)").retryAfterSeconds(nowMilliseconds: now) == nil)
    }

    @Test(
        arguments: [
            ("1", 1), ("1000", 1), ("1001", 2), ("16500.5", 17), ("0", 0), ("-1", 60), ("soon", 60), ("", 60),
        ])
    func retryAfterInMillisecondsGoesFirst(_ value: String, seconds: Int) throws {
        let both = try head("retry-after: 60\r\nRetry-After-Ms: \(value)")
        #expect(both.retryAfterSeconds(nowMilliseconds: 0) == seconds)
    }

    private func head(_ field: String) throws -> HTTP1ResponseHead {
        let transcript = ResponseTranscript(rawBytes(responseText(field)))
        guard case .head(let head)? = transcript.entries.first else { throw Missing(error: transcript.error) }
        return head
    }

    private struct Missing: Error { let error: HTTP1Error? }
}

extension ResponseTranscript {
    fileprivate var events: [String] {
        entries.map { entry in
            switch entry {
            case .informational(let status): "\(status)"
            case .head(let head): "\(head.status) \(head.body)" + (head.isKeepAlive ? "" : " close")
            case .body(let part): String(decoding: part, as: UTF8.self)
            case .end: "end"
            }
        }
    }
}
