package import NIOCore

/// Takes one response after another out of an upstream's bytes. As strict as the request side.
package struct HTTP1ResponseParser: Sendable {
    package enum Event: Sendable {
        case needMore
        /// 100…199, save 101: the real answer follows.
        case informational(Int)
        case head(HTTP1ResponseHead)
        case body(ByteBuffer)
        case end
    }

    /// More informational responses than this before one answer are refused.
    private static let maximumInformational = 8

    private let limits: HTTP1Limits
    private var finder = HTTP1HeadFinder()
    private var body: HTTP1BodyReader?
    private var informational = 0
    private var isTunnel = false

    package init(limits: HTTP1Limits) {
        self.limits = limits
    }

    /// The next answer is to CONNECT.
    package mutating func expectTunnel() {
        isTunnel = true
    }

    package mutating func next(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> Event {
        guard body != nil else { return try readHead(&buffer) }
        switch try body?.next(&buffer) {
        case .data(let data): return .body(data)
        case .end:
            body = nil
            return .end
        case .needMore, nil: return .needMore
        }
    }

    /// The connection ended, and all its bytes were offered: `end` where that is what delimits the body, nil between two
    /// answers.
    ///
    /// - Throws: `truncated` within an answer.
    package mutating func connectionClosed() throws(HTTP1Error) -> Event? {
        guard let body else {
            guard !finder.hasBegun, informational == 0 else { throw .truncated }
            return nil
        }
        guard body.mayEnd else { throw .truncated }
        self.body = nil
        return .end
    }

    private mutating func readHead(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> Event {
        let limits = limits
        var finder = finder
        let length = try buffer.withUnsafeReadableBytes { bytes throws(HTTP1Error) in
            try finder.length(in: bytes, limits: limits)
        }
        self.finder = finder
        guard let length, let bytes = buffer.readSlice(length: length) else { return .needMore }
        let head = try HTTP1ResponseHead(reading: bytes, isTunnel: isTunnel)
        if head.status < 200 {
            guard head.status != 101 else { throw .unexpectedUpgrade }
            informational += 1
            guard informational <= Self.maximumInformational else { throw .tooManyInformational }
            return .informational(head.status)
        }
        informational = 0
        isTunnel = false
        body = HTTP1BodyReader(head.body)
        return .head(head)
    }
}
