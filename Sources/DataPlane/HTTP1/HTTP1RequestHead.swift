package import NIOCore

/// The methods of RFC 9110, and one for what is none of them.
package enum HTTPMethod: UInt8, Sendable {
    case get, head, post, put, patch, delete, options, connect, trace, other
}

/// A request's head: the fields the gateway acts on, as spans of its bytes; nil where the field is absent.
package struct HTTP1RequestHead: HTTP1Head, Equatable {
    package var bytes: ByteBuffer
    package var method = HTTPMethod.other
    /// The target as it came, path and query.
    package var target = HTTP1Span(0..<0)
    package var path = HTTP1Span(0..<0)
    /// Behind the `?`; nil: there is none.
    package var query: HTTP1Span?
    package var isVersion10 = false
    package var isKeepAlive = true
    package var body = HTTP1BodyFraming.none
    package var expectsContinue = false
    package var host: HTTP1Span?
    package var authorization: HTTP1Span?
    /// `x-api-key`
    package var apiKey: HTTP1Span?
    /// `x-goog-api-key`
    package var googleAPIKey: HTTP1Span?
    package var contentType: HTTP1Span?
    package var contentEncoding: HTTP1Span?
    /// `x-request-id`
    package var requestID: HTTP1Span?
    package var idempotencyKey: HTTP1Span?
    package var traceparent: HTTP1Span?
    /// `x-tokenrouter-tags`
    package var tags: HTTP1Span?
    /// `x-tokenrouter-session`
    package var session: HTTP1Span?
    /// `x-tokenrouter-no-cache`
    package var noCache: HTTP1Span?
    /// A field is there that is meant for vendors (`anthropic-version`, `anthropic-beta`, `openai-beta`): `value(of:)` tells.
    package var hasVendorFields = false
    /// `x-forwarded-for`; the last one where there are several.
    package var forwardedFor: HTTP1Span?

    init(bytes: ByteBuffer) {
        self.bytes = bytes
    }
}

extension HTTP1RequestHead {
    /// Reads and checks a whole head.
    init(reading bytes: ByteBuffer) throws(HTTP1Error) {
        self.init(bytes: bytes)
        try bytes.withUnsafeReadableBytes { text throws(HTTP1Error) in try read(text) }
    }

    private mutating func read(_ text: UnsafeRawBufferPointer) throws(HTTP1Error) {
        let first = HTTP1Bytes.firstLine(text)
        try readRequestLine(text, first)
        var framing = HTTP1Framing()
        var fields = HTTP1Fields(text, from: first.upperBound + 2)
        while let field = try fields.next() {
            if try framing.take(field, in: text) { continue }
            try take(field, in: text)
        }
        try framing.check()
        try conclude(framing)
    }

    private mutating func readRequestLine(_ text: UnsafeRawBufferPointer, _ line: Range<Int>) throws(HTTP1Error) {
        var at = line.lowerBound
        while at < line.upperBound, text[at] != 0x20 { at += 1 }
        let methodRange = line.lowerBound..<at
        guard at < line.upperBound else { throw .badRequestLine }
        guard HTTP1Bytes.isMethod(text, methodRange) else { throw .badMethod }
        method = Self.method(text, methodRange)
        let targetStart = at + 1
        at = targetStart
        while at < line.upperBound, text[at] != 0x20 { at += 1 }
        guard at < line.upperBound else { throw .badRequestLine }
        try readTarget(text, targetStart..<at)
        try readVersion(text, (at + 1)..<line.upperBound)
    }

