package import NIOCore

/// Takes requests out of a client's bytes, one after another: a head, parts of its body, its end.
///
/// A strict subset of RFC 9112: whatever two parsers could read differently is refused. After an error the connection is
/// of no more use. The same events come however the bytes are cut; only a body's parts depend on it.
package struct HTTP1RequestParser: Sendable {
    package enum Event: Sendable {
        /// Nothing can be told before more bytes come.
        case needMore
        case head(HTTP1RequestHead)
        case body(ByteBuffer)
        /// The request is whole; the next one's bytes may follow.
        case end
    }

    private let limits: HTTP1Limits
    private var finder = HTTP1HeadFinder()
    /// nil: within a head, or before one.
    private var body: HTTP1BodyReader?

    package init(limits: HTTP1Limits) {
        self.limits = limits
    }

    /// Takes the next event's bytes from the front of `buffer`.
    ///
    /// While it answers `needMore`, the bytes stay and are to be offered again with more behind them.
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

    private mutating func readHead(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> Event {
        let limits = limits
        var finder = finder
        let length = try buffer.withUnsafeReadableBytes { bytes throws(HTTP1Error) in
            try finder.length(in: bytes, limits: limits)
        }
        self.finder = finder
        guard let length, let bytes = buffer.readSlice(length: length) else { return .needMore }
        let head = try HTTP1RequestHead(reading: bytes)
        body = HTTP1BodyReader(head.body)
        return .head(head)
    }
}
