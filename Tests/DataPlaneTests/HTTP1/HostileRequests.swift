import DataPlane
import Testing

/// A request that two parsers might read differently, or that no honest client sends.
struct HostileRequest: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let error: HTTP1Error

    init(_ name: String, _ text: String, _ error: HTTP1Error) {
        self.name = name
        bytes = rawBytes(text)
        self.error = error
    }

    var testDescription: String { name }

    static let all =
        lineEnds + requestLines + targets + fields + lengths + encodings + hosts + connections + repeated
        + chunkSizes + chunkEnds + trailers
}

extension HostileRequest {
    private static let lineEnds: [HostileRequest] = [
        .init("LF alone first", "\n" + requestText(), .bareLineFeed),
        .init("LF alone behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        .init("LF alone behind a field", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", .bareLineFeed),
        .init("LF alone as the blank line", "GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
        .init("LF alone twice", "GET / HTTP/1.1\nHost: a\n\n", .bareLineFeed),
        .init("CR in the method", "GE\rT / HTTP/1.1\r\nHost: a\r\n\r\n", .badMethod),
        .init("CR in the target", "GET /\ra HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        .init("CR behind the version", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", .badVersion),
        .init("CR alone behind the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n", .badVersion),
        .init("CR in a name", requestText("X\rY: a"), .badHeaderName),
        .init("CR in a value", requestText("X: a\rb"), .bareCarriageReturn),
        .init("CR before a value", requestText("X:\ra"), .bareCarriageReturn),
        .init("CR behind a value", requestText("X: a\r"), .bareCarriageReturn),
        .init("CR between two fields", requestText("X: a\rContent-Length: 5"), .bareCarriageReturn),
        .init("CR in the blank line", requestText("\r"), .badHeaderName),
        .init("an empty line first", "\r\n" + requestText(), .badRequestLine),
        .init("two empty lines first", "\r\n\r\n" + requestText(), .badRequestLine),
    ]

    private static let requestLines: [HostileRequest] =
        [
            ("no version", "GET /", .badRequestLine), ("a method alone", "GET", .badRequestLine),
            ("no method", " / HTTP/1.1", .badMethod), ("no target", "GET  HTTP/1.1", .badTarget),
            ("no space at all", "GET/HTTP/1.1", .badRequestLine),
            ("two spaces before the target", "GET  / HTTP/1.1", .badTarget),
            ("two spaces before the version", "GET /  HTTP/1.1", .badVersion),
            ("a space behind the version", "GET / HTTP/1.1 ", .badVersion),
            ("a tab behind the version", "GET / HTTP/1.1\t", .badVersion),
            ("a space first", " GET / HTTP/1.1", .badMethod),
            ("a tab before the target", "GET\t/ HTTP/1.1", .badMethod),
            ("a tab before the version", "GET /\tHTTP/1.1", .badRequestLine),
            ("four words", "GET / a HTTP/1.1", .badVersion),
            ("a parenthesis in the method", "G(T / HTTP/1.1", .badMethod),
            ("a colon in the method", "GET: / HTTP/1.1", .badMethod),
            ("a method in lower case", "get / HTTP/1.1", .badMethod),
            ("a method of both cases", "Post / HTTP/1.1", .badMethod),
            ("a letter past ASCII in the method", "G\u{C9}T / HTTP/1.1", .badMethod),
            ("NUL in the method", "GE\0T / HTTP/1.1", .badMethod),
            ("HTTP/2.0", "GET / HTTP/2.0", .unsupportedVersion), ("HTTP/1.2", "GET / HTTP/1.2", .unsupportedVersion),
            ("HTTP/0.9", "GET / HTTP/0.9", .unsupportedVersion), ("HTTP/1.10", "GET / HTTP/1.10", .badVersion),
            ("HTTP/01.1", "GET / HTTP/01.1", .badVersion), ("HTTP/1", "GET / HTTP/1", .badVersion),
            ("HTTP/1,1", "GET / HTTP/1,1", .badVersion), ("HTTP/1.x", "GET / HTTP/1.x", .badVersion),
            ("a version in lower case", "GET / http/1.1", .badVersion),
            ("another protocol", "GET / RTSP/1.1", .badVersion), ("HTTPS/1.1", "GET / HTTPS/1.1", .badVersion),
            ("the preface of HTTP/2", "PRI * HTTP/2.0", .badTarget),
        ].map { (name: String, line: String, error: HTTP1Error) in .init(name, requestText(line: line), error) }

    private static let targets: [HostileRequest] =
        [
            ("an absolute target", "GET http://a/", .badTarget), ("an authority", "GET a:443", .badTarget),
            ("CONNECT to an authority", "CONNECT a:443", .badTarget), ("CONNECT to a path", "CONNECT /", .badTarget),
            ("a relative path", "GET a", .badTarget), ("a query alone", "GET ?a", .badTarget),
            ("GET *", "GET *", .badTarget), ("OPTIONS **", "OPTIONS **", .badTarget),
            ("a fragment", "GET /a#b", .badTarget), ("a fragment in the query", "GET /a?b#c", .badTarget),
            ("a byte past ASCII", "GET /\u{E9}", .badTarget),
            ("a byte past ASCII in the query", "GET /?\u{80}", .badTarget),
            ("NUL in the target", "GET /\0", .badTarget), ("a control byte", "GET /\u{1}", .badTarget),
            ("DEL", "GET /\u{7F}", .badTarget), ("a tab in the target", "GET /a\tb", .badTarget),
        ].map { (name: String, line: String, error: HTTP1Error) in
            .init("target: \(name)", requestText(line: line + " HTTP/1.1"), error)
        }

    private static let fields: [HostileRequest] = [
        .init("a field folded with a space", requestText("X: a", " b"), .foldedHeader),
        .init("a field folded with a tab", requestText("X: a", "\tb"), .foldedHeader),
        .init("the first field folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .foldedHeader),
        .init("a line of spaces", requestText("  "), .foldedHeader),
        .init("a space before the colon", requestText("X : a"), .badHeaderName),
        .init("a space before a length's colon", requestText("Content-Length : 5"), .badHeaderName),
        .init("a tab before the colon", requestText("X\t: a"), .badHeaderName),
        .init("a name that is empty", requestText(": a"), .badHeaderName),
        .init("a line without a colon", requestText("X"), .badHeaderName),
        .init("a space in a name", requestText("X Y: a"), .badHeaderName),
        .init("a parenthesis in a name", requestText("X(Y): a"), .badHeaderName),
        .init("a slash in a name", requestText("X/Y: a"), .badHeaderName),
        .init("a quote in a name", requestText("\"X\": a"), .badHeaderName),
        .init("NUL in a name", requestText("X\0: a"), .badHeaderName),
        .init("NUL behind a length's name", requestText("Content-Length\0: 5"), .badHeaderName),
        .init("a byte past ASCII in a name", requestText("X\u{E9}: a"), .badHeaderName),
        .init("NUL in a value", requestText("X: a\0b"), .badHeaderValue),
        .init("a control byte in a value", requestText("X: a\u{1}b"), .badHeaderValue),
        .init("a vertical tab before a value", requestText("X: \u{B}a"), .badHeaderValue),
        .init("a form feed behind a value", requestText("X: a\u{C}"), .badHeaderValue),
        .init("ESC in a value", requestText("X: \u{1B}[2J"), .badHeaderValue),
        .init("DEL in a value", requestText("X: a\u{7F}"), .badHeaderValue),
        .init("Content_Length", requestText("Content_Length: 5"), .badHeaderName),
        .init("TRANSFER_ENCODING", requestText("TRANSFER_ENCODING: chunked"), .badHeaderName),
    ]

    private static let lengths: [HostileRequest] =
        [
            "+5", "-5", "-0", "", "0x5", "5a", "a", "5 5", "5,5", "5, 5", "5, 6", "5;", "5.0", "1e3", "'5'", "\"5\"",
            "\u{B2}", "9223372036854775807", "9223372036854775808", "18446744073709551621", "0000000000000000005",
            String(repeating: "9", count: 400),
        ].map { .init("Content-Length of '\($0.prefix(24))'", requestText("Content-Length: \($0)"), .badContentLength) }
        + [
            .init(
                "Content-Length twice, alike", requestText("Content-Length: 5", "Content-Length: 5"), .duplicateHeader),
            .init("Content-Length twice", requestText("Content-Length: 5", "content-length: 6"), .duplicateHeader),
            .init("both lengths", requestText("Content-Length: 5", "Transfer-Encoding: chunked"), .bothLengths),
            .init(
                "both lengths the other way", requestText("Transfer-Encoding: chunked", "Content-Length: 0"),
                .bothLengths),
            .init("a length behind VT", requestText("Content-Length: \u{B}5"), .badHeaderValue),
        ]

    private static let encodings: [HostileRequest] =
        [
            "gzip", "identity", "xchunked", "chunkedx", "chunked, chunked", "gzip, chunked", "chunked, gzip",
            "chunked,",
            ",chunked", "", "chunked;q=1", "\"chunked\"", "chunk ed", "chunked chunked",
        ].map { .init("Transfer-Encoding of '\($0)'", requestText("Transfer-Encoding: \($0)"), .badTransferEncoding) }
        + [
            .init(
                "Transfer-Encoding twice", requestText("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
                .duplicateHeader),
            .init(
                "Transfer-Encoding twice, one unknown",
                requestText("Transfer-Encoding: chunked", "Transfer-Encoding: x"),
                .duplicateHeader),
            .init("Transfer-Encoding behind VT", requestText("Transfer-Encoding: \u{B}chunked"), .badHeaderValue),
            .init(
                "Transfer-Encoding on HTTP/1.0", requestText("Transfer-Encoding: chunked", line: "POST / HTTP/1.0"),
                .badTransferEncoding),
        ]

    private static let hosts: [HostileRequest] =
        [
            "u@a", "u:p@a", "a/b", "a b", "a,b", "a?b", "a#b", "a\\b", "a;b", "a\tb", "<a>", "\u{E9}", "http://a",
            "a:b", "a:80:80",
            "a:-1", "a:+80", "a:65536", "a:000080", ":80", "[", "[]", "[::1", "]::1[", "[::1]a", "[::1]:x", "[g::]",
            "a[::1]", "::1",
        ].map {
            .init("Host of '\($0)'", "GET / HTTP/1.1\r\nHost: \($0)\r\n\r\n", .badHost)
        } + [
            .init("two Hosts", requestText("Host: b"), .duplicateHeader),
            .init("two Hosts, alike", requestText("HOST: a"), .duplicateHeader),
            .init("no Host", "GET / HTTP/1.1\r\nX: a\r\n\r\n", .missingHost),
            .init("no field at all", "GET / HTTP/1.1\r\n\r\n", .missingHost),
            .init("a bad Host on HTTP/1.0", "GET / HTTP/1.0\r\nHost: u@a\r\n\r\n", .badHost),
            .init("a Host of NUL", "GET / HTTP/1.1\r\nHost: \0\r\n\r\n", .badHeaderValue),
        ]

    private static let connections: [HostileRequest] =
        ["content-length", "Transfer-Encoding", "HOST", "close, host", "keep-alive ,\tContent-Length , x", ",,host"].map
    {
        .init("Connection of '\($0)'", requestText("Connection: \($0)"), .badConnectionHeader)
    }
        + ["", "100", "100-continued", "100-continue, x", "200-ok", "100 continue"].map {
            .init("Expect of '\($0)'", requestText("Expect: \($0)"), .badExpectation)
        } + [
            .init("Expect twice", requestText("Expect: 100-continue", "Expect: 100-continue"), .duplicateHeader)
        ]

    private static let repeated: [HostileRequest] =
        [
            "Authorization", "X-Api-Key", "X-Goog-Api-Key", "Content-Type", "Content-Encoding", "X-Request-ID",
            "Idempotency-Key", "Traceparent", "X-TokenRouter-Tags", "X-TokenRouter-Session", "X-TokenRouter-No-Cache",
        ].map { .init("\($0) twice", requestText("\($0): a", "\($0.uppercased()): b"), .duplicateHeader) }
}

extension HostileRequest {
    private static let chunkSizes: [HostileRequest] =
        [
            "+5", "-5", "0x5", " 5", "5 ", "5\t", "", "g", "5g", "5,", "5.", "\0", "\u{E9}", "5 ;a=b",
            "8000000000000000",
            "FFFFFFFFFFFFFFFF", "00000000000000005", "10000000000000000",
        ].map { .init("chunk size of '\($0)'", chunkedText("\($0)\r\nhello\r\n0\r\n\r\n"), .badChunkSize) }
        + ["5;", "5;a", "5;a=b", "0;a", ";"].map {
            .init("chunk size of '\($0)'", chunkedText("\($0)\r\nhello\r\n0\r\n\r\n"), .chunkExtension)
        } + [
            .init("a later size with a sign", chunkedText("5\r\nhello\r\n-1\r\n"), .badChunkSize),
            .init("a size ended by LF alone", chunkedText("5\nhello\r\n0\r\n\r\n"), .bareLineFeed),
            .init("a size ended by CR alone", chunkedText("5\rhello\r\n0\r\n\r\n"), .bareCarriageReturn),
            .init("an empty line before a size", chunkedText("\r\n5\r\nhello\r\n0\r\n\r\n"), .badChunkSize),
        ]

    private static let chunkEnds: [HostileRequest] =
        ["X\r\n0\r\n\r\n", "\n0\r\n\r\n", "\rX0\r\n\r\n", "\r\r\n0\r\n\r\n", "0\r\n\r\n", ";\r\n"].map {
            .init("data followed by \($0.debugDescription)", chunkedText("5\r\nhello" + $0), .badChunkEnd)
        }

    private static let trailers: [HostileRequest] =
        [
            "Content-Length: 5", "transfer-encoding: chunked", "Host: b", "Authorization: Bearer x", "Content-Type: x",
            "X", ": a", "X : a", " X: a", "\tX: a", "X(: a", "X: a\0", "X: a\rb", "X: \u{7F}", "\rX: a",
            "Content-Length\r: 5",
        ].map { .init("trailer \($0.debugDescription)", chunkedText("0\r\n\($0)\r\n\r\n"), .badTrailer) } + [
            .init("a trailer ended by LF alone", chunkedText("0\r\nX: a\n\r\n"), .bareLineFeed),
            .init("the body ended by LF alone", chunkedText("0\r\n\n"), .bareLineFeed),
            .init("a bad trailer behind a good one", chunkedText("0\r\nX: a\r\nHost: b\r\n\r\n"), .badTrailer),
            .init(
                "a trailer too long", chunkedText("0\r\nX: " + String(repeating: "a", count: 8 * 1024)),
                .trailersTooLong),
            .init(
                "trailers too long together",
                chunkedText("0\r\n" + String(repeating: "X: \(String(repeating: "a", count: 1021))\r\n", count: 9)),
                .trailersTooLong),
        ]
}
