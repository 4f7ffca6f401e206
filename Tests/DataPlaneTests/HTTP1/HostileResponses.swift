import DataPlane
import Testing

/// What no honest upstream sends, or cannot be told apart from half an answer.
struct HostileResponse: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let closes: Bool
    let error: HTTP1Error

    init(_ name: String, _ text: String, closes: Bool = false, _ error: HTTP1Error) {
        testDescription = name
        bytes = rawBytes(text)
        self.closes = closes
        self.error = error
    }

    static let all = statusLines + heads + truncated

    private static let statusLines: [HostileResponse] =
        [
            "", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 2000 OK", "HTTP/1.1 200OK", "HTTP/1.1  200 OK",
            "HTTP/1.1\t200 OK", "HTTP/1.1 099 x", "HTTP/1.1 600 x", "HTTP/1.1 999 x", "HTTP/1.1 2x0 OK",
            "HTTP/1.1 +20 x",
            "HTTP/1.1 -20 x", "http/1.1 200 OK", "HTTP/1.10 200 OK", " HTTP/1.1 200 OK", "ICY 200 OK 12345",
            "HTTPS/1.1 200 OK", "HTTP/1.1 200 a\0", "HTTP/1.1 200 a\rb", "HTTP/1.1 200\r", "GET / HTTP/1.1",
            "\u{FF}HTTP/1.1 200",
        ].map { .init("status line \($0.debugDescription)", responseText(line: $0), .badStatusLine) }
        + ["HTTP/2.0 200 OK", "HTTP/1.2 200 OK", "HTTP/0.9 200 OK"].map {
            .init("status line '\($0)'", responseText(line: $0), .unsupportedVersion)
        }

    private static let heads: [HostileResponse] = [
        .init("both lengths", responseText("Content-Length: 1", "Transfer-Encoding: chunked"), .bothLengths),
        .init(
            "both lengths on 204",
            responseText("Content-Length: 1", "Transfer-Encoding: chunked", line: "HTTP/1.1 204 x"), .bothLengths),
        .init("204 with a length", responseText("Content-Length: 1", line: "HTTP/1.1 204 x"), .unexpectedBody),
        .init("204 with chunks", responseText("Transfer-Encoding: chunked", line: "HTTP/1.1 204 x"), .unexpectedBody),
        .init("100 with a length", responseText("Content-Length: 1", line: "HTTP/1.1 100 x"), .unexpectedBody),
        .init("103 with chunks", responseText("Transfer-Encoding: chunked", line: "HTTP/1.1 103 x"), .unexpectedBody),
        .init("two lengths", responseText("Content-Length: 1", "Content-Length: 2"), .duplicateHeader),
        .init("two lengths, alike", responseText("Content-Length: 1", "Content-Length: 1"), .duplicateHeader),
        .init("a list of lengths", responseText("Content-Length: 1, 1"), .badContentLength),
        .init("a length with a sign", responseText("Content-Length: +1"), .badContentLength),
        .init("gzip, chunked", responseText("Transfer-Encoding: gzip, chunked"), .badTransferEncoding),
        .init(
            "Transfer-Encoding on HTTP/1.0", responseText("Transfer-Encoding: chunked", line: "HTTP/1.0 200 OK"),
            .badTransferEncoding),
        .init("two Content-Types", responseText("Content-Type: a", "Content-Type: a"), .duplicateHeader),
        .init(
            "two Content-Encodings", responseText("Content-Encoding: gzip", "Content-Encoding: identity"),
            .duplicateHeader),
        .init("a folded field", responseText("X: a", " b"), .foldedHeader),
        .init("a space before the colon", responseText("Content-Length : 1"), .badHeaderName),
        .init("NUL in a value", responseText("X: \0"), .badHeaderValue),
        .init("CR in a value", responseText("X: a\rb"), .bareCarriageReturn),
        .init("LF alone", "HTTP/1.1 200 OK\nX: a\n\n", .bareLineFeed),
        .init("Connection of a length", responseText("Connection: content-length"), .badConnectionHeader),
        .init(
            "a protocol switched", responseText("Upgrade: websocket", line: "HTTP/1.1 101 Switching Protocols"),
            .unexpectedUpgrade),
        .init(
            "nine informational answers",
            String(repeating: "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n", count: 9)
                + responseText("Content-Length: 0"),
            .tooManyInformational),
        .init("a bad chunk size", responseText("Transfer-Encoding: chunked", body: "x\r\n"), .badChunkSize),
        .init("a chunk extension", responseText("Transfer-Encoding: chunked", body: "1;a\r\n"), .chunkExtension),
        .init(
            "a chunk of the wrong size", responseText("Transfer-Encoding: chunked", body: "2\r\nabc\r\n"), .badChunkEnd),
        .init(
            "a framing trailer", responseText("Transfer-Encoding: chunked", body: "0\r\nContent-Length: 1\r\n\r\n"),
            .badTrailer),
        .init("bytes behind an answer", responseText("Content-Length: 1", body: "ab\r\n\r\n"), .badStatusLine),
        .init("a body behind 204", responseText(line: "HTTP/1.1 204 No Content", body: "ab\r\n\r\n"), .badStatusLine),
    ]

    private static let truncated: [HostileResponse] =
        [
            ("H", "a byte"), ("HTTP/1.1 200 OK\r\n", "a status line"),
            ("HTTP/1.1 200 OK\r\nX: a\r\n\r", "a head but LF"),
            (responseText("Content-Length: 1"), "a length's head"),
            (responseText("Content-Length: 3", body: "ab"), "half a body"),
            (responseText("Transfer-Encoding: chunked"), "a chunked head"),
            (responseText("Transfer-Encoding: chunked", body: "2"), "half a size"),
            (responseText("Transfer-Encoding: chunked", body: "2\r\na"), "half a chunk"),
            (responseText("Transfer-Encoding: chunked", body: "2\r\nab"), "a chunk without its end"),
            (responseText("Transfer-Encoding: chunked", body: "2\r\nab\r\n"), "no last chunk"),
            (responseText("Transfer-Encoding: chunked", body: "0\r\n"), "no blank line"),
            (responseText("Transfer-Encoding: chunked", body: "0\r\nX: a\r\n"), "no blank line behind the trailers"),
            ("HTTP/1.1 100 Continue\r\n\r\n", "an informational answer alone"),
        ].map { (text: String, name: String) in .init("cut short: \(name)", text, closes: true, .truncated) }
}
