import DataPlane
import NIOCore
import Testing

/// A request, or several, and what must come out, a line for each event.
struct GoodRequest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let events: [String]

    init(_ name: String, _ text: String, _ events: String...) {
        testDescription = name
        bytes = rawBytes(text)
        self.events = events
    }

    static let all: [GoodRequest] = [
        .init("no body", requestText(line: "GET /v1/models HTTP/1.1"), "get /v1/models none", "end"),
        .init("a body by length", requestText("Content-Length: 5", body: "hello"), "post / length(5)", "hello", "end"),
        .init("a length of 0", requestText("Content-Length: 0"), "post / length(0)", "end"),
        .init("a length of 00", requestText("Content-Length: 00"), "post / length(0)", "end"),
        .init(
            "spaces about a length", requestText("CONTENT-LENGTH: \t 2 \t", body: "ab"), "post / length(2)", "ab", "end"
        ),
        .init("no space before a length", requestText("content-length:2", body: "ab"), "post / length(2)", "ab", "end"),
        .init("half a body", requestText("Content-Length: 6", body: "hello"), "post / length(6)", "hello"),
        .init("half a head", "GET / HTTP/1.1\r\nHost: a\r\n"),
        .init("half a chunk", chunkedText("5\r\nhel"), "post / chunked", "hel"),
        .init("half a trailer", chunkedText("0\r\nX: "), "post / chunked"),
        .init(
            "the longest length", requestText("Content-Length: 999999999999999999"), "post / length(999999999999999999)"
        ),
        .init("chunks", chunkedText("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"), "post / chunked", "hello world", "end"),
        .init("no chunk", chunkedText("0\r\n\r\n"), "post / chunked", "end"),
        .init("zeros for the last chunk", chunkedText("0000\r\n\r\n"), "post / chunked", "end"),
        .init(
            "sizes in both cases, with zeros",
            chunkedText("a\r\n0123456789\r\n00000000000000A\r\n0123456789\r\n0\r\n\r\n"),
            "post / chunked", "01234567890123456789", "end"),
        .init("line ends in a chunk", chunkedText("4\r\n\r\n\r\n\r\n0\r\n\r\n"), "post / chunked", "\r\n\r\n", "end"),
        .init("the largest chunk", chunkedText("7FFFFFFFFFFFFFFF\r\nab"), "post / chunked", "ab"),
        .init(
            "trailers, which are dropped", chunkedText("1\r\na\r\n0\r\nX-Sum: b\r\nY:\r\n\r\n"), "post / chunked", "a",
            "end"),
        .init(
            "a request in a body", requestText("Content-Length: 27", body: "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            "post / length(27)", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "end"),
        .init(
            "three, pipelined",
            requestText("Content-Length: 2", body: "ab") + chunkedText("1\r\nc\r\n0\r\n\r\n")
                + requestText(line: "GET /d HTTP/1.1"),
            "post / length(2)", "ab", "end", "post / chunked", "c", "end", "get /d none", "end"),
        .init(
            "close, then a pipelined one", requestText("Connection: close") + requestText(), "post / none close", "end",
            "post / none", "end"),
        .init("close in a list", requestText("Connection: x , CLOSE"), "post / none close", "end"),
        .init("close in a second field", requestText("Connection: x", "Connection: close"), "post / none close", "end"),
        .init("close beside keep-alive", requestText("Connection: keep-alive, close"), "post / none close", "end"),
        .init("closer is not close", requestText("Connection: closer"), "post / none", "end"),
        .init("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "get / none 1.0 close", "end"),
        .init(
            "HTTP/1.0 kept alive", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "get / none 1.0", "end"),
        .init("Expect", requestText("Expect: 100-Continue"), "post / none expects", "end"),
        .init(
            "Expect on HTTP/1.0, which it does not know", requestText("Expect: 100-continue", line: "POST / HTTP/1.0"),
            "post / none 1.0 close", "end"),
        .init("a query", requestText(line: "GET /a?b=c?d HTTP/1.1"), "get /a query b=c?d none", "end"),
        .init("an empty query", requestText(line: "GET /a? HTTP/1.1"), "get /a query  none", "end"),
        .init("OPTIONS *", requestText(line: "OPTIONS * HTTP/1.1"), "options * none", "end"),
        .init(
            "a path of odd bytes", requestText(line: "GET //%00/\"<>^`{|}~ HTTP/1.1"), "get //%00/\"<>^`{|}~ none",
            "end"),
        .init("a method of odd bytes", requestText(line: "M-SEARCH!#$%&'*+.^_`|~ / HTTP/1.1"), "other / none", "end"),
        .init("bytes past ASCII in a value", requestText("X: \u{80}\u{FF}"), "post / none", "end"),
        .init("a tab in a value", requestText("X: a\tb"), "post / none", "end"),
        .init("an empty value", requestText("X:", "Y: "), "post / none", "end"),
        .init("an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "get / none", "end"),
        .init("a Host with a port", "GET / HTTP/1.1\r\nHost: A-b_c.d~%41:65535\r\n\r\n", "get / none", "end"),
        .init("a Host with an empty port", "GET / HTTP/1.1\r\nHost: 127.0.0.1:\r\n\r\n", "get / none", "end"),
        .init("a Host of two address forms", "GET / HTTP/1.1\r\nHost: [::FFFF:1.2.3.4]\r\n\r\n", "get / none", "end"),
        .init("a Host that is an address", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "get / none", "end"),
        .init("names much like framing", requestText("Content-Lengths: x", "Xontent-length: y"), "post / none", "end"),
    ]
}

struct GoodRequestTests {
    @Test(arguments: GoodRequest.all)
    func isReadAlikeHoweverItIsCut(_ good: GoodRequest) {
        let whole = RequestTranscript(good.bytes)
        #expect(whole.error == nil)
        #expect(whole.events == good.events)
        #expect(whole.unread == 0 || !whole.hasEnd)
        let differing = everyCut(of: good.bytes).filter { RequestTranscript(good.bytes, cutAt: $0) != whole }
        #expect(differing.isEmpty, "cut at \(differing.prefix(5))")
    }

    @Test(
        arguments: [
            ("GET", .get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("PATCH", .patch), ("DELETE", .delete),
            ("OPTIONS", .options), ("TRACE", .trace), ("CONNECTS", .other), ("POS", .other),
        ] as [(String, HTTPMethod)])
    func methodIsTold(_ word: String, _ method: HTTPMethod) throws {
        #expect(try head(requestText(line: "\(word) / HTTP/1.1")).method == method)
    }

    @Test(
        arguments: [
            ("Host", \.host), ("Authorization", \.authorization), ("X-Api-Key", \.apiKey),
            ("X-Goog-Api-Key", \.googleAPIKey), ("Content-Type", \.contentType),
            ("Content-Encoding", \.contentEncoding),
            ("X-Request-Id", \.requestID), ("Idempotency-Key", \.idempotencyKey), ("Traceparent", \.traceparent),
            ("X-TokenRouter-Tags", \.tags), ("X-TokenRouter-Session", \.session), ("X-TokenRouter-No-Cache", \.noCache),
            ("X-Forwarded-For", \.forwardedFor),
        ] as [(String, @Sendable (HTTP1RequestHead) -> HTTP1Span?)])
    func fieldIsFoundInAnyCase(_ name: String, _ place: @Sendable (HTTP1RequestHead) -> HTTP1Span?) throws {
        for spelling in [name, name.lowercased(), name.uppercased()] {
            let head = try head("GET / HTTP/1.0\r\nA: b\r\n\(spelling): \t some-value \r\nC: d\r\n\r\n")
            let span = try #require(place(head))
            #expect(head.string(span) == "some-value")
        }
        #expect(try place(head("GET / HTTP/1.0\r\n\(name)s: x\r\n\r\n")) == nil)
    }

    @Test func lastForwardedForCounts() throws {
        let head = try head(requestText("X-Forwarded-For: a", "X-Forwarded-For: b, c"))
        #expect(head.forwardedFor.map(head.string) == "b, c")
    }

    @Test func fieldsAreListedInOrder() throws {
        let head = try head(requestText("X: a:b", "Y:", "x: c"))
        var fields: [String] = []
        head.forEachField { name, value in
            fields.append(String(decoding: name, as: UTF8.self) + "=" + String(decoding: value, as: UTF8.self))
        }
        #expect(fields == ["Host=a", "X=a:b", "Y=", "x=c"])
        #expect(head.value(of: "x") == "a:b")
        #expect(head.value(of: "y")?.isEmpty == true)
        #expect(head.value(of: "z") == nil)
    }

    /// The bytes of a head are its own, whatever becomes of the buffer it came from.
    @Test func headOutlivesItsBuffer() throws {
        var parser = HTTP1RequestParser(limits: HTTP1Limits())
        var buffer = ByteBuffer(bytes: rawBytes(requestText("X-Request-Id: abc")))
        guard case .head(let head) = try parser.next(&buffer) else { return #expect(Bool(false), "no head") }
        buffer.clear()
        buffer.writeRepeatingByte(0x20, count: 200)
        #expect(head.requestID.map(head.string) == "abc")
    }

    private func head(_ text: String) throws -> HTTP1RequestHead {
        let transcript = RequestTranscript(rawBytes(text))
        guard case .head(let head)? = transcript.entries.first else { throw Missing(error: transcript.error) }
        return head
    }

    private struct Missing: Error { let error: HTTP1Error? }
}

extension RequestTranscript {
    fileprivate var events: [String] {
        entries.map { entry in
            switch entry {
            case .informational(let status): "\(status)"
            case .head(let head): Self.line(head)
            case .body(let part): String(decoding: part, as: UTF8.self)
            case .end: "end"
            }
        }
    }

    private static func line(_ head: HTTP1RequestHead) -> String {
        var words = ["\(head.method)", head.string(head.path)]
        if let query = head.query { words += ["query", head.string(query)] }
        words.append("\(head.body)")
        if head.isVersion10 { words.append("1.0") }
        if !head.isKeepAlive { words.append("close") }
        if head.expectsContinue { words.append("expects") }
        return words.joined(separator: " ")
    }
}
