import Gateway
import NIOCore
import NIOSSL
import Settings

/// Asks a proxy for a tunnel (`CONNECT`, RFC 9110 section 9.3.6), then lets TLS or the plain protocol take over.
final class ProxyTunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let target: UpstreamURL
    private let tls: NIOSSLClientHandler?
    private let ready: ConnectionReady
    private var parser = HTTP1ResponseParser(limits: HTTP1Limits())
    private var inbox = ByteBuffer()

    init(target: UpstreamURL, proxy: UpstreamURL?, tls: NIOSSLClientHandler?, ready: ConnectionReady) {
        self.target = target
        self.tls = tls
        self.ready = ready
        parser.expectTunnel()
    }

    func channelActive(context: ChannelHandlerContext) {
        let host = target.host.contains(":") ? "[\(target.host)]" : target.host
        let authority = "\(host):\(target.port)"
        let request = "CONNECT \(authority) HTTP/1.1\r\nhost: \(authority)\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: request)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        inbox.writeBuffer(&bytes)
        do throws(HTTP1Error) {
            while true {
                switch try parser.next(&inbox) {
                case .needMore: return
                case .informational: continue
                case .head(let head): return opened(status: head.status, context: context)
                case .body, .end: return fail(UpstreamConnector.Refusal.tunnelBroken, context: context)
                }
            }
        } catch {
            fail(UpstreamConnector.Refusal.tunnelBroken, context: context)
        }
    }

    private func opened(status: Int, context: ChannelHandlerContext) {
        guard status == 200, inbox.readableBytes == 0 else {
            return fail(UpstreamConnector.Refusal.proxy(status: status), context: context)
        }
        let pipeline = context.pipeline.syncOperations
        do {
            if let tls {
                try pipeline.addHandler(tls, position: .after(self))
                try pipeline.addHandler(HandshakeObserver(ready: ready), position: .after(tls))
            } else {
                ready.succeeded()
            }
            pipeline.removeHandler(self, promise: nil)
        } catch {
            fail(error, context: context)
        }
    }

    private func fail(_ error: any Error, context: ChannelHandlerContext) {
        ready.failed(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        ready.failed(UpstreamConnector.Refusal.tunnelBroken)
        context.fireChannelInactive()
    }
}