    private mutating func readTarget(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) throws(HTTP1Error) {
        guard !range.isEmpty else { throw .badTarget }
        let isAsterisk = range.count == 1 && text[range.lowerBound] == UInt8(ascii: "*") && method == .options
        guard isAsterisk || text[range.lowerBound] == UInt8(ascii: "/"), method != .connect else { throw .badTarget }
        var mark: Int?
        for at in range {
            let byte = text[at]
            guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "#") else { throw .badTarget }
            if byte == UInt8(ascii: "?"), mark == nil { mark = at }
        }
        target = HTTP1Span(range)
        path = HTTP1Span(range.lowerBound..<(mark ?? range.upperBound))
        query = mark.map { HTTP1Span(($0 + 1)..<range.upperBound) }
    }

    private mutating func readVersion(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) throws(HTTP1Error) {
        guard range.count == 8, HTTP1Bytes.isVersion(text, range) else { throw .badVersion }
        switch (text[range.lowerBound + 5], text[range.lowerBound + 7]) {
        case (UInt8(ascii: "1"), UInt8(ascii: "1")): isVersion10 = false
        case (UInt8(ascii: "1"), UInt8(ascii: "0")): isVersion10 = true
        default: throw .unsupportedVersion
        }
    }

    /// Methods are told apart by case (RFC 9110, section 9.1); an unknown one is `other`.
    private static func method(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> HTTPMethod {
        func isWord(_ expected: StaticString) -> Bool { HTTP1Bytes.isExactly(text, range, expected) }
        if isWord("POST") { return .post }
        if isWord("GET") { return .get }
        if isWord("HEAD") { return .head }
        if isWord("PUT") { return .put }
        if isWord("PATCH") { return .patch }
        if isWord("DELETE") { return .delete }
        if isWord("OPTIONS") { return .options }
        if isWord("CONNECT") { return .connect }
        return isWord("TRACE") ? .trace : .other
    }

    private mutating func conclude(_ framing: HTTP1Framing) throws(HTTP1Error) {
        if framing.isChunked {
            if isVersion10 { throw .badTransferEncoding }
            body = .chunked
        } else if let length = framing.contentLength {
            body = .length(length)
        }
        isKeepAlive = framing.isKeepAlive(isVersion10: isVersion10)
        // HTTP/1.0 has no informational responses (RFC 9110, section 10.1.1).
        if isVersion10 { expectsContinue = false }
        if host == nil, !isVersion10 { throw .missingHost }
    }

    /// Keeps the field if the gateway acts on it. Told apart by length first, so most fields cost one comparison.
    private mutating func take(_ field: HTTP1Field, in text: UnsafeRawBufferPointer) throws(HTTP1Error) {
        func isNamed(_ name: StaticString) -> Bool { HTTP1Bytes.equals(text, field.name, name) }
        let span = HTTP1Span(field.value)
        switch field.name.count {
        case 4 where isNamed("host"):
            try Self.keep(span, in: &host)
            guard HTTP1Bytes.isHost(text, field.value) else { throw .badHost }
        case 6 where isNamed("expect"):
            guard !expectsContinue else { throw .duplicateHeader }
            guard HTTP1Bytes.equals(text, field.value, "100-continue") else { throw .badExpectation }
            expectsContinue = true
        case 9 where isNamed("x-api-key"): try Self.keep(span, in: &apiKey)
        case 11 where isNamed("openai-beta"): hasVendorFields = true
        case 11 where isNamed("traceparent"): try Self.keep(span, in: &traceparent)
        case 12 where isNamed("content-type"): try Self.keep(span, in: &contentType)
        case 12 where isNamed("x-request-id"): try Self.keep(span, in: &requestID)
        case 13 where isNamed("authorization"): try Self.keep(span, in: &authorization)
        case 14 where isNamed("anthropic-beta"): hasVendorFields = true
        case 14 where isNamed("x-goog-api-key"): try Self.keep(span, in: &googleAPIKey)
        case 15 where isNamed("idempotency-key"): try Self.keep(span, in: &idempotencyKey)
        case 15 where isNamed("x-forwarded-for"): forwardedFor = span
        case 16 where isNamed("content-encoding"): try Self.keep(span, in: &contentEncoding)
        case 17 where isNamed("anthropic-version"): hasVendorFields = true
        case 18 where isNamed("x-tokenrouter-tags"): try Self.keep(span, in: &tags)
        case 21 where isNamed("x-tokenrouter-session"): try Self.keep(span, in: &session)
        case 22 where isNamed("x-tokenrouter-no-cache"): try Self.keep(span, in: &noCache)
        default: break
        }
    }

    private static func keep(_ span: HTTP1Span, in place: inout HTTP1Span?) throws(HTTP1Error) {
        guard place == nil else { throw .duplicateHeader }
        place = span
    }
}

extension HTTP1Bytes {
    /// `HTTP/` digit `.` digit, in capitals.
    static func isVersion(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        let start = range.lowerBound
        guard range.count == 8, isExactly(bytes, start..<(start + 5), "HTTP/") else { return false }
        func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
        return isDigit(bytes[start + 5]) && bytes[start + 6] == UInt8(ascii: ".") && isDigit(bytes[start + 7])
    }

    /// A token without lower-case letters: one parser may fold case where another takes an unknown method.
    static func isMethod(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        guard isToken(bytes, range) else { return false }
        for at in range where bytes[at] &- UInt8(ascii: "a") < 26 { return false }
        return true
    }

    /// A name, or an address in brackets, then a port of up to five digits or none (RFC 9110, section 7.2): no user, path,
    /// space or comma. Empty is allowed, as it is there.
    static func isHost(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        var at = range.lowerBound
        if at < range.upperBound, bytes[at] == UInt8(ascii: "[") {
            at += 1
            let start = at
            while at < range.upperBound, isAddress(bytes[at]) { at += 1 }
            guard at > start, at < range.upperBound, bytes[at] == UInt8(ascii: "]") else { return false }
            at += 1
        } else {
            while at < range.upperBound, isRegisteredName(bytes[at]) { at += 1 }
            if at == range.lowerBound { return range.isEmpty }
        }
        guard at < range.upperBound else { return true }
        let port = (at + 1)..<range.upperBound
        guard bytes[at] == UInt8(ascii: ":"), port.count <= 5 else { return false }
        return port.isEmpty || (decimal(bytes, port) ?? .max) <= UInt16.max
    }

    private static func isRegisteredName(_ byte: UInt8) -> Bool {
        if (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 { return true }
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "%"): return true
        default: return false
        }
    }

    /// What an IPv6 address is made of, one with an IPv4 tail too.
    private static func isAddress(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 6 || byte &- UInt8(ascii: "0") < 11 || byte == UInt8(ascii: ".")
    }
}
