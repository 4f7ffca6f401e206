import Gateway
import NIOCore
import NIOHTTP2
import Settings

/// HTTP/2 on a client's connection: by prior knowledge, or by ALPN, after which the same preface comes (RFC 9113, 3.4).
enum HTTP2Pipeline {
    static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    /// What a connection's first bytes say.
    enum Verdict {
        case http2, http1, tooShort
    }

    static func verdict(on bytes: ByteBuffer) -> Verdict {
        bytes.withUnsafeReadableBytes { received in
            preface.withUTF8Buffer { expected in
                let length = min(received.count, expected.count)
                guard received.prefix(length).elementsEqual(expected.prefix(length)) else { return .http1 }
                return length == expected.count ? .http2 : .tooShort
            }
        }
    }

    /// Streams a client may have open at once on one connection; more are refused until one ends.
    private static let maximumStreams = 256

    /// Adds the HTTP/2 handlers behind `handler`, which then goes.
    static func install(after handler: HTTP1ClientHandler, context: ChannelHandlerContext, loop: DataLoop) throws {
        let box = NIOLoopBound(loop, eventLoop: loop.eventLoop)
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: maximumStreams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 64 * 1024),
            HTTP2Setting(parameter: .initialWindowSize, value: 1 << 20),
        ]
        let http2 = NIOHTTP2Handler(
            mode: .server, eventLoop: loop.eventLoop, connectionConfiguration: connection,
            streamConfiguration: NIOHTTP2Handler.StreamConfiguration()
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(HTTP2StreamHandler(loop: box.value))
            }
        }
        let pipeline = context.pipeline.syncOperations
        let watch = HTTP2ConnectionWatch(loop: loop)
        try pipeline.addHandler(http2, position: .after(handler))
        try pipeline.addHandler(watch, position: .after(http2))
    }
}

/// Closes an HTTP/2 connection that is idle, or that outlives its welcome while the gateway drains.
final class HTTP2ConnectionWatch: ChannelInboundHandler, SweptConnection {
    typealias InboundIn = HTTP2Frame

    private let loop: DataLoop
    private var context: ChannelHandlerContext?
    private var openStreams = 0
    private var lastActivity: Int64
    var listIndex = -1

    init(loop: DataLoop) {
        self.loop = loop
        lastActivity = loop.now
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        gone()
    }

    func channelInactive(context: ChannelHandlerContext) {
        gone()
        context.fireChannelInactive()
    }

    private func gone() {
        loop.remove(self)
        context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is NIOHTTP2StreamCreatedEvent: openStreams += 1
        case is StreamClosedEvent: openStreams -= 1
        default: break
        }
        lastActivity = loop.now
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func sweep(nowNanoseconds now: Int64, isDraining: Bool) {
        guard openStreams <= 0 else { return }
        if isDraining || now &- lastActivity > loop.shared.server.idleTimeout.nanoseconds { closeNow() }
    }

    func closeNow() {
        context?.close(promise: nil)
    }
}
